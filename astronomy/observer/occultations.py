"""Occultations by the Moon as a place sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import numpy as np

from astronomy.constants import MOON_RADIUS_PENUMBRA
from astronomy.finders.besselian import EARTH_RADIUS_AU
from astronomy.finders.build import utc_datetimes
from astronomy.finders.separations import Approach
from astronomy.observer.circumstances import (
    OccultationCircumstances,
    OccultationContact,
    span_labels,
)
from astronomy.observer.levels import DARK_DEG, horizon_level
from astronomy.observer.limb import body_meeting, is_lit_side, position_angle_deg
from astronomy.observer.place import Place
from astronomy.observer.spans import Span
from astronomy.observer.view import Seen, View
from astronomy.sampling import Sky
from astronomy.timescales import Floats, days_from_datetime, format_utc

# A high place at the edge of the shadow, and the flattening of the Earth.
_MARGIN_DAYS: Final = 15.0 / 1440.0
_LOOK_DAYS: Final = 1.0 / 1440.0
_NAMES: Final = ("disappearance", "reappearance")


def occultation_circumstances(
    sky: Sky, place: Place, body: str, begins_utc: datetime, ends_utc: datetime
) -> OccultationCircumstances:
    """Return what ``place`` sees of the Moon covering ``body``, between the ends for the Earth.

    The centre of the body disappears and reappears at the Moon's mean limb (0.2725076 equatorial
    radii of the Earth); mountains and valleys move that by seconds, near the edge of the shadow
    by more. A contact is visible if the body is above the horizon and the Sun's centre 6 degrees
    below it.

    Frame: topocentric, apparent, WGS 84; altitudes without refraction.
    Time scale in: UTC (UT1 before 1972), and out.    Units: in the names.
    Tolerance: 0.2 s against the mean limb.
    Source: Explanatory Supplement (2013), ch. 11; radius as in the family occultations.
    """
    view = View(sky, place)
    start = days_from_datetime(sky.timescale, begins_utc) - _MARGIN_DAYS
    end = days_from_datetime(sky.timescale, ends_utc) + _MARGIN_DAYS
    meeting = body_meeting(view, "moon", body)
    middle = meeting.least(start, end)
    if limb_gap(meeting.confirmed(np.array([middle])))[0] >= 0.0:
        return _nothing()
    days = np.array([meeting.contact(limb_gap, middle, outer) for outer in (start, end)])
    return _circumstances(view, body, days)


def limb_gap(pair: Approach) -> Floats:
    """Return how far a body is from the Moon's limb, radians; negative while it is covered."""
    return np.asarray(
        pair.apart - np.arcsin(MOON_RADIUS_PENUMBRA * EARTH_RADIUS_AU / pair.first_au)
    )


def _nothing() -> OccultationCircumstances:
    return OccultationCircumstances(
        visible=False, reason="not_occulted", contacts=[], visible_spans_utc=[]
    )


def _circumstances(view: View, body: str, days: Floats) -> OccultationCircumstances:
    contacts = _contacts(view, body, days)
    looks = [
        Span(float(at) - _LOOK_DAYS, float(at) + _LOOK_DAYS)
        for at, contact in zip(days, contacts, strict=True)
        if contact["visible"]
    ]
    return OccultationCircumstances(
        visible=bool(looks),
        reason=None if looks else _reason(contacts),
        contacts=contacts,
        visible_spans_utc=span_labels(view, looks),
    )


def _reason(contacts: Sequence[OccultationContact]) -> Literal["daylight", "below_horizon"]:
    by_day = any(contact["reason"] == "daylight" for contact in contacts)
    return "daylight" if by_day else "below_horizon"


def _contacts(view: View, body: str, days: Floats) -> list[OccultationContact]:
    moon, star, sun = (view.confirmed(each, days) for each in ("moon", body, "sun"))
    angles = position_angle_deg(moon.vector_au, star.vector_au, view.place.lat_deg)
    lit = is_lit_side(moon.vector_au, star.vector_au, sun.vector_au)
    level_deg = horizon_level(body, view.place).altitude_deg
    moments = utc_datetimes(view.sky, days)
    contacts = []
    for at, name in enumerate(_NAMES):
        reason = _why_unseen(star, sun, at, level_deg)
        contacts.append(
            OccultationContact(
                name=name,
                utc=format_utc(moments[at]),
                altitude_deg=round(float(star.altitude_deg[at]), 2) + 0.0,  # no minus zero
                azimuth_deg=round(float(star.azimuth_deg[at]), 2) % 360.0,
                visible=reason is None,
                reason=reason,
                position_angle_deg=round(float(angles[at]), 1) % 360.0,
                limb="bright" if lit[at] else "dark",
                sun_altitude_deg=round(float(sun.altitude_deg[at]), 2) + 0.0,
            )
        )
    return contacts


def _why_unseen(
    star: Seen, sun: Seen, at: int, level_deg: float
) -> Literal["below_horizon", "daylight"] | None:
    if star.altitude_deg[at] <= level_deg:
        return "below_horizon"
    return None if sun.altitude_deg[at] < DARK_DEG else "daylight"
