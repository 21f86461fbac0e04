"""Solar eclipses as a place sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np

from astronomy.constants import DAY_S
from astronomy.finders.build import utc_datetimes
from astronomy.limits import require_moments
from astronomy.observer.circumstances import (
    LocalSolarType,
    SolarCircumstances,
    SolarMaximum,
    is_inside,
    local_contacts,
    span_labels,
)
from astronomy.observer.local_disc import Discs, discs
from astronomy.observer.meeting import Meeting
from astronomy.observer.place import Place
from astronomy.observer.spans import Span, up_spans
from astronomy.observer.view import View
from astronomy.sampling import Sky
from astronomy.timescales import Floats, days_from_datetime, format_utc

# The eclipse at a place lies within that of the Earth; the rest is for a high place at its edge.
_MARGIN_DAYS: Final = 10.0 / 1440.0
# No central phase lasts longer than 13 minutes at one place.
_CENTRAL_HALF_DAYS: Final = 15.0 / 1440.0


def solar_circumstances(
    sky: Sky, place: Place, begins_utc: datetime, ends_utc: datetime
) -> SolarCircumstances:
    """Return what ``place`` sees of the solar eclipse that lasts from ``begins_utc`` to the end.

    ``c1`` and ``c4`` are the outer contacts of the discs of Sun and Moon, ``c2`` and ``c3`` the
    inner ones, ``maximum`` is their least distance. The eclipse is visible if the Sun's upper
    limb is above the horizon at any time between ``c1`` and ``c4``.

    Frame: topocentric, apparent, WGS 84; altitudes without refraction.
    Time scale in: UTC (UT1 before 1972), and out.    Units: in the names.
    Tolerance: 0.1 s, and what Delta T leaves open.
    Raises: ValueError for an inverted eclipse, EphemerisRangeError outside the span.
    Source: Explanatory Supplement (2013), ch. 11; radii as in NASA/TP-2006-214141.
    """
    if begins_utc >= ends_utc:
        raise ValueError(f"The eclipse begins at {begins_utc} but ends at {ends_utc}.")
    require_moments(sky.ephemeris, (begins_utc, ends_utc))
    view = View(sky, place)
    start = days_from_datetime(sky.timescale, begins_utc) - _MARGIN_DAYS
    end = days_from_datetime(sky.timescale, ends_utc) + _MARGIN_DAYS
    meeting = disc_meeting(view)
    middle = meeting.least(start, end)
    at_maximum = _confirmed_discs(view, np.array([middle]))
    if at_maximum.partial_gap[0] >= 0.0:
        return _nothing()
    instants = {"c1": start, "c4": end}
    for name, outer in instants.items():
        instants[name] = meeting.contact(lambda disc: disc.partial_gap, middle, outer)
    instants["maximum"] = middle
    if at_maximum.central_gap[0] < 0.0:
        instants |= _central_contacts(meeting, middle)
    return _circumstances(view, instants, at_maximum)


def _nothing() -> SolarCircumstances:
    return SolarCircumstances(
        visible=False,
        reason="outside_shadow",
        type=None,
        magnitude=None,
        obscuration=None,
        central_duration_s=None,
        contacts=[],
        visible_spans_utc=[],
        best_visible=None,
    )


def _circumstances(view: View, instants: dict[str, float], at_maximum: Discs) -> SolarCircumstances:
    up = up_spans(view, "sun", instants["c1"], instants["c4"])
    duration_s = None
    if "c2" in instants:
        duration_s = round((instants["c3"] - instants["c2"]) * DAY_S, 1)
    return SolarCircumstances(
        visible=bool(up),
        reason=None if up else "below_horizon",
        type=_type(at_maximum),
        magnitude=round(float(at_maximum.magnitude[0]), 4),
        obscuration=round(float(at_maximum.obscuration[0]), 4),
        central_duration_s=duration_s,
        contacts=local_contacts(view, "sun", instants, up),
        visible_spans_utc=span_labels(view, up),
        best_visible=_best(view, instants["maximum"], up) if up else None,
    )


def _type(at_maximum: Discs) -> LocalSolarType:
    if at_maximum.central_gap[0] >= 0.0:
        return "partial"
    return "total" if at_maximum.total[0] else "annular"


def _best(view: View, maximum: float, up: Sequence[Span]) -> SolarMaximum:
    """Return the maximum, or if the Sun is then down, the end of a span that sees most."""
    ends = [end for span in up for end in span]
    days = np.array([maximum] if is_inside(maximum, up) else ends)
    seen = _confirmed_discs(view, days)
    best = int(np.argmax(seen.obscuration))
    where = view.confirmed("sun", days[best : best + 1])
    return SolarMaximum(
        utc=format_utc(utc_datetimes(view.sky, days)[best]),
        magnitude=round(float(seen.magnitude[best]), 4),
        obscuration=round(float(seen.obscuration[best]), 4),
        altitude_deg=round(float(where.altitude_deg[0]), 2) + 0.0,  # no minus zero
        azimuth_deg=round(float(where.azimuth_deg[0]), 2),
    )


def disc_meeting(view: View) -> Meeting[Discs]:
    """Return Sun and Moon as discs over a place."""
    return Meeting(
        lambda days: discs(view.vector_au("sun", days), view.vector_au("moon", days)),
        lambda days: _confirmed_discs(view, days),
    )


def _confirmed_discs(view: View, days: Floats) -> Discs:
    sun, moon = (view.confirmed(body, days).vector_au for body in ("sun", "moon"))
    return discs(sun, moon)


def _central_contacts(meeting: Meeting[Discs], middle: float) -> dict[str, float]:
    ends = {"c2": middle - _CENTRAL_HALF_DAYS, "c3": middle + _CENTRAL_HALF_DAYS}
    return {
        name: meeting.contact(lambda disc: disc.central_gap, middle, outer)
        for name, outer in ends.items()
    }
