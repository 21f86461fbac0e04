"""Transits of Mercury and Venus as a place sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np

from astronomy.constants import DAY_S
from astronomy.finders.separation import Approach
from astronomy.finders.transits import disc_gap
from astronomy.observer.circumstances import (
    TransitCircumstances,
    TransitContact,
    local_contacts,
    span_labels,
)
from astronomy.observer.limb import body_meeting, position_angle_deg
from astronomy.observer.meeting import Meeting
from astronomy.observer.place import Place
from astronomy.observer.spans import up_spans
from astronomy.observer.view import View
from astronomy.sampling import Sky
from astronomy.timescales import days_from_datetime

# A grazing transit of Venus begins up to 50 minutes earlier at some place than geocentrically.
_MARGIN_DAYS: Final = 1.0 / 24.0


def transit_circumstances(
    sky: Sky, place: Place, planet: str, begins_utc: datetime, ends_utc: datetime
) -> TransitCircumstances:
    """Return what ``place`` sees of the transit that lasts, geocentrically, so long.

    ``c1`` and ``c4`` are the outer contacts of the discs of planet and Sun, ``c2`` and ``c3`` the
    inner ones, ``maximum`` is the least distance of their centres. The transit is visible if the
    Sun's upper limb is above the horizon at any time between ``c1`` and ``c4``.

    Frame: topocentric, apparent, WGS 84; altitudes without refraction.
    Time scale in: UTC (UT1 before 1972), and out.    Units: in the names.    Tolerance: 0.2 s.
    Source: Explanatory Supplement (2013), ch. 11; radii as in the family transits.
    """
    view = View(sky, place)
    start = days_from_datetime(sky.timescale, begins_utc) - _MARGIN_DAYS
    end = days_from_datetime(sky.timescale, ends_utc) + _MARGIN_DAYS
    meeting = body_meeting(view, "sun", planet)
    middle = meeting.least(start, end)
    nearest = meeting.confirmed(np.array([middle]))
    instants = _contacts(meeting, planet, nearest, (start, middle, end))
    return _circumstances(view, planet, instants, nearest) if instants else _nothing()


def _contacts(
    meeting: Meeting[Approach],
    planet: str,
    nearest: Approach,
    interval: tuple[float, float, float],
) -> dict[str, float]:
    """Return the instants of the contacts and of the maximum; none if the discs do not touch."""
    start, middle, end = interval
    instants: dict[str, float] = {}
    for side, first, last in ((1.0, "c1", "c4"), (-1.0, "c2", "c3")):
        gap = disc_gap(planet, side)
        if gap(nearest)[0] < 0.0:
            instants[first] = meeting.contact(gap, middle, start)
            instants[last] = meeting.contact(gap, middle, end)
    return instants | {"maximum": middle} if instants else {}


def _nothing() -> TransitCircumstances:
    return TransitCircumstances(
        visible=False,
        reason="not_in_transit",
        separation_arcsec=None,
        duration_s=None,
        internal_duration_s=None,
        contacts=[],
        visible_spans_utc=[],
    )


def _circumstances(
    view: View, planet: str, instants: dict[str, float], nearest: Approach
) -> TransitCircumstances:
    up = up_spans(view, "sun", instants["c1"], instants["c4"])
    contacts = local_contacts(view, "sun", instants, up)
    days = np.sort(list(instants.values()))
    sun, other = (view.confirmed(body, days).vector_au for body in ("sun", planet))
    angles = position_angle_deg(sun, other, view.place.lat_deg)
    return TransitCircumstances(
        visible=bool(up),
        reason=None if up else "below_horizon",
        separation_arcsec=round(float(np.degrees(nearest.apart[0])) * 3600.0, 1),
        duration_s=_duration_s(instants, "c1", "c4"),
        internal_duration_s=_duration_s(instants, "c2", "c3"),
        contacts=[
            TransitContact(**contact, position_angle_deg=round(float(angle), 1) % 360.0)
            for contact, angle in zip(contacts, angles, strict=True)
        ],
        visible_spans_utc=span_labels(view, up),
    )


def _duration_s(instants: dict[str, float], first: str, last: str) -> float | None:
    if first not in instants:
        return None
    return round((instants[last] - instants[first]) * DAY_S, 1)
