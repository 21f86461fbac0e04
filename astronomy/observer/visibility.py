"""Whether an event of the calendar can be seen from a place, and if not, why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias, TypedDict

import numpy as np

from astronomy.finders.build import utc_datetimes
from astronomy.finders.separations import approach
from astronomy.observer.circumstances import (
    InstantCircumstances,
    LunarCircumstances,
    OccultationCircumstances,
    SolarCircumstances,
    TransitCircumstances,
    WhyUnseen,
    span_labels,
)
from astronomy.observer.instants import instant_circumstances
from astronomy.observer.lunar import lunar_circumstances
from astronomy.observer.occultations import occultation_circumstances
from astronomy.observer.place import Place
from astronomy.observer.sightings import TIMED, Sighting, Watch, watch_of
from astronomy.observer.solar import solar_circumstances
from astronomy.observer.spans import (
    Span,
    below_spans,
    common_spans,
    fixed_up_spans,
    up_spans,
)
from astronomy.observer.transits import transit_circumstances
from astronomy.observer.view import View
from astronomy.sampling import Sky

# An event without duration is looked for in the night, or day, around it.
AROUND_DAYS: Final = 0.5
# Nobody sees the Moon nearer to the Sun: Danjon, L'Astronomie 46 (1932) 57.
_MOON_LIMIT_RAD: Final = float(np.radians(7.0))

TimedCircumstances: TypeAlias = (
    SolarCircumstances | LunarCircumstances | TransitCircumstances | OccultationCircumstances
)
Circumstances: TypeAlias = TimedCircumstances | InstantCircumstances


class Visibility(TypedDict):
    """Whether an event can be seen from a place."""

    visible: bool
    reason: WhyUnseen | None
    visible_spans_utc: list[list[str]]


class LocalView(NamedTuple):
    """What a place sees of an event: whether at all, and how."""

    visibility: Visibility
    circumstances: Circumstances


def local_view(sky: Sky, sighting: Sighting, place: Place) -> LocalView:
    """Return whether an event can be seen from ``place``, when and how.

    An eclipse, transit or occultation is visible as its circumstances say. Any other event is
    visible if within 12 hours of its instant all its bodies are above the horizon at the same
    time, planets and stars with the Sun's centre 6 degrees below it, a radiant with it 12 below;
    the Moon alone at any hour, but not within 7 degrees of the Sun. What nobody can see, such as
    seasons, signs, aspects, apsides, calendars and the new moon, is not observable.

    Frame: topocentric, apparent, WGS 84.    Time scale out: UTC (UT1 before 1972).
    Tolerance: 1 s, grazing apart.    Source: docs/local-sky.md.
    """
    timed = timed_circumstances(sky, sighting, place)
    if timed is not None:
        seen = Visibility(
            visible=timed["visible"],
            reason=timed["reason"],
            visible_spans_utc=timed["visible_spans_utc"],
        )
        return LocalView(seen, timed)
    view = View(sky, place)
    return LocalView(watched_visibility(view, sighting), instant_circumstances(view, sighting))


def visible_from(sky: Sky, sighting: Sighting, place: Place) -> Visibility:
    """Return whether an event can be seen from ``place``, as local_view says."""
    timed = timed_circumstances(sky, sighting, place)
    if timed is None:
        return watched_visibility(View(sky, place), sighting)
    return Visibility(
        visible=timed["visible"],
        reason=timed["reason"],
        visible_spans_utc=timed["visible_spans_utc"],
    )


def timed_circumstances(sky: Sky, sighting: Sighting, place: Place) -> TimedCircumstances | None:
    """Return what ``place`` sees of an eclipse, a transit or an occultation, or None.

    Frame, scales and tolerance: as the functions of the four families say.
    """
    if sighting.family not in TIMED or not sighting.begins_utc or not sighting.ends_utc:
        return None
    interval = (sighting.begins_utc, sighting.ends_utc)
    if sighting.family == "solar_eclipses":
        return solar_circumstances(sky, place, *interval)
    if sighting.family == "transits":
        return transit_circumstances(sky, place, sighting.bodies[0], *interval)
    if sighting.family == "occultations":
        return occultation_circumstances(sky, place, sighting.bodies[1], *interval)
    (greatest,) = utc_datetimes(sky, np.array([sighting.days]))
    return lunar_circumstances(sky, place, greatest, _contacts(sighting.details))


def _contacts(details: Mapping[str, dict[str, str]]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(label) for name, label in details["contacts_utc"].items()}


def watched_visibility(view: View, sighting: Sighting) -> Visibility:
    """Return whether the bodies of an event can be seen within 12 hours of its instant."""
    watch = watch_of(sighting)
    if watch is None:
        return Visibility(visible=False, reason="not_observable", visible_spans_utc=[])
    if is_in_glare(view.sky, watch, sighting.days):
        return Visibility(visible=False, reason="near_sun", visible_spans_utc=[])
    interval = Span(sighting.days - AROUND_DAYS, sighting.days + AROUND_DAYS)
    up = _up(view, watch, interval)
    seen = up
    if watch.sun_below_deg is not None:
        seen = common_spans(up, below_spans(view, "sun", watch.sun_below_deg, *interval))
    reason: WhyUnseen | None = None
    if not seen:
        reason = "daylight" if up else "below_horizon"
    return Visibility(visible=bool(seen), reason=reason, visible_spans_utc=span_labels(view, seen))


def is_in_glare(sky: Sky, watch: Watch, days: float) -> bool:
    """Tell whether the Moon is looked for so close to the Sun that nobody sees it."""
    if watch.bodies != ("moon",):
        return False
    at = np.array([days])
    apart = approach(sky.vector_au("moon", at), sky.vector_au("sun", at)).apart
    return bool(apart[0] < _MOON_LIMIT_RAD)


def _up(view: View, watch: Watch, interval: Span) -> list[Span]:
    up = [interval]
    for body in watch.bodies:
        up = common_spans(up, up_spans(view, body, *interval))
    if watch.radiant is not None:
        up = common_spans(up, fixed_up_spans(view, watch.radiant, *interval))
    return up
