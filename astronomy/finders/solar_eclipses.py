"""Solar eclipses, seen from the Earth as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES as BODY
from astronomy.constants import DAY_S
from astronomy.finders.besselian import (
    BODIES,
    direct_elements,
    nearest_limb,
    sampled_elements,
)
from astronomy.finders.build import (
    Confirmed,
    Finding,
    build_occurrences,
    contact_labels,
    optional,
    utc_datetimes,
)
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.lunation import lunation_numbers, solar_saros
from astronomy.finders.solar_circumstances import (
    Greatest,
    central_duration_days,
    geodetic_deg,
    greatest_from,
    obscuration,
    path_width_km,
    sun_altitude_deg,
)
from astronomy.finders.solar_contacts import find_solar_contacts
from astronomy.finders.syzygies import find_greatest
from astronomy.finders.window import open_window
from astronomy.occurrence import Occurrence, SolarEclipseDetails, SolarEclipseType
from astronomy.sampling import Sky
from astronomy.timescales import Bools, Floats, Ints, delta_t_seconds, delta_t_uncertainty_s

_RATE_STEP_DAYS: Final = 1.0 / 1440.0
_UNCERTAINTY_RAD: Final = float(
    np.radians(np.hypot(BODY["moon"].uncertainty_arcsec, BODY["sun"].uncertainty_arcsec) / 3600.0)
)
# A sidereal day turns the Earth by 360 degrees: degrees a second of UT1.
_TURN_DEG_S: Final = 360.0 * 1.00273781191135448 / DAY_S


@dataclass(frozen=True)
class _Eclipses:
    """All that is known of n solar eclipses, as arrays."""

    confirmed: Confirmed
    greatest: Greatest
    lunations: Ints
    types: list[SolarEclipseType]
    contacts: dict[str, Floats]
    rate: Floats


def find_solar_eclipses(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the solar eclipses in ``[start, end)``, oldest first.

    A solar eclipse happens when the penumbra of the Moon touches the WGS 84 ellipsoid. Its
    instant, greatest eclipse, is when the axis of the shadow passes nearest to the geocentre.

    Frame: geocentric, apparent, true equator of date; places on WGS 84, east positive.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: in the names of SolarEclipseDetails.    Shape: one occurrence an eclipse.
    Tolerance: 1 ms; 1e-6 in gamma and magnitude.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Explanatory Supplement (2013), ch. 11; Espenak and Meeus, NASA/TP-2006-214141,
    whose radii of the Moon are used; checked against that canon.
    """
    window = open_window(sky.ephemeris, start, end)
    confirmed = find_greatest(sky, window, 0, sampled_elements, direct_elements)
    eclipses = _eclipses(sky, confirmed)
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=FAMILY.name,
            definition_id=FAMILY.definition_id,
            bodies=BODIES,
            confirmed=eclipses.confirmed,
            findings=_findings(sky, eclipses),
        )
    )


def _eclipses(sky: Sky, candidates: Confirmed) -> _Eclipses:
    limb = nearest_limb(elements := sampled_elements(sky, candidates.days))
    confirmed = candidates.chosen(limb.from_axis < elements.penumbra_radius(limb.height))
    greatest = greatest_from(sky.confirmed(BODIES, confirmed.days))
    contacts = find_solar_contacts(sky, confirmed.days, greatest.elements)
    return _Eclipses(
        confirmed=confirmed,
        greatest=greatest,
        lunations=lunation_numbers(confirmed.days, np.zeros(len(confirmed.days))),
        types=_types(sky, greatest, contacts),
        contacts=contacts,
        rate=_axis_rate(sky, confirmed.days),
    )


def _axis_rate(sky: Sky, days: Floats) -> Floats:
    """Return the speed of the axis in the fundamental plane, Earth radii a day."""
    before = sampled_elements(sky, days - _RATE_STEP_DAYS)
    after = sampled_elements(sky, days + _RATE_STEP_DAYS)
    return np.asarray(np.hypot(after.x - before.x, after.y - before.y) / (2.0 * _RATE_STEP_DAYS))


def _types(sky: Sky, greatest: Greatest, contacts: dict[str, Floats]) -> list[SolarEclipseType]:
    """Return the types; a hybrid is total at greatest and annular at an end of its path."""
    ends = (contacts["c1"], contacts["c2"])
    annular_end = np.any([_annular_at_limb(sky, days) for days in ends], axis=0)
    return [
        _type(bool(touches), bool(umbra < 0.0), bool(annular))
        for touches, umbra, annular in zip(
            greatest.touches, greatest.umbra, annular_end, strict=True
        )
    ]


