"""What a browser keeps while it waits for Telegram: in a cookie that no script reads.

The server knows token and secret by their hashes alone, so the browser has to bring them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from telegram_link.services.tokens import LIFETIME, Asked

LINK: Final = "link"
SIGN_IN: Final = "sign_in"
LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A link that a browser asked for."""

    token_id: UUID
    url: str
    holder: str


def waiting_keep(response: HttpResponse, purpose: str, asked: Asked) -> None:
    """Have the browser keep what it asked for, as long as it is of use."""
    content = [asked.row.pk.hex, asked.url, asked.holder]
    response.set_cookie(
        name_of(purpose),
        signing.dumps(content, salt=salt_of(purpose)),
        max_age=int(LIFETIME.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def waiting_of(request: HttpRequest, purpose: str) -> Waiting | None:
    """Return what the browser asked for, if it did so within the last ten minutes."""
    value = request.COOKIES.get(name_of(purpose), "")
    try:
        token_id, url, holder = signing.loads(
            value[:LONGEST], salt=salt_of(purpose), max_age=LIFETIME
        )
        return Waiting(UUID(hex=token_id), url, holder)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def waiting_forget(response: HttpResponse, purpose: str) -> None:
    response.delete_cookie(
        name_of(purpose),
        samesite="Lax",
    )


def name_of(purpose: str) -> str:
    """Return the name of a cookie; where all are sent by TLS alone it says so, as others do."""
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}telegram_{purpose}"


def salt_of(purpose: str) -> str:
    return f"telegram_link.pages.{purpose}"
