"""Read events for the pages of the site."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from events.models import NOTABLE, Event

AFTERGLOW = timedelta(hours=1)  # an event stays on the page this long after its instant
LONGEST = timedelta(hours=24)  # no event lasts longer after its instant; keeps to the time index


def events_upcoming(*, at: datetime, limit: int) -> list[Event]:
    """Return the public events that come next, those still going on first.

    Only what is seen without looking for it: of the 2,500 events of a year 90 are.
    """
    rows = Event.objects.public().significant(NOTABLE).filter(occurs_at__gte=at - LONGEST)
    current = Q(occurs_at__gte=at - AFTERGLOW) | Q(ends_at__gt=at)
    return list(rows.filter(current).in_time_order()[:limit])