def _annular_at_limb(sky: Sky, days: Floats) -> Bools:
    at = np.flatnonzero(np.isfinite(days))
    elements = sampled_elements(sky, days[at])
    annular = np.zeros(len(days), dtype=bool)
    annular[at] = elements.umbra_radius(nearest_limb(elements).height) > 0.0
    return annular


def _type(touches: bool, total: bool, annular_end: bool) -> SolarEclipseType:
    if not touches:
        return "partial"
    if not total:
        return "annular"
    return "hybrid" if annular_end else "total"


def _findings(sky: Sky, eclipses: _Eclipses) -> list[Finding]:
    details = _details(sky, eclipses)
    uncertainty_s = _UNCERTAINTY_RAD * eclipses.greatest.elements.z / eclipses.rate * DAY_S
    begins = utc_datetimes(sky, eclipses.contacts["p1"])
    ends = utc_datetimes(sky, eclipses.contacts["p4"])
    return [
        Finding(
            key=f"solar-eclipses-sun-moon-{eclipses.lunations[at]}-{detail['saros']}",
            kind=FAMILY.kinds[0],
            uncertainty_s=float(uncertainty_s[at]),
            details=detail,
            begins_utc=begins[at],
            ends_utc=ends[at],
        )
        for at, detail in enumerate(details)
    ]


def _details(sky: Sky, eclipses: _Eclipses) -> list[SolarEclipseDetails]:
    greatest, contacts = eclipses.greatest, eclipses.contacts
    days = eclipses.confirmed.days
    latitude, longitude = geodetic_deg(greatest.place(), greatest.gast_rad)
    covered = obscuration(greatest)
    altitude = sun_altitude_deg(greatest)
    width_km = np.where(greatest.central, path_width_km(sky, greatest), np.nan)
    duration_s = _central_duration_s(sky, greatest)
    saros = solar_saros(eclipses.lunations)
    delta_t_s = delta_t_seconds(sky.timescale, days)
    longitude_sigma = delta_t_uncertainty_s(days) * _TURN_DEG_S
    labels = contact_labels(sky, contacts)
    return [
        SolarEclipseDetails(
            type=eclipses.types[at],
            central=bool(greatest.central[at]),
            gamma=round(float(greatest.elements.gamma[at]), 6),
            magnitude=round(float(greatest.magnitude[at]), 6),
            obscuration=round(float(covered[at]), 6),
            saros=int(saros[at]),
            lunation_number=int(eclipses.lunations[at]),
            greatest_lat_deg=round(float(latitude[at]), 4),
            greatest_lon_deg=round(float(longitude[at]), 4),
            greatest_lon_uncertainty_deg=round(float(longitude_sigma[at]), 4),
            sun_altitude_deg=round(float(altitude[at]), 2) + 0.0,  # no minus zero
            path_width_km=optional(width_km[at], 1),
            central_duration_s=optional(duration_s[at], 1),
            partial_duration_s=round(float(contacts["p4"][at] - contacts["p1"][at]) * DAY_S, 1),
            umbral_duration_s=optional((contacts["u4"][at] - contacts["u1"][at]) * DAY_S, 1),
            contacts_utc=labels[at],
            delta_t_s=round(float(delta_t_s[at]), 2),
        )
        for at in range(len(days))
    ]


def _central_duration_s(sky: Sky, greatest: Greatest) -> Floats:
    at = np.flatnonzero(greatest.central)
    duration = np.full(len(greatest.days), np.nan)
    duration[at] = central_duration_days(sky, greatest, at) * DAY_S
    return duration


FAMILY: Final = FamilyDefinition(
    name="solar_eclipses",
    kinds=("solar_eclipse",),
    bodies=BODIES,
    definition_id="solar_eclipses/1",
    text=(
        "The instant at which the axis of the Moon's shadow passes nearest to the centre of the "
        "Earth, when the penumbra touches the WGS 84 ellipsoid. Total or annular where the umbra "
        "or the antumbra touches it, hybrid when both do, else partial; central when the axis "
        "meets the Earth. The Moon's radius is 0.272281 equatorial radii of the Earth for the "
        "umbra and 0.2725076 for the penumbra; the Sun's semidiameter at 1 au is 959.63 "
        "arcseconds. The magnitude is the ratio of the apparent diameters where the axis meets "
        "the Earth, else the covered fraction of the Sun's diameter."
    ),
    frame="geocentric, apparent, true equator and equinox of date; WGS 84",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source=(
        "Explanatory Supplement to the Astronomical Almanac (2013), ch. 11; Espenak and Meeus, "
        "Five Millennium Canon of Solar Eclipses, NASA/TP-2006-214141"
    ),
    finder=find_solar_eclipses,
)
