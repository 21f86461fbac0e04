"""Open and forget the streams of the log."""

from __future__ import annotations

from django.db import transaction

from starscal.core.models import OutboxMessage, Stream
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


@transaction.atomic
def stream_forget(*, name: str) -> int:
    """Remove a stream with everything that was said in it; return how many messages went.

    Changes: rows of OutboxMessage, the Stream. Announces nothing. Idempotent. Locks: the stream's
    row; the caller holds that of its owner, as all who append to it do, so that nobody appends to
    what is going. A stream of the same name that is opened later has another epoch.
    """
    if Stream.objects.select_for_update().filter(pk=name).first() is None:
        return 0
    removed, _kinds = OutboxMessage.objects.filter(stream_id=name).delete()
    Stream.objects.filter(pk=name).delete()
    return removed
