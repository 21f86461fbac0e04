"""Admin of accounts."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin_access import CREATED, ApiKeyAdmin, SessionAdmin
from accounts.models import User
from accounts.permission_words import PermissionsField
from accounts.services.activation import user_deactivate, user_reopen
from accounts.services.administration import (
    RIGHTS,
    group_delete,
    group_edit_record,
    group_state,
    user_edit_record,
    user_password_record,
    users_delete,
)
from accounts.services.second_factor import second_factor_reset
from starscal.core.admin_shared import AnyLanguageAdmin, EstimatedPaginator

__all__ = ["ApiKeyAdmin", "GroupAdmin", "SessionAdmin", "UserAdmin"]

# django-otp shows the secrets of devices to whoever may see its rows.
admin.site.unregister(TOTPDevice)
admin.site.unregister(Group)


class UserEditForm(UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"


class UserAddForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("username",)


@admin.register(User)
class UserAdmin(AnyLanguageAdmin[User], DjangoUserAdmin[User]):
    """Only superusers hand out rights and touch the accounts of staff.

    Whoever could set the password of a colleague would have the colleague's rights.
    """

    form = UserEditForm
    add_form = UserAddForm
    list_display = ("username", "email", "is_staff", "is_active", CREATED)
    list_filter = (
        "is_staff",
        "is_active",
        ("groups", admin.RelatedOnlyFieldListFilter),
        "language",
    )
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    paginator = EstimatedPaginator
    search_fields = ("username", "email", "display_name")
    ordering = ("username",)
    dates = ("email_verified_at", "created_at", "updated_at", "last_login", "delete_after")
    telegram = ("telegram_number", "telegram_member")
    readonly_fields = (*telegram, *dates)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("display_name", "email", "language", "timezone")}),
        (_("Place"), {"fields": ("latitude_deg", "longitude_deg", "elevation_m")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Telegram", {"fields": telegram}),
        (_("Dates"), {"fields": dates}),
    )
    rights = ("is_staff", "is_superuser", "groups")
    actions = ("second_factor_take",)
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if is_owner(request) else (*fixed, *self.rights)

    @admin.display(description=_("Telegram number"))
    def telegram_number(self, user: User) -> str:
        return str(user.telegram_user_id or admin.site.empty_value_display)

    @admin.display(description=_("member of the channel"), boolean=True)
    def telegram_member(self, user: User) -> bool:
        return user.is_telegram_subscribed

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_touch(request, obj) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save; whom staff close out loses all sessions at once, and who is let in again stays."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        obj.save(update_fields=columns_changed(form))  # what changed beside this stays as it is
        if "is_active" in form.changed_data:
            settle = user_reopen if obj.is_active else user_deactivate
            settle(user=obj, actor=actor_of(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        user_edit_record(
            actor=actor_of(request),
            user=form.instance,
            created=not change,
            fields=form.changed_data,
            rights=rights_changed(form),
        )

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        users_delete(actor=actor_of(request), users=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        users_delete(actor=actor_of(request), users=queryset)

    @transaction.atomic  # no session outlives the password it began with
    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - as Django names it
        form_url: str = "",
    ) -> HttpResponse:
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            user_password_record(actor=actor_of(request), user=User.objects.get(pk=id))
        return answer

    # Django's own log keeps the names of people for ever; the audit trail stands in for it.

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[User]) -> Any:
        return None

    def has_owner_permission(self, request: HttpRequest) -> bool:
        return is_owner(request)

    @admin.action(description=_("Take the second factor away"), permissions=["owner"])
    def second_factor_take(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        for pk in chosen.values_list("pk", flat=True):
            second_factor_reset(user_id=pk, actor=actor_of(request))
        messages.success(request, _("The next sign-in sets up a new device."))


@admin.register(Group)
class GroupAdmin(AnyLanguageAdmin[Group], DjangoGroupAdmin):
    """Whoever may change a group can give its members any right: superusers alone."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_owner(request)

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        if db_field.name == "permissions":
            kwargs["form_class"] = PermissionsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return is_owner(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_owner(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return is_owner(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return is_owner(request)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = group_state(form.instance) | ({"name": form.initial["name"]} if change else {})
        super().save_related(request, form, formsets, change)
        group_edit_record(
            actor=actor_of(request), group=form.instance, before=before if change else {}
        )

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        group_delete(actor=actor_of(request), group=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        for group in queryset:
            group_delete(actor=actor_of(request), group=group)


def actor_of(request: HttpRequest) -> User:
    return cast("User", request.user)


def rights_changed(form: Any) -> dict[str, list[Any]]:
    """Return the rights that a form changes: what they were, what they are."""
    return {
        name: [right_shown(form.initial.get(name)), right_shown(form.cleaned_data[name])]
        for name in RIGHTS
        if name in form.changed_data
    }


def columns_changed(form: Any) -> set[str]:
    """Return the columns that a form of an account changes."""
    columns = {field.name for field in User._meta.concrete_fields} & set(form.changed_data)
    return columns | {"username_folded"} if "username" in columns else columns


def right_shown(value: Any) -> Any:
    """Return a right as the trail keeps it: groups by their names."""
    if isinstance(value, bool) or value is None:
        return value
    return sorted(group.name for group in value)


def is_owner(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_superuser


def may_touch(request: HttpRequest, user: User | None) -> bool:
    return is_owner(request) or user is None or not (user.is_staff or user.is_superuser)
