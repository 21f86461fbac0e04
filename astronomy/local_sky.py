"""The sky of a place for this process: kept by month, computed from the one sky it has."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from astronomy import provider
from astronomy.finders.window import supported_span
from astronomy.limits import require_moments
from astronomy.observer.days import BodyDay, body_days
from astronomy.observer.events import SkyEvent, find_sky_events
from astronomy.observer.moon import MoonAspect, moon_aspects
from astronomy.observer.place import Place
from astronomy.observer.screening import visible_among
from astronomy.observer.sightings import Sighting
from astronomy.observer.visibility import LocalView, local_view

KEPT_MONTHS: Final = 1000  # of one body at one place each; at most 40 MB
KEPT_CIRCUMSTANCES: Final = 500
KEPT_SEEN: Final = 20_000  # events at a place each; about 5 MB
_PLACE_DIGITS: Final = 3  # 111 metres
_DECEMBER: Final = 12
_TICK: Final = timedelta(microseconds=1)  # a day that a zone left out is empty


class Month(NamedTuple):
    """A calendar month in UTC."""

    year: int
    month: int

    @property
    def start(self) -> datetime:
        """Return the first instant of the month."""
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    @property
    def following(self) -> Month:
        """Return the month after this one."""
        if self.month == _DECEMBER:
            return Month(self.year + 1, 1)
        return Month(self.year, self.month + 1)


class MonthCache:
    """The events of the places and months asked for last, at most ``limit`` of them.

    They depend on nothing but the engine, so that an entry never goes stale. Safe for threads:
    two that miss at once compute twice, and get the same.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: OrderedDict[tuple[Place, str, Month], tuple[SkyEvent, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def events(
        self, place: Place, bodies: Collection[str], start: datetime, end: datetime
    ) -> list[SkyEvent]:
        """Return what ``bodies`` do in ``[start, end)``, ordered by body and then by time.

        What is missing is computed in one run, because a year costs little more than a month.
        """
        months = _months(start, end)
        found: list[SkyEvent] = []
        for body in bodies:
            found.extend(self._body_events(place, body, months))
        return [event for event in found if start <= event.utc < end]

    def _body_events(self, place: Place, body: str, months: Sequence[Month]) -> list[SkyEvent]:
        known: dict[Month, tuple[SkyEvent, ...]] = {}
        with self._lock:
            for month in months:
                if (kept := self._kept.get((place, body, month))) is not None:
                    self._kept.move_to_end((place, body, month))
                    known[month] = kept
        missing = [month for month in months if month not in known]
        if missing:
            known |= self._computed(place, body, missing)
        return [event for month in months for event in known[month]]

    def _computed(
        self, place: Place, body: str, missing: Sequence[Month]
    ) -> dict[Month, tuple[SkyEvent, ...]]:
        events = _search(place, body, missing[0].start, missing[-1].following.start)
        fresh = {
            month: tuple(e for e in events if month.start <= e.utc < month.following.start)
            for month in missing
        }
        with self._lock:
            for month, inside in fresh.items():
                self._kept[place, body, month] = inside
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)
        return fresh


def _search(place: Place, body: str, start: datetime, end: datetime) -> list[SkyEvent]:
    with provider.locked_sky() as sky:
        first, last = supported_span(sky.ephemeris)
        return find_sky_events(sky, place, max(start, first), min(end, last), [body])


def _months(start: datetime, end: datetime) -> list[Month]:
    months = [Month(start.year, start.month)]
    while (following := months[-1].following).start < end:
        months.append(following)
    return months


CACHE: Final = MonthCache(KEPT_MONTHS)


def place_rounded(place: Place) -> Place:
    """Return the place as it is computed and kept: to 0.001 degree, a metre and 0.01 degree."""
    return Place(
        round(place.lat_deg, _PLACE_DIGITS) + 0.0,  # no minus zero
        round(place.lon_deg, _PLACE_DIGITS) + 0.0,
        float(round(place.elevation_m)),
        round(place.horizon_deg, 2) + 0.0,
    )


def place_days(
    *, place: Place, bodies: Sequence[str], midnights: Sequence[datetime]
) -> dict[str, list[BodyDay]]:
    """Return the days between ``midnights`` (UTC, at least two) by body.

    Raises: EphemerisRangeError outside what the kernel covers.
    """
    require_moments(provider.ephemeris(), midnights)
    events = CACHE.events(place, bodies, midnights[0], midnights[-1])
    with provider.locked_sky() as sky:
        return {body: body_days(sky, place, body, midnights, events) for body in bodies}


def place_moon(*, moments: Sequence[datetime]) -> list[MoonAspect]:
    """Return how the Moon looks at each moment."""
    with provider.locked_sky() as sky:
        return moon_aspects(sky, moments)


@lru_cache(maxsize=KEPT_CIRCUMSTANCES)
def place_view(*, key: str, place: Place) -> LocalView | None:
    """Return what ``place`` sees of the event that a key names, or None if there is none."""
    occurrence = provider.occurrence_by_key(key=key)
    if occurrence is None:
        return None
    with provider.locked_sky() as sky:
        return local_view(sky, Sighting.of(occurrence), place)


class SeenCache:
    """Whether the events asked for last can be seen from their places, at most ``limit`` of them.

    An event is known by its key and its instant, so that one that was moved is judged afresh.
    Safe for threads, as MonthCache is.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: OrderedDict[tuple[Place, str, float], bool] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def seen(self, place: Place, sightings: Sequence[Sighting]) -> list[bool]:
        """Return for each event whether it can be seen from ``place``."""
        known = self._known(place, sightings)
        missing = [each for each in sightings if (each.key, each.days) not in known]
        if missing:
            with provider.locked_sky() as sky:
                fresh = visible_among(sky, missing, place)
            known |= self._keep(place, missing, fresh)
        return [known[each.key, each.days] for each in sightings]

    def _known(self, place: Place, sightings: Sequence[Sighting]) -> dict[tuple[str, float], bool]:
        known = {}
        with self._lock:
            for each in sightings:
                at = (place, each.key, each.days)
                if (kept := self._kept.get(at)) is not None:
                    self._kept.move_to_end(at)
                    known[each.key, each.days] = kept
        return known

    def _keep(
        self, place: Place, sightings: Sequence[Sighting], seen: Sequence[bool]
    ) -> dict[tuple[str, float], bool]:
        with self._lock:
            for each, visible in zip(sightings, seen, strict=True):
                self._kept[place, each.key, each.days] = visible
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)
        return {
            (each.key, each.days): visible for each, visible in zip(sightings, seen, strict=True)
        }


SEEN: Final = SeenCache(KEPT_SEEN)


def place_sees(*, place: Place, sightings: Sequence[Sighting]) -> list[bool]:
    """Return for each event whether it can be seen from ``place``, as its circumstances say."""
    return SEEN.seen(place, sightings)
