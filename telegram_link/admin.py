"""Admin of Telegram: chats, accounts, the queue and updates, to look at; texts stay unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import User
from starscal.core import clock
from starscal.core.admin_shared import ReadOnlyAdmin, native_name, time_shown
from starscal.core.formats import minute_text
from telegram_link.admin_filters import (
    DEAD,
    STATES,
    WAITING,
    MemberFilter,
    ReachedFilter,
    StateFilter,
)
from telegram_link.admin_filters import DONE as DONE_STATE
from telegram_link.admin_traffic import traffic_shown
from telegram_link.models import Notification, TelegramAccount, TelegramChat, TelegramUpdate
from telegram_link.services.administration import (
    RIGHT,
    RIGHT_TO_UPDATES,
    notifications_drop,
    notifications_retry,
    updates_retry,
)

M = TypeVar("M", bound=Model)
DIGITS: Final = 19  # of the longest number of a chat
BY_NAME: Final = _("The number of a chat, or a part of a name.")
BY_KEY: Final = _("The number of a chat, or the beginning of a key.")
PAGE: Final = "admin/telegram_link/notification/traffic.html"


def moment(field: str, description: Any) -> Callable[[Any], str]:
    return time_shown(field, description, written=minute_text)


DUE, SETTLED = moment("due_at", _("due")), moment("settled_at", _("settled"))
CREATED, SEEN = moment("created_at", _("created")), moment("seen_at", _("last heard of"))
BLOCKED = moment("blocked_at", _("blocked the bot"))
STOPPED = moment("stopped_at", _("stopped the bot"))
NEXT_DIGEST = moment("digest_due_at", _("next digest"))
TOLD = moment("member_checked_at", _("membership told"))
ASKED = moment("member_tried_at", _("membership asked"))
LINKED = moment("linked_at", _("linked"))
RECEIVED, DONE = moment("received_at", _("received")), moment("done_at", _("settled"))


def filter_parameter(listed: Any) -> str:
    """Return the parameter of an address that belongs to an entry of ``list_filter``."""
    field = listed[0] if isinstance(listed, tuple) else listed
    return str(getattr(field, "parameter_name", field))


class NumberedAdmin(ReadOnlyAdmin[M]):
    """Rows that are also found by a whole number, such as that of a chat."""

    numbers: tuple[str, ...] = ()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Let an address narrow by the filters alone: what pages hide, it could else ask out."""
        asked = lookup.removesuffix("__exact")
        return asked in {filter_parameter(each) for each in self.list_filter}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        found, repeats = super().get_search_results(request, queryset, search_term)
        digits = search_term.strip().removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) <= DIGITS:
            for name in self.numbers:
                found |= queryset.filter(**{name: int(search_term)})
        return found, repeats


@admin.register(TelegramChat)
class TelegramChatAdmin(NumberedAdmin[TelegramChat]):
    list_display = ("id", "kind", "title", "language_shown", "digest", BLOCKED, STOPPED, SEEN)
    list_filter = (ReachedFilter, "kind", "digest")
    search_fields = ("title", "username")
    search_help_text = BY_NAME
    numbers = ("pk",)
    ordering = ("-seen_at", "pk")

    def get_fields(self, request: HttpRequest, obj: TelegramChat | None = None) -> Any:
        wishes = ("language_shown", "timezone", "calendar", "quiet_from", "quiet_until")
        digest = ("digest", "digest_hour", "digest_weekday", NEXT_DIGEST)
        times = (BLOCKED, STOPPED, CREATED, SEEN)
        return ("id", "kind", "title", "username", *wishes, *digest, *times)

    @admin.display(description=_("language"))
    def language_shown(self, row: TelegramChat) -> str:
        return native_name(row.language) if row.language else admin.site.empty_value_display


