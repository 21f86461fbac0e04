"""Lunar eclipses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.bodies import BODIES as BODY
from astronomy.constants import DAY_S
from astronomy.ephemeris import ApparentSky
from astronomy.finders.besselian import equatorial
from astronomy.finders.build import (
    Confirmed,
    Finding,
    build_occurrences,
    contact_labels,
    optional,
    utc_datetimes,
)
from astronomy.finders.contacts import find_contacts
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.lunar_shadow import (
    SHADOW_MODEL,
    LunarShadow,
    confirmed_shadow,
    direct_shadow,
    sampled_shadow,
)
from astronomy.finders.lunation import lunar_saros, lunation_numbers
from astronomy.finders.moon_phases import elongation_rate_deg
from astronomy.finders.syzygies import find_greatest
from astronomy.finders.window import open_window
from astronomy.occurrence import LunarEclipseDetails, LunarEclipseType, Occurrence
from astronomy.sampling import Sky
from astronomy.timescales import Bools, Floats, Ints

_BODIES: Final = ("sun", "moon")
_UNCERTAINTY_DEG: Final = (
    float(np.hypot(BODY["moon"].uncertainty_arcsec, BODY["sun"].uncertainty_arcsec)) / 3600.0
)

# Contacts of the Moon's disc with penumbra (p) and umbra (u), named as in the canon.
GAPS: Final[Mapping[tuple[str, str], Callable[[LunarShadow], Floats]]] = MappingProxyType(
    {
        ("p1", "p4"): lambda shadow: shadow.apart - shadow.penumbra - shadow.moon,
        ("u1", "u4"): lambda shadow: shadow.apart - shadow.umbra - shadow.moon,
        ("u2", "u3"): lambda shadow: shadow.apart - shadow.umbra + shadow.moon,
    }
)


@dataclass(frozen=True)
class _Eclipses:
    """All that is known of n lunar eclipses, as arrays."""

    confirmed: Confirmed
    apparent: ApparentSky
    shadow: LunarShadow
    lunations: Ints
    contacts: dict[str, Floats]


def find_lunar_eclipses(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the lunar eclipses in ``[start, end)``, oldest first.

    A lunar eclipse happens when the Moon's disc touches the Earth's penumbra, enlarged by
    1/50. Its instant, greatest eclipse, is when the Moon's centre passes nearest to the axis
    of the shadow.

    Frame: geocentric, apparent, true equator of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: in the names of LunarEclipseDetails.    Shape: one occurrence an eclipse.
    Tolerance: 1 ms; 1e-6 in the magnitudes, for a given model of the shadow.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Espenak and Meeus, NASA/TP-2009-214172, section 1.6; checked against NASA tables.
    """
    window = open_window(sky.ephemeris, start, end)
    confirmed = find_greatest(sky, window, 1, sampled_shadow, direct_shadow)
    eclipses = _eclipses(sky, confirmed)
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=FAMILY.name,
            definition_id=FAMILY.definition_id,
            bodies=("moon",),
            confirmed=eclipses.confirmed,
            findings=_findings(sky, eclipses),
        )
    )


def _eclipses(sky: Sky, candidates: Confirmed) -> _Eclipses:
    near = sampled_shadow(sky, candidates.days)
    confirmed = candidates.chosen(near.apart < near.penumbra + near.moon)
    apparent = sky.confirmed(_BODIES, confirmed.days)
    shadow = confirmed_shadow(apparent)
    return _Eclipses(
        confirmed=confirmed,
        apparent=apparent,
        shadow=shadow,
        lunations=lunation_numbers(confirmed.days, np.full(len(confirmed.days), 180.0)),
        contacts=find_contacts(
            confirmed.days,
            shadow,
            GAPS,
            sampled=lambda days, _which: sampled_shadow(sky, days),
            direct=lambda days, _which: direct_shadow(sky, days),
        ),
    )


def lunar_eclipse_type(umbral_magnitude: float) -> LunarEclipseType:
    """Return the type of an eclipse in which the Moon does reach the penumbra."""
    if umbral_magnitude >= 1.0:
        return "total"
    return "partial" if umbral_magnitude > 0.0 else "penumbral"


