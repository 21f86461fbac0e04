"""Events that are a whole day of a calendar, wherever the reader is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from events.stored_rows import ReadableEvent

# They begin at an instant; which day they are kept on is for each place to say.
TITHIS: Final = frozenset({"ekadashi", "purnima", "amavasya"})


def all_day(event: ReadableEvent) -> date | None:
    """Return the day that an event is, or None where it is an instant or a span."""
    day = event.astronomical_data.get("civil_date")
    if day is None or event.event_type in TITHIS:
        return None
    return date.fromisoformat(day)
