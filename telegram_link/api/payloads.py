"""What the calls of Telegram answer."""

from __future__ import annotations

from typing import Any, Final, NotRequired, TypedDict

from accounts.models import User
from accounts.selectors.profile import instant_text
from starscal.core.api.openapi import Schema, schema_of
from telegram_link.models import TelegramLinkToken
from telegram_link.selectors.links import (
    State,
    TelegramState,
    is_only_way_in,
    token_state,
)
from telegram_link.selectors.membership import account_of
from telegram_link.services.tokens import Asked

INSTANT: Final[Schema] = {"format": "date-time"}
UUID: Final[Schema] = {"format": "uuid"}


class TelegramLinkAsked(TypedDict):
    """A link to the bot, good once and for ten minutes."""

    id: str
    url: str
    expires_at: str
    holder: NotRequired[str]


class TelegramLink(TypedDict):
    """What became of a link: whether it was opened and agreed to, and by whom."""

    id: str
    state: State
    name: str
    username: str
    expires_at: str


NOTES: Final[dict[str, str | Schema]] = {
    "id": UUID,
    "url": "Opens the bot in Telegram.",
    "expires_at": INSTANT,
    "holder": "To sign in: a secret that is given this once, and without which the code is of no "
    "use.",
    "state": "`opened`: whoever opened it said yes in the chat, and your confirmation lacks; "
    "`over` was confirmed, refused or is too old.",
    "name": "As Telegram tells it; of a link from `opened` on.",
    "username": "As Telegram tells it, without the sign in front; empty for whoever has none.",
    "linked_at": INSTANT,
    "subscribed": "Whether the person is a member of the channel.",
    "only_way_in": "Whether unlinking is refused, because the account has no confirmed address.",
}


def asked_payload(asked: Asked) -> TelegramLinkAsked:
    told: TelegramLinkAsked = {
        "id": str(asked.row.pk),
        "url": asked.url,
        "expires_at": instant_text(asked.row.expires_at),
    }
    if asked.holder:
        told["holder"] = asked.holder
    return told


def link_payload(token: TelegramLinkToken) -> TelegramLink:
    """Return what became of a link; whoever has not said yes stays unnamed."""
    agreed = token.agreed_at is not None
    return {
        "id": str(token.pk),
        "state": token_state(token=token),
        "name": token.opened_name if agreed else "",
        "username": token.opened_username if agreed else "",
        "expires_at": instant_text(token.expires_at),
    }


def telegram_payload(*, user: User) -> TelegramState:
    account = account_of(user=user)
    return {
        "linked": account is not None,
        "name": account.name if account else "",
        "username": account.username if account else "",
        "linked_at": instant_text(account.linked_at) if account else None,
        "subscribed": user.is_telegram_subscribed,
        "only_way_in": is_only_way_in(user=user),
    }


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schemas of Telegram (a hook of spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for kind in (TelegramLinkAsked, TelegramLink, TelegramState):
        schemas[kind.__name__] = schema_of(kind, NOTES)
    return result
