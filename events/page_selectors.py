"""Read events for the pages of the site."""

from __future__ import annotations

from datetime import datetime, timedelta

from events.models import NOTABLE, Event

AFTERGLOW = timedelta(hours=1)  # an event stays on the page this long after its instant


def events_upcoming(*, at: datetime, limit: int) -> list[Event]:
    """Return the public events that come next, those still going on first.

    Only what is seen without looking for it: of the 2,500 events of a year 90 are.
    """
    rows = Event.objects.public().significant(NOTABLE).in_time_order()
    since = at - AFTERGLOW
    lasting = rows.filter(occurs_at__lt=since, ends_at__gt=at)  # apart: each has an index
    return [*lasting[:limit], *rows.filter(occurs_at__gte=since)[:limit]][:limit]
