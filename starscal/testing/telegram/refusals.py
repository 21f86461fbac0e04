"""Refusals in the words of the Bot API."""

from __future__ import annotations

from typing import Any

NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    502: "Bad Gateway",
}


class Refusal(Exception):  # noqa: N818 - it is an answer, not a mistake of the double
    """What a method answers when it does not do what it was asked."""

    def __init__(self, code: int, told: str = "", **parameters: Any) -> None:
        super().__init__(told)
        self.code = code
        self.description = f"{NAMES[code]}: {told}" if told else NAMES[code]
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the answer."""
        said = {"ok": False, "error_code": self.code, "description": self.description}
        return {**said, "parameters": self.parameters} if self.parameters else said


def bad(told: str) -> Refusal:
    """Return a refusal with the code 400."""
    return Refusal(400, told)


def forbidden(told: str) -> Refusal:
    """Return a refusal with the code 403."""
    return Refusal(403, told)


def too_many(seconds: float) -> Refusal:
    """Return a refusal with the code 429 and how long to wait."""
    whole = max(1, -int(-seconds // 1))
    return Refusal(429, f"retry after {whole}", retry_after=whole)
