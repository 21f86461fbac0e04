"""The Sun, the Moon and the planets of a day, from the core that the site itself asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import numpy as np

from astronomy import provider
from astronomy.api.kernel import days_sentence, within_kernel
from astronomy.finders.build import utc_datetimes
from astronomy.finders.separation import approach
from astronomy.limits import require_moments
from astronomy.local_sky import place_moon, place_rounded
from astronomy.observer.days import BodyDay, body_days
from astronomy.observer.events import find_sky_events
from astronomy.observer.levels import DARK_DEG
from astronomy.observer.place import Place
from astronomy.observer.spans import Span, below_spans, common_spans, up_spans
from astronomy.observer.view import View
from astronomy.positions import position_table
from astronomy.positions.frames import Frame
from astronomy.positions.table import View as TableView
from astronomy.sampling import Sky
from astronomy.search import wrapped_deg
from astronomy.timescales import Floats, days_from_datetime
from events.figures.selectors import Kept
from events.filters import EventFilter
from events.freshness import freshness_read
from events.onthefly import chunks, occurrences_in
from events.pages import events_in
from events.selectors import WHOLE_SPAN
from events.windows import Span as Days
from events.windows import within
from telegram_link.selectors.day_events import STREAM

QUARTER_DEG: Final = 90.0
# The Moon's shapes from new Moon on: the four phases, and what is between each and the next.
PHASES: Final = ("new_moon", "first_quarter", "full_moon", "last_quarter")
BETWEEN: Final = ("waxing_crescent", "waxing_gibbous", "waning_gibbous", "waning_crescent")
PLANETS: Final = ("mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune")
FAMILY: Final = ("moon_phases",)
STATIONS: Final = ("station_retrograde", "station_direct")
BACKWARDS_MOST: Final = timedelta(days=200)  # no planet moves backwards for longer than 160
KEPT_DAYS: Final = 2_000  # of the Sun and the Moon at one place; below 3 kB each
STEP: Final = timedelta(minutes=10)  # positions of planets are told as of that


def place_of(latitude_deg: float, longitude_deg: float, elevation_m: float) -> Place:
    """Return a place as the site computes it."""
    return place_rounded(Place(latitude_deg, longitude_deg, elevation_m))


@dataclass(frozen=True, slots=True)
class MoonShape:
    """How the Moon looks; ``shape`` is one of PHASES on the day of a phase, else of BETWEEN.

    On the day of a phase the longitude is that of the phase, so that both name one sign.
    """

    shape: str
    longitude_deg: float
    lit: float
    distance_km: float


def moon_shape(*, at: datetime, start: datetime, end: datetime) -> MoonShape:
    """Return how the Moon looks at an instant of the day from ``start`` to ``end``.

    Errors: range.outside for what the kernel does not reach.
    """
    with within_kernel(days_sentence):
        before, now, after = place_moon(moments=(start, at, end))
    quarters = [int(each.elongation_deg // QUARTER_DEG) for each in (before, after)]
    looks = now.illuminated_fraction, now.distance_km
    if quarters[0] == quarters[1]:
        return MoonShape(BETWEEN[quarters[1]], longitude("moon", at), *looks)
    found = [phase for part in chunks(Days(start, end)) for phase in occurrences_in(part, FAMILY)]
    longitude_deg = found[0].details["moon_longitude_deg"] if found else longitude("moon", at)
    return MoonShape(PHASES[quarters[1]], longitude_deg, *looks)


def longitude(body: str, at: datetime) -> float:
    """Return the apparent geocentric ecliptic longitude of date, degrees."""
    with within_kernel(days_sentence), provider.locked_sky() as sky:
        return float(sky.longitude_deg(body, _days(sky, at))[0]) % 360.0


def sun_distance_au(at: datetime) -> float:
    with within_kernel(days_sentence), provider.locked_sky() as sky:
        return float(np.linalg.norm(sky.vector_au("sun", _days(sky, at))))


def _days(sky: Sky, at: datetime) -> Floats:
    require_moments(sky.ephemeris, [at])
    return np.array([days_from_datetime(sky.timescale, at)])


@lru_cache(maxsize=KEPT_DAYS)
def local_day(place: Place, start: datetime, end: datetime) -> Mapping[str, BodyDay]:
    """Return what the Sun and the Moon do at a place in one day, as the API tells it.

    One day alone is looked at, because a digest asks of many places once. Errors: range.outside.
    """
    bodies = ("sun", "moon")
    with within_kernel(days_sentence), provider.locked_sky() as sky:
        require_moments(sky.ephemeris, [start, end])
        events = find_sky_events(sky, place, start, end, bodies)
        return {body: body_days(sky, place, body, (start, end), events)[0] for body in bodies}


@dataclass(frozen=True, slots=True)
class PlanetNow:
    """Where a planet stands: among signs, beside the Sun, and how bright it is.

    ``magnitude`` is None where no formula holds; ``from_sun_deg`` is the angle in the sky.
    """

    body: str
    longitude_deg: float
    from_sun_deg: float
    is_east: bool
    magnitude: float | None


def planets_now(at: datetime) -> Sequence[PlanetNow]:
    """Return the planets as they stand within ten minutes before ``at``. Errors: range.outside."""
    return _planets(at - (at - WHOLE_SPAN.start) % STEP)


@lru_cache(maxsize=32)
def _planets(at: datetime) -> Sequence[PlanetNow]:
    ephemeris = provider.ephemeris()
    days = np.array([days_from_datetime(ephemeris.timescale, at)])
    view = TableView(frame=Frame.ECLIPTIC_DATE)
    with within_kernel(days_sentence):
        found = position_table(ephemeris, days, ("sun", *PLANETS), view).bodies
    sun = found["sun"]
    rows = []
    for body in PLANETS:
        planet = found[body]
        apart_rad = approach(planet.vector_au, sun.vector_au).apart
        ahead_deg = wrapped_deg(planet.longitude_deg - sun.longitude_deg)
        magnitude = np.nan if planet.magnitude is None else float(planet.magnitude[0])
        rows.append(
            PlanetNow(
                body=body,
                longitude_deg=float(planet.longitude_deg[0]) % 360.0,
                from_sun_deg=float(np.degrees(apart_rad)[0]),
                is_east=bool(ahead_deg[0] > 0.0),
                magnitude=None if np.isnan(magnitude) else magnitude,
            )
        )
    return tuple(rows)


Moments = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class PlanetNight:
    """When a planet is above the horizon between two noons, and when it can be seen as well.

    ``seen`` is with the Sun's centre 6 degrees below the horizon, as for events of planets.
    """

    up: tuple[Moments, ...]
    seen: tuple[Moments, ...]


@lru_cache(maxsize=KEPT_DAYS)
def planet_nights(place: Place, start: datetime, end: datetime) -> Mapping[str, PlanetNight]:
    """Return when each planet is up and seen from a place. Errors: range.outside."""
    with within_kernel(days_sentence), provider.locked_sky() as sky:
        interval = Span(float(_days(sky, start)[0]), float(_days(sky, end)[0]))
        view = View(sky, place)
        dark = below_spans(view, "sun", DARK_DEG, *interval)
        up = {body: up_spans(view, body, *interval) for body in PLANETS}
        return {
            body: PlanetNight(_moments(sky, spans), _moments(sky, common_spans(spans, dark)))
            for body, spans in up.items()
        }


def _moments(sky: Sky, spans: Sequence[Span]) -> tuple[Moments, ...]:
    return tuple((found[0], found[1]) for found in (utc_datetimes(sky, np.array(s)) for s in spans))


@dataclass(frozen=True, slots=True)
class Backwards:
    """When a planet moves backwards; ``since`` is None where the kernel begins later."""

    since: datetime | None
    until: datetime


def planets_backwards(at: datetime) -> Mapping[str, Backwards]:
    """Return the planets that move backwards at an instant, by the stations of the calendar."""
    mark = freshness_read(stream=STREAM).mark
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if mark is None:
        return _backwards(_stations(day), at)
    return _backwards(STATIONS_KEPT.value((mark, day), lambda: _stations(day)), at)


Station = tuple[datetime, str, str]
STATIONS_KEPT: Final[Kept[tuple[Station, ...]]] = Kept(20)


def _stations(day: datetime) -> tuple[Station, ...]:
    """Return instant, planet and kind of the stations around a day, oldest first."""
    span = Days(day - BACKWARDS_MOST, day + BACKWARDS_MOST)
    halves = [Days(span.start, day), Days(day, span.end)]  # a year at most is read at once
    wanted = EventFilter(kinds=STATIONS)
    return tuple(
        (event.occurs_at, event.bodies[0], event.event_type)
        for half in halves
        for part in within(WHOLE_SPAN, [half])
        for event in events_in(filter=wanted, span=part, language="en")
    )


def _backwards(stations: Sequence[Station], at: datetime) -> dict[str, Backwards]:
    found: dict[str, Backwards] = {}
    for body in PLANETS:
        mine = [(when, kind) for when, planet, kind in stations if planet == body]
        past = [when for when, kind in mine if when <= at and kind == STATIONS[0]]
        ahead = next(((when, kind) for when, kind in mine if when > at), None)
        if ahead is not None and ahead[1] == STATIONS[1]:
            found[body] = Backwards(past[-1] if past else None, ahead[0])
    return found
