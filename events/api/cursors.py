"""Cursors between the pages of a list: signed, opaque, bound to filters and range."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from events.pages import Place
from events.windows import Span
from starscal.core.exceptions import ApplicationError, ErrorCode

SALT: Final = "events.api.page"
LONGEST: Final = 600


@dataclass(frozen=True, slots=True)
class PageCursor:
    """A place, the direction to read in, the span of the list, and a digest of its filters."""

    place: Place
    backwards: bool
    span: Span
    digest: str


def cursor_write(cursor: PageCursor) -> str:
    """Return the cursor as text that only this service can make."""
    # Without a timestamp, so that the same page has the same cursors and the same ETag.
    return signing.Signer(salt=SALT).sign_object(
        [
            cursor.place.at.isoformat(),
            cursor.place.id.hex,
            int(cursor.backwards),
            cursor.span.start.isoformat(),
            cursor.span.end.isoformat(),
            cursor.digest,
        ]
    )


def cursor_read(text: str, *, digest: str) -> PageCursor:
    """Return the cursor of a list with these filters. Errors: cursor.invalid."""
    try:
        at, number, backwards, start, end, bound = _loaded(text)
    except signing.BadSignature:
        raise _invalid() from None
    if bound != digest:
        raise _invalid()
    return PageCursor(
        place=Place(datetime.fromisoformat(at), UUID(number)),
        backwards=bool(backwards),
        span=Span(datetime.fromisoformat(start), datetime.fromisoformat(end)),
        digest=bound,
    )


def _loaded(text: str) -> list[Any]:
    if len(text) > LONGEST or not text.isascii():
        raise signing.BadSignature("too long, or not ours")
    loaded: list[Any] = signing.Signer(salt=SALT).unsign_object(text)
    return loaded


def _invalid() -> ApplicationError:
    return ApplicationError(
        ErrorCode.CURSOR_INVALID,
        _(
            "This cursor does not belong to this list. Use it as it was given, together with the "
            "same filters, start and end."
        ),
        pointer="cursor",
    )
