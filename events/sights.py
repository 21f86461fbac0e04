"""Which events can be seen from a place: the sky decides, as it does for their circumstances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

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
