"""Which events a reader wants."""

from __future__ import annotations

from accounts.models import User
from events.filters import EventFilter
from events.kinds import EVENT_FAMILIES


def events_wanted(user: User | None) -> EventFilter:
    """Return the filter of a linked person who consented to it; of everybody else everything."""
    wishes = user.spiritual_preferences if user else {}
    if not wishes.get("consent"):
        return EventFilter()
    families = tuple(name for name in wishes.get("families", ()) if name in EVENT_FAMILIES)
    return EventFilter(families=families, min_significance=wishes.get("min_significance", 1))
