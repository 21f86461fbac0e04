"""The methods of the Bot API that are used, with typed results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Self, TypeVar

from starscal.core.metrics import telegram_calls_total
from telegram_link.client.errors import BotApiError, Trouble
from telegram_link.client.types import (
    Bot,
    Member,
    Sent,
    WebhookInfo,
    bot_of,
    member_of,
    sent_of,
    webhook_of,
)
from telegram_link.client.wire import TIMEOUT_S, Wire

LONGEST_POLL_S: Final = 50

T = TypeVar("T")


class BotApi:
    """The Bot API as one bot may call it, from any number of threads.

    Every method raises a BotApiError, and no other exception, when it does not succeed.
    """

    def __init__(self, *, token: str, base: str) -> None:
        self.base = base
        self._wire = Wire(token, base)

    def __repr__(self) -> str:
        return f"<BotApi at {self.base}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._wire.close()

    def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        photo: bytes | None = None,
        patience_s: float = TIMEOUT_S,
    ) -> Any:
        """Call any method and return its result as it came; what is None is not sent."""
        outcome = "ok"
        try:
            return self._wire.call(method, parameters or {}, photo, patience_s)
        except BotApiError as error:
            outcome = type(error).__name__
            raise
        finally:
            telegram_calls_total.labels(method, outcome).inc()

    def send(
        self, method: str, parameters: Mapping[str, Any], photo: bytes | None = None
    ) -> Sent | None:
        """Call a method that sends, edits or answers; None where it tells of no message."""
        result = self.call(method, parameters, photo)
        return None if result is True else _shaped(sent_of, result)

    def get_me(self) -> Bot:
        return _shaped(bot_of, self.call("getMe"))

    def get_updates(
        self,
        *,
        offset: int,
        timeout_s: int = LONGEST_POLL_S,
        limit: int = 100,
        allowed_updates: Sequence[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Return the updates from ``offset`` on; those before it are forgotten by Telegram."""
        given = {
            "offset": offset,
            "timeout": timeout_s,
            "limit": limit,
            "allowed_updates": allowed_updates,
        }
        return _shaped(_updates, self.call("getUpdates", given, patience_s=timeout_s + TIMEOUT_S))

    def set_webhook(
        self,
        *,
        url: str,
        secret_token: str,
        allowed_updates: Sequence[str],
        max_connections: int = 40,
    ) -> None:
        self.call(
            "setWebhook",
            {
                "url": url,
                "secret_token": secret_token,
                "allowed_updates": allowed_updates,
                "max_connections": max_connections,
            },
        )

    def delete_webhook(self) -> None:
        self.call("deleteWebhook")

    def get_webhook_info(self) -> WebhookInfo:
        return _shaped(webhook_of, self.call("getWebhookInfo"))

    def get_chat_member(self, *, chat_id: int | str, user_id: int) -> Member:
        given = {"chat_id": chat_id, "user_id": user_id}
        return _shaped(member_of, self.call("getChatMember", given))

    def set_my_commands(
        self,
        *,
        commands: Sequence[Mapping[str, str]],
        language_code: str = "",
        scope: Mapping[str, Any] | None = None,
    ) -> None:
        """Set the menu; without a code it is for everyone whose language has none of its own."""
        given = {"commands": commands, "language_code": language_code or None, "scope": scope}
        self.call("setMyCommands", given)


def _shaped(shape: Callable[[Any], T], result: Any) -> T:
    """Return a result in its type; what has another shape is no answer."""
    try:
        return shape(result)
    except (KeyError, TypeError, AttributeError):
        raise Trouble("The result has another shape than it should.") from None


def _updates(found: Any) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise TypeError("a list of updates is expected")
    return found
