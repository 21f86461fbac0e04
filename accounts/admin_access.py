"""Admin of what people are signed in with: to look at, and to end."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.browsers import device_shown
from accounts.models import ApiKey, Session, User
from accounts.services.administration import api_key_end, session_end
from starscal.core import clock
from starscal.core.admin_shared import ReadOnlyAdmin, time_shown
from starscal.core.formats import minute_text

LAST_USED = time_shown("last_used_at", _("last used"), written=minute_text)
EXPIRES = time_shown("expires_at", _("expires"), written=minute_text)
ENDED = time_shown("revoked_at", _("ended"), written=minute_text)
CREATED = time_shown("created_at", _("created"), written=minute_text)
OPEN, OVER = "open", "over"


class OpenFilter(admin.SimpleListFilter):
    """What still lets in, or what does not any more."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(OPEN, _("active")), (OVER, _("ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        over = Q(revoked_at__isnull=False) | Q(expires_at__lte=clock.now())
        if self.value() == OPEN:
            # Not exclude(): a key without an end has no time to compare.
            lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
            return queryset.filter(lasting, revoked_at__isnull=True)
        return queryset.filter(over) if self.value() == OVER else queryset


@admin.display(description=_("status"))
def status_shown(row: Session | ApiKey) -> str:
    if row.revoked_at is not None:
        return gettext("ended")
    if row.expires_at is not None and row.expires_at <= clock.now():
        return gettext("expired")
    return gettext("active")


@admin.display(description=_("device"))
def device_named(session: Session) -> str:
    return device_shown(session.device)


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin[Session]):
    list_display = ("user", device_named, "kind", LAST_USED, CREATED, status_shown)
    list_filter = (OpenFilter, "kind")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__email")
    search_help_text = _("Username or e-mail address")
    ordering = ("-last_used_at",)
    actions = ("end_chosen",)

    def get_fields(self, request: HttpRequest, obj: Session | None = None) -> Any:
        times = (CREATED, LAST_USED, EXPIRES, ENDED)
        return ("user", "kind", "device", status_shown, *times, "revoked_reason")

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_session")

    @admin.action(description=_("End the chosen sessions"), permissions=["end"])
    def end_chosen(self, request: HttpRequest, chosen: QuerySet[Session]) -> None:
        actor = cast("User", request.user)
        pks = list(chosen.values_list("pk", flat=True))
        ended = sum(session_end(actor=actor, session_id=pk) for pk in pks)
        told = ngettext("%(count)d session is ended.", "%(count)d sessions are ended.", ended)
        messages.success(request, told % {"count": ended})


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin[ApiKey]):
    list_display = ("prefix", "user", "name", "scopes", LAST_USED, CREATED, status_shown)
    list_filter = (OpenFilter,)
    list_select_related = ("user",)
    search_fields = ("prefix__startswith", "user__username", "user__email")
    ordering = ("-created_at",)
    actions = ("end_chosen",)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        times = (CREATED, LAST_USED, EXPIRES, ENDED)
        return ("name", "prefix", "user", "scopes", "daily_quota", status_shown, *times)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_apikey")

    @admin.action(description=_("End the chosen keys"), permissions=["end"])
    def end_chosen(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        actor = cast("User", request.user)
        pks = list(chosen.values_list("pk", flat=True))
        ended = sum(api_key_end(actor=actor, key_id=pk) for pk in pks)
        told = ngettext("%(count)d key is ended.", "%(count)d keys are ended.", ended)
        messages.success(request, told % {"count": ended})