@admin.register(TelegramAccount)
class TelegramAccountAdmin(NumberedAdmin[TelegramAccount]):
    list_display = ("telegram_user_id", "user", "name", "username", "membership", TOLD, LINKED)
    list_filter = (("user__is_telegram_subscribed", MemberFilter),)
    list_select_related = ("user",)
    search_fields = ("user__username", "name", "username")
    search_help_text = BY_NAME
    numbers = ("telegram_user_id",)
    ordering = ("-linked_at", "pk")

    def get_fields(self, request: HttpRequest, obj: TelegramAccount | None = None) -> Any:
        who = ("telegram_user_id", "user", "chat_number", "name", "username")
        return (*who, "membership", TOLD, ASKED, LINKED)

    @admin.display(description=_("chat number"))
    def chat_number(self, row: TelegramAccount) -> str:
        return str(row.chat_id)


@admin.register(Notification)
class NotificationAdmin(NumberedAdmin[Notification]):
    """The queue. What a message says is between the bot and the chat."""

    list_display = ("key", "chat_number", "kind", "status", "tries", DUE, SETTLED, "reason")
    list_filter = ("status", "kind")
    search_fields = ("key__startswith",)
    search_help_text = BY_KEY
    numbers = ("chat_id",)
    ordering = ("-pk",)
    actions = ("retry_chosen", "drop_chosen")
    change_list_template = "admin/telegram_link/notification/change_list.html"

    def get_fields(self, request: HttpRequest, obj: Notification | None = None) -> Any:
        what = ("key", "chat_number", "kind", "priority", "status", "tries", "reason")
        return (*what, CREATED, DUE, SETTLED)

    @admin.display(description=_("chat number"), ordering="chat_id")
    def chat_number(self, row: Notification) -> str:
        return str(row.chat_id)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.traffic_view))
        return [path("traffic/", view, name="telegram_traffic"), *super().get_urls()]

    def traffic_view(self, request: HttpRequest) -> HttpResponse:
        """Show what waits, what went out and what failed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        context = {**shared, "title": _("Telegram"), **traffic_shown(at=clock.now())}
        return TemplateResponse(request, PAGE, context)

    def has_handle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    @admin.action(description=_("Send the failed ones again"), permissions=["handle"])
    def retry_chosen(self, request: HttpRequest, chosen: QuerySet[Notification]) -> None:
        count = notifications_retry(actor=actor_of(request), ids=ids_of(chosen))
        told = ngettext("%(count)d message waits again.", "%(count)d messages wait again.", count)
        messages.success(request, told % {"count": count})

    @admin.action(description=_("Take out of the queue"), permissions=["handle"])
    def drop_chosen(self, request: HttpRequest, chosen: QuerySet[Notification]) -> None:
        count = notifications_drop(actor=actor_of(request), ids=ids_of(chosen))
        told = ngettext(
            "%(count)d message will not be sent.", "%(count)d messages will not be sent.", count
        )
        messages.success(request, told % {"count": count})


@admin.register(TelegramUpdate)
class TelegramUpdateAdmin(NumberedAdmin[TelegramUpdate]):
    list_display = ("id", "chat_id", "state_shown", "tries", RECEIVED, DONE)
    list_filter = (StateFilter,)
    search_fields = ("outcome__exact",)
    search_help_text = _("The number of a chat or of an update.")
    numbers = ("pk", "chat_id")
    ordering = ("-received_at", "-pk")
    actions = ("retry_chosen",)

    def get_fields(self, request: HttpRequest, obj: TelegramUpdate | None = None) -> Any:
        return ("id", "chat_id", "state_shown", "outcome", "tries", RECEIVED, DONE)

    @admin.display(description=_("status"))
    def state_shown(self, row: TelegramUpdate) -> str:
        state = DEAD if row.outcome == DEAD else WAITING if row.done_at is None else DONE_STATE
        return str(STATES[state][0])

    def has_handle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT_TO_UPDATES)

    @admin.action(description=_("Work the failed ones again"), permissions=["handle"])
    def retry_chosen(self, request: HttpRequest, chosen: QuerySet[TelegramUpdate]) -> None:
        count = updates_retry(actor=actor_of(request), ids=ids_of(chosen))
        told = ngettext("%(count)d update waits again.", "%(count)d updates wait again.", count)
        messages.success(request, told % {"count": count})


def actor_of(request: HttpRequest) -> User:
    return cast("User", request.user)


def ids_of(chosen: QuerySet[Any]) -> list[int]:
    return list(chosen.values_list("pk", flat=True))
