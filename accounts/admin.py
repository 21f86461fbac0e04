"""Admin of accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User

# django-otp shows the secrets of devices to whoever may see its rows.
admin.site.unregister(TOTPDevice)


class UserEditForm(UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"


class UserAddForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("username",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Only superusers hand out rights and touch the accounts of staff.

    Whoever could set the password of a colleague would have the colleague's rights.
    """

    form = UserEditForm
    add_form = UserAddForm
    list_display = ("username", "email", "language", "is_staff", "is_active", "created_at")
    list_filter = ("is_staff", "is_active", "language")
    search_fields = ("username", "email", "display_name")
    ordering = ("username",)
    readonly_fields = ("created_at", "updated_at", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("display_name", "email", "language", "timezone")}),
        (_("Place"), {"fields": ("latitude_deg", "longitude_deg", "elevation_m")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("created_at", "updated_at", "last_login")}),
    )
    rights = ("is_staff", "is_superuser", "groups")
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

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_touch(request, obj) and super().has_delete_permission(request, obj)


def is_owner(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_superuser


def may_touch(request: HttpRequest, user: User | None) -> bool:
    return is_owner(request) or user is None or not (user.is_staff or user.is_superuser)
