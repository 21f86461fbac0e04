"""What can go wrong when the Bot API is called; no error carries the address of a call."""

from __future__ import annotations


class BotApiError(Exception):
    """A call that did not succeed; ``description`` is what Telegram said, without secrets."""

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


class RetryAfter(BotApiError):  # noqa: N818 - says it as the Bot API does
    """Too many calls (429): none is to be made for so many seconds."""

    def __init__(self, description: str, seconds: int) -> None:
        super().__init__(description)
        self.seconds = seconds


class Forbidden(BotApiError):  # noqa: N818 - says it as the Bot API does
    """The chat does not want the bot (403): blocked, removed, or the person's account is gone."""


class BadRequest(BotApiError):  # noqa: N818 - says it as the Bot API does
    """The call itself is wrong (400, 413 and other 4xx): making it again would not help.

    ``migrated_to`` is the new number of a group that has become a supergroup, or 0.
    """

    def __init__(self, description: str, migrated_to: int = 0) -> None:
        super().__init__(description)
        self.migrated_to = migrated_to


class Unauthorized(BotApiError):  # noqa: N818 - says it as the Bot API does
    """The token is wrong or was revoked (401), or is not one, or this is no Bot API (404)."""


class Conflict(BotApiError):  # noqa: N818 - says it as the Bot API does
    """Updates are fetched elsewhere, by a webhook or another process (409)."""


class Trouble(BotApiError):  # noqa: N818 - says it as the Bot API does
    """Nothing is wrong with the call: no answer, none in time, 5xx, or none that makes sense.

    Whether the call took effect is not known.
    """
