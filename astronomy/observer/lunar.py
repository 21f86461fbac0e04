"""Lunar eclipses as a place sees them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from astronomy.limits import require_moments
from astronomy.observer.circumstances import (
    LocalLunarType,
    LunarCircumstances,
    local_contacts,
    span_labels,
)
from astronomy.observer.place import Place
from astronomy.observer.spans import Span, common_spans, up_spans
from astronomy.observer.view import View
from astronomy.sampling import Sky
from astronomy.timescales import days_from_datetime

# The deepest phase first, each with the contacts between which it lasts.
_PHASES: Final[tuple[tuple[LocalLunarType, str, str], ...]] = (
    ("total", "u2", "u3"),
    ("partial", "u1", "u4"),
    ("penumbral", "p1", "p4"),
)


def lunar_circumstances(
    sky: Sky, place: Place, greatest_utc: datetime, contacts_utc: Mapping[str, datetime]
) -> LunarCircumstances:
    """Return what ``place`` sees of the lunar eclipse with these contacts.

    The contacts happen at the same instant everywhere; what differs is where the Moon then
    stands. The eclipse is visible if the Moon's upper limb is above the horizon at any time
    between ``p1`` and ``p4``; so is each of its phases between its own contacts.

    Frame: topocentric, apparent, WGS 84; altitudes without refraction.
    Time scale in: UTC (UT1 before 1972), and out.    Units: in the names.
    Tolerance: 1 s in the ends of the visible spans.
    Raises: KeyError without the contacts p1 and p4, EphemerisRangeError outside the span.
    Source: the contacts are those of the family lunar_eclipses.
    """
    require_moments(sky.ephemeris, contacts_utc.values())
    view = View(sky, place)
    instants = {
        name: days_from_datetime(sky.timescale, moment) for name, moment in contacts_utc.items()
    }
    phases = [phase for phase in _PHASES if phase[1] in instants]
    up = up_spans(view, "moon", instants["p1"], instants["p4"])
    instants["greatest"] = days_from_datetime(sky.timescale, greatest_utc)
    seen = [
        name
        for name, first, last in phases
        if common_spans(up, [Span(instants[first], instants[last])])
    ]
    return LunarCircumstances(
        visible=bool(up),
        reason=None if up else "below_horizon",
        type=phases[0][0],
        best_visible_phase=seen[0] if seen else None,
        contacts=local_contacts(view, "moon", instants, up),
        visible_spans_utc=span_labels(view, up),
    )
