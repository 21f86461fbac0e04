"""What a place sees of an event: the values that are returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, TypedDict

import numpy as np

from astronomy.finders.build import utc_datetimes
from astronomy.observer.spans import Span
from astronomy.observer.view import View
from astronomy.timescales import format_utc

LocalSolarType = Literal["total", "annular", "partial"]
LocalLunarType = Literal["total", "partial", "penumbral"]
Unseen: TypeAlias = Literal["below_horizon", "outside_shadow"]
Twilight: TypeAlias = Literal[
    "day", "civil_twilight", "nautical_twilight", "astronomical_twilight", "night"
]
WhyUnseen: TypeAlias = Literal[
    "below_horizon",
    "outside_shadow",
    "not_in_transit",
    "not_occulted",
    "daylight",
    "near_sun",
    "not_observable",
]


class LocalContact(TypedDict):
    """One instant of an eclipse or a transit as a place sees it."""

    name: str
    utc: str
    altitude_deg: float
    azimuth_deg: float
    visible: bool


class SolarMaximum(TypedDict):
    """How much of the Sun is covered at an instant, and where it stands."""

    utc: str
    magnitude: float
    obscuration: float
    altitude_deg: float
    azimuth_deg: float


class SolarCircumstances(TypedDict):
    """What a place sees of a solar eclipse."""

    visible: bool
    reason: Unseen | None
    type: LocalSolarType | None
    magnitude: float | None
    obscuration: float | None
    central_duration_s: float | None
    contacts: list[LocalContact]
    visible_spans_utc: list[list[str]]
    best_visible: SolarMaximum | None


class LunarCircumstances(TypedDict):
    """What a place sees of a lunar eclipse."""

    visible: bool
    reason: Unseen | None
    type: LocalLunarType
    best_visible_phase: LocalLunarType | None
    contacts: list[LocalContact]
    visible_spans_utc: list[list[str]]


class TransitContact(LocalContact):
    """One instant of a transit; where on the Sun's limb, from celestial north through east."""

    position_angle_deg: float


class TransitCircumstances(TypedDict):
    """What a place sees of a transit."""

    visible: bool
    reason: Literal["below_horizon", "not_in_transit"] | None
    separation_arcsec: float | None
    duration_s: float | None
    internal_duration_s: float | None
    contacts: list[TransitContact]
    visible_spans_utc: list[list[str]]


class OccultationContact(TypedDict):
    """The disappearance or the reappearance of a body at the Moon's limb."""

    name: str
    utc: str
    altitude_deg: float
    azimuth_deg: float
    visible: bool
    reason: Literal["below_horizon", "daylight"] | None
    position_angle_deg: float
    limb: Literal["dark", "bright"]
    sun_altitude_deg: float


class OccultationCircumstances(TypedDict):
    """What a place sees of an occultation."""

    visible: bool
    reason: Literal["below_horizon", "daylight", "not_occulted"] | None
    contacts: list[OccultationContact]
    visible_spans_utc: list[list[str]]


class BodyPlace(TypedDict):
    """Where a body, or a radiant, stands at the instant of an event."""

    body: str
    altitude_deg: float
    azimuth_deg: float
    above_horizon: bool


class InstantCircumstances(TypedDict):
    """Where the bodies of an event stand over a place at its instant, and how dark it is."""

    utc: str
    sun_altitude_deg: float
    twilight: Twilight
    bodies: list[BodyPlace]


def local_contacts(
    view: View, body: str, instants: Mapping[str, float], up: Sequence[Span]
) -> list[LocalContact]:
    """Return the instants in order, with where ``body`` stands and whether it is up."""
    names = sorted(instants, key=lambda name: instants[name])
    days = np.array([instants[name] for name in names])
    seen = view.confirmed(body, days)
    moments = utc_datetimes(view.sky, days)
    return [
        LocalContact(
            name=name,
            utc=format_utc(moments[at]),
            altitude_deg=round(float(seen.altitude_deg[at]), 2) + 0.0,  # no minus zero
            azimuth_deg=round(float(seen.azimuth_deg[at]), 2),
            visible=is_inside(float(days[at]), up),
        )
        for at, name in enumerate(names)
    ]


def is_inside(days: float, spans: Sequence[Span]) -> bool:
    """Tell whether an instant lies in one of the spans, ends included."""
    return any(start <= days <= end for start, end in spans)


def span_labels(view: View, spans: Sequence[Span]) -> list[list[str]]:
    """Return the labels of spans as pairs of UTC (UT1 before 1972)."""
    return [
        [format_utc(moment) for moment in utc_datetimes(view.sky, np.array(span))] for span in spans
    ]
