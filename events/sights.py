"""Which events can be seen from a place: the sky decides, as it does for their circumstances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from astronomy import provider
from astronomy.local_sky import place_rounded, place_sees
from astronomy.observer.place import Place
from astronomy.observer.sightings import Sighting
from astronomy.occurrence import Occurrence
from astronomy.timescales import days_from_datetime
from events.onthefly import range_refused
from events.stored_rows import ReadableEvent

Item: TypeAlias = "ReadableEvent | Occurrence"


def events_seen(*, place: Place | None, items: Sequence[Item]) -> list[bool]:
    """Return for each event, stored or computed, whether ``place`` sees it; without one, all.

    Errors: range.outside for stored events that the kernel does not reach.
    """
    if place is None:
        return [True] * len(items)
    sightings = [_sighting(item) for item in items]
    with range_refused():
        return place_sees(place=place_rounded(place), sightings=sightings)


def facts_seen(*, place: Place, facts: dict[str, Any]) -> bool:
    """Return whether ``place`` sees the event that a message of the log tells of.

    Raises: EphemerisRangeError outside the kernel; KeyError or ValueError for other facts.
    """
    begins, ends = (
        datetime.fromisoformat(facts[name]) if facts[name] else None
        for name in ("begins_at", "ends_at")
    )
    occurs = datetime.fromisoformat(facts["occurs_at"])
    sighting = Sighting(
        key=facts["key"],
        family=facts["family"],
        kind=facts["event_type"],
        bodies=tuple(facts["bodies"]),
        days=days_from_datetime(provider.ephemeris().timescale, occurs),
        begins_utc=begins,
        ends_utc=ends,
        details=facts["astronomical_data"],
    )
    return place_sees(place=place_rounded(place), sightings=[sighting])[0]


def _sighting(item: Item) -> Sighting:
    if isinstance(item, Occurrence):
        return Sighting.of(item)
    return Sighting(
        key=item.key,
        family=item.family,
        kind=item.event_type,
        bodies=tuple(item.bodies),
        days=days_from_datetime(provider.ephemeris().timescale, item.occurs_at),
        begins_utc=item.begins_at,
        ends_utc=item.ends_at,
        details=item.astronomical_data,
    )
