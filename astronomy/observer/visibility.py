"""Whether an event of the calendar can be seen from a place, and if not, why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, TypeAlias, TypedDict

from astronomy.bodies import BODIES
from astronomy.observer.circumstances import (
    LunarCircumstances,
    SolarCircumstances,
    span_labels,
)
from astronomy.observer.lunar import lunar_circumstances
from astronomy.observer.place import Place
from astronomy.observer.solar import solar_circumstances
from astronomy.observer.spans import Span, below_spans, common_spans, up_spans
from astronomy.observer.view import View
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.timescales import days_from_datetime

# A planet needs a sky that is darker than at the end of civil twilight.
_DARK_DEG: Final = -6.0
# An event without duration is looked at for a minute on either side.
_INSTANT_DAYS: Final = 1.0 / 1440.0
_FAINT: Final = frozenset(BODIES) - {"sun", "moon"}

WhyUnseen: TypeAlias = Literal["below_horizon", "outside_shadow", "daylight", "not_observable"]


class Visibility(TypedDict):
    """Whether an event can be seen from a place."""

    visible: bool
    reason: WhyUnseen | None
    visible_spans_utc: list[list[str]]


def eclipse_circumstances(
    sky: Sky, occurrence: Occurrence, place: Place
) -> SolarCircumstances | LunarCircumstances | None:
    """Return what ``place`` sees of an eclipse, or None for what is no eclipse.

    Frame, scales and tolerance: as solar_circumstances and lunar_circumstances say.
    """
    if occurrence.begins_utc is None or occurrence.ends_utc is None:
        return None
    if occurrence.family == "solar_eclipses":
        return solar_circumstances(sky, place, occurrence.begins_utc, occurrence.ends_utc)
    if occurrence.family == "lunar_eclipses":
        labels: dict[str, str] = occurrence.details["contacts_utc"]
        contacts = {name: datetime.fromisoformat(label) for name, label in labels.items()}
        return lunar_circumstances(sky, place, occurrence.utc, contacts)
    return None


def visible_from(sky: Sky, occurrence: Occurrence, place: Place) -> Visibility:
    """Return whether ``occurrence`` can be seen from ``place``, and in which spans.

    An eclipse is visible as its circumstances say. Any other event is visible while all its
    bodies are above the horizon, and planets only with the Sun's centre 6 degrees below it unless
    the Sun takes part, as in a transit. A season or an event of bodies without a disc or a point
    of light in the kernel is not observable.

    Frame: topocentric, apparent, WGS 84.    Time scale out: UTC (UT1 before 1972).
    Tolerance: 1 s, grazing apart.    Source: docs/local-sky.md.
    """
    eclipse = eclipse_circumstances(sky, occurrence, place)
    if eclipse is not None:
        return Visibility(
            visible=eclipse["visible"],
            reason=eclipse["reason"],
            visible_spans_utc=eclipse["visible_spans_utc"],
        )
    bodies = _watched(occurrence)
    if not bodies:
        return Visibility(visible=False, reason="not_observable", visible_spans_utc=[])
    return _watch(View(sky, place), bodies, _interval(sky, occurrence))


def _watched(occurrence: Occurrence) -> list[str]:
    """Return the bodies to watch; of the Moon's phases it is the Moon, of the seasons none."""
    if occurrence.family in {"seasons", "solar_terms"}:
        return []
    if occurrence.family == "moon_phases":
        return [] if occurrence.kind == "new_moon" else ["moon"]
    return [body for body in occurrence.bodies if body in BODIES]


def _interval(sky: Sky, occurrence: Occurrence) -> Span:
    begins = occurrence.begins_utc or occurrence.utc
    ends = occurrence.ends_utc or occurrence.utc
    start = days_from_datetime(sky.timescale, begins)
    end = days_from_datetime(sky.timescale, ends)
    if end > start:
        return Span(start, end)
    return Span(start - _INSTANT_DAYS, start + _INSTANT_DAYS)


def _watch(view: View, bodies: Sequence[str], interval: Span) -> Visibility:
    up = [interval]
    for body in bodies:
        up = common_spans(up, up_spans(view, body, *interval))
    seen = up
    if "sun" not in bodies and _FAINT.intersection(bodies):
        seen = common_spans(up, below_spans(view, "sun", _DARK_DEG, *interval))
    reason: WhyUnseen | None = None
    if not seen:
        reason = "daylight" if up else "below_horizon"
    return Visibility(visible=bool(seen), reason=reason, visible_spans_utc=span_labels(view, seen))
