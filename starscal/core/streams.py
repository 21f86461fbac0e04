"""Open the streams of the log."""

from __future__ import annotations

from starscal.core.models import Stream
from starscal.core.selectors import Cursor, stream_cursor


def stream_open(*, name: str) -> Cursor:
    """Return the newest place of a stream, opening the stream if it never was.

    Changes: one Stream, at most once in its life. Announces nothing. Idempotent.
    """
    found = stream_cursor(name=name)
    if found is None:
        Stream.objects.bulk_create([Stream(name=name)], ignore_conflicts=True)
        found = stream_cursor(name=name)
    if found is None:
        raise LookupError(f"The stream {name} cannot be opened.")
    return found
