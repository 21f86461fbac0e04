"""Admin of what people are signed in with: to look at, and to end."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import ApiKey, Session, User
from accounts.services.administration import api_key_end, session_end
from starscal.core.admin import ReadOnlyAdmin, time_shown

LAST_USED = time_shown("last_used_at", _("last used"))
EXPIRES = time_shown("expires_at", _("expires"))
ENDED = time_shown("revoked_at", _("ended"))
CREATED = time_shown("created_at", _("created"))


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin[Session]):
    list_display = ("user", "kind", "device", CREATED, LAST_USED, EXPIRES, ENDED, "revoked_reason")
    list_filter = ("kind", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__username", "user__email")
    ordering = ("-last_used_at",)
    actions = ("end_chosen",)

    def get_fields(self, request: HttpRequest, obj: Session | None = None) -> Any:
        return self.list_display

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
    list_display = ("prefix", "user", "scopes", "daily_quota", CREATED, LAST_USED, EXPIRES, ENDED)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("prefix__startswith", "user__username", "user__email")
    ordering = ("-created_at",)
    actions = ("end_chosen",)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return ("name", *self.list_display)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_apikey")

    @admin.action(description=_("End the chosen keys"), permissions=["end"])
    def end_chosen(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        actor = cast("User", request.user)
        pks = list(chosen.values_list("pk", flat=True))
        ended = sum(api_key_end(actor=actor, key_id=pk) for pk in pks)
        told = ngettext("%(count)d key is ended.", "%(count)d keys are ended.", ended)
        messages.success(request, told % {"count": ended})