def _findings(sky: Sky, eclipses: _Eclipses) -> list[Finding]:
    rate_deg = elongation_rate_deg(sky, eclipses.confirmed.days)
    uncertainty_s = _UNCERTAINTY_DEG / rate_deg * DAY_S
    begins = utc_datetimes(sky, eclipses.contacts["p1"])
    ends = utc_datetimes(sky, eclipses.contacts["p4"])
    return [
        Finding(
            key=f"lunar-eclipses-moon-{eclipses.lunations[at]}-{detail['saros']}",
            kind=FAMILY.kinds[0],
            uncertainty_s=float(uncertainty_s[at]),
            details=detail,
            begins_utc=begins[at],
            ends_utc=ends[at],
        )
        for at, detail in enumerate(_details(sky, eclipses))
    ]


def _details(sky: Sky, eclipses: _Eclipses) -> list[LunarEclipseDetails]:
    shadow, contacts = eclipses.shadow, eclipses.contacts
    umbral, penumbral = shadow.magnitude(shadow.umbra), shadow.magnitude(shadow.penumbra)
    borderline = _borderline(shadow, umbral)
    saros = lunar_saros(eclipses.lunations)
    latitude, longitude = _zenith_deg(eclipses.apparent)
    labels = contact_labels(sky, contacts)
    return [
        LunarEclipseDetails(
            type=lunar_eclipse_type(float(umbral[at])),
            gamma=round(float(shadow.gamma[at]), 6),
            umbral_magnitude=round(float(umbral[at]), 6),
            penumbral_magnitude=round(float(penumbral[at]), 6),
            saros=int(saros[at]),
            lunation_number=int(eclipses.lunations[at]),
            moon_zenith_lat_deg=round(float(latitude[at]), 4),
            moon_zenith_lon_deg=round(float(longitude[at]), 4),
            penumbral_duration_s=round(float(contacts["p4"][at] - contacts["p1"][at]) * DAY_S, 1),
            partial_duration_s=optional((contacts["u4"][at] - contacts["u1"][at]) * DAY_S, 1),
            total_duration_s=optional((contacts["u3"][at] - contacts["u2"][at]) * DAY_S, 1),
            contacts_utc=labels[at],
            borderline=bool(borderline[at]),
            shadow_model=SHADOW_MODEL,
        )
        for at in range(len(saros))
    ]


def _borderline(shadow: LunarShadow, umbral: Floats) -> Bools:
    """Tell where the rule of Danjon gives another type, or no eclipse at all."""
    danjon = shadow.magnitude(shadow.danjon_umbra)
    missed = shadow.magnitude(shadow.danjon_penumbra) <= 0.0
    other_type = ((danjon > 0.0) != (umbral > 0.0)) | ((danjon >= 1.0) != (umbral >= 1.0))
    return np.asarray(missed | other_type)


def _zenith_deg(apparent: ApparentSky) -> tuple[Floats, Floats]:
    """Return the geocentric latitude and the longitude where the Moon stands in the zenith."""
    x, y, z = equatorial(apparent.vectors_au["moon"], apparent.obliquity_rad)
    longitude = np.degrees(np.arctan2(y, x) - apparent.gast_rad)
    return np.degrees(np.arctan2(z, np.hypot(x, y))), (longitude + 180.0) % 360.0 - 180.0


FAMILY: Final = FamilyDefinition(
    name="lunar_eclipses",
    kinds=("lunar_eclipse",),
    bodies=("moon",),
    definition_id="lunar_eclipses/1",
    text=(
        "The instant at which the centre of the Moon passes nearest to the axis of the Earth's "
        "shadow, when the Moon's disc touches the penumbra. The radii of umbra and penumbra are "
        "1.02 (0.998340 p + q -+ s), with p and q the equatorial horizontal parallaxes of Moon "
        "and Sun and s the semidiameter of the Sun: an enlargement by 1/50. Total when the disc "
        "lies inside the umbra, partial when it touches it, else penumbral. A case is "
        "borderline when Danjon's rule for the shadow gives another type or no eclipse."
    ),
    frame="geocentric, apparent, true equator and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source=(
        "Espenak and Meeus, Five Millennium Canon of Lunar Eclipses, NASA/TP-2009-214172, "
        "section 1.6"
    ),
    finder=find_lunar_eclipses,
)
