"""What the Bot API answers, as far as it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

COUNTED: Final = frozenset({"creator", "administrator", "member"})
ADMINISTRATORS: Final = frozenset({"creator", "administrator"})


@dataclass(frozen=True, slots=True)
class Bot:
    """Who the bot is."""

    id: int
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that is in the chat now."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Member:
    """What somebody is in a chat; ``is_member`` tells it of those who are restricted."""

    user_id: int
    status: str
    is_member: bool

    @property
    def counts(self) -> bool:
        """Say whether the person is in the chat."""
        return self.status in COUNTED or (self.status == "restricted" and self.is_member)

    @property
    def is_administrator(self) -> bool:
        return self.status in ADMINISTRATORS


@dataclass(frozen=True, slots=True)
class WebhookInfo:
    """Where Telegram delivers updates, how many wait, and what went wrong the last time."""

    url: str
    waiting: int
    last_error: str


def bot_of(found: Mapping[str, Any]) -> Bot:
    """Return the bot that ``getMe`` tells of."""
    return Bot(
        id=whole(found["id"]), username=text(found["username"]), name=text(found["first_name"])
    )


def sent_of(found: Mapping[str, Any]) -> Sent:
    """Return the message that a sending method tells of."""
    return Sent(chat_id=whole(found["chat"]["id"]), message_id=whole(found["message_id"]))


def member_of(found: Mapping[str, Any]) -> Member:
    """Return the member that ``getChatMember`` tells of."""
    status = text(found["status"])
    return Member(
        user_id=whole(found["user"]["id"]),
        status=status,
        is_member=status in COUNTED or found.get("is_member") is True,
    )


def webhook_of(found: Mapping[str, Any]) -> WebhookInfo:
    """Return what ``getWebhookInfo`` tells."""
    return WebhookInfo(
        url=text(found["url"]),
        waiting=whole(found["pending_update_count"]),
        last_error=text(found.get("last_error_message", "")),
    )


def whole(value: object) -> int:
    """Return a whole number, or raise TypeError."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number is expected")
    return value


def text(value: object) -> str:
    """Return a text, or raise TypeError."""
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return value
