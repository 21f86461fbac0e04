"""Transits of Mercury and Venus, and occultations by the Moon, as places see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from skyfield.api import wgs84
from skyfield.searchlib import find_discrete
from skyfield.timelib import Time

from astronomy.bodies import BODIES
from astronomy.finders import find_occurrences
from astronomy.observer.circumstances import OccultationCircumstances, TransitCircumstances
from astronomy.observer.occultations import occultation_circumstances
from astronomy.observer.place import Place
from astronomy.observer.transits import transit_circumstances
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.stars import STARS
from astronomy.timescales import Floats
from astronomy.verification.tables import moment

DAY = timedelta(days=1)
MONTREAL = Place(45.51, -73.57)
QUEBEC = Place(46.81, -71.21)
# Orwell Park Observatory, 52 degrees 0.6 minutes north, 1 degree 13.9 minutes east.
ORWELL_PARK = Place(52.0093, 1.2314)


def _event(sky: Sky, family: str, day: str, body: str) -> Occurrence:
    found = find_occurrences(sky, moment(day) - DAY, moment(day) + 2 * DAY, [family])
    return next(each for each in found if body in each.bodies)


def _transit(sky: Sky, day: str, planet: str, place: Place) -> TransitCircumstances:
    event = _event(sky, "transits", day, planet)
    assert event.begins_utc
    assert event.ends_utc
    return transit_circumstances(sky, place, planet, event.begins_utc, event.ends_utc)


def _occultation(sky: Sky, day: str, body: str, place: Place) -> OccultationCircumstances:
    event = _event(sky, "occultations", day, body)
    assert event.begins_utc
    assert event.ends_utc
    return occultation_circumstances(sky, place, body, event.begins_utc, event.ends_utc)


def _instants(contacts: Any) -> dict[str, datetime]:
    return {each["name"]: datetime.fromisoformat(each["utc"]) for each in contacts}


def _changes(
    sky: Sky, place: Place, day: str, is_inside: Callable[[Any, Time], Any]
) -> list[datetime]:
    """Return when a plain Skyfield condition changes, on a grid of a minute and a half."""
    timescale, kernel = sky.timescale, sky.ephemeris.kernel
    observer = kernel["earth"] + wgs84.latlon(place.lat_deg, place.lon_deg)

    def state(time: Time) -> Any:
        return is_inside(observer.at(time), time)

    state.step_days = 1.0 / 960.0  # type: ignore[attr-defined]
    first = timescale.from_datetime(moment(day) - DAY / 2)
    last = timescale.from_datetime(moment(day) + DAY)
    times, _values = find_discrete(first, last, state, epsilon=0.02 / 86400.0)
    return list(times.utc_datetime())


def _apart(observer: Any, first: Any, second: Any) -> tuple[Floats, Any, Any]:
    one, other = (observer.observe(target).apparent() for target in (first, second))
    return np.radians(one.separation_from(other).degrees), one.distance().km, other.distance().km


# Espace pour la vie Montreal, "Visibility of the June 2012 transit": contacts 1 and 2, Eastern
# Daylight Time, here in UTC.
@pytest.mark.parametrize(
    ("place", "c1", "c2"),
    [
        (MONTREAL, "2012-06-05T22:03:42", "2012-06-05T22:21:21"),
        (QUEBEC, "2012-06-05T22:03:37", "2012-06-05T22:21:16"),
    ],
    ids=["montreal", "quebec"],
)
def test_the_transit_of_venus_begins_when_it_was_announced_to(
    sky: Sky, place: Place, c1: str, c2: str
) -> None:
    here = _transit(sky, "2012-06-06", "venus", place)
    contacts = _instants(here["contacts"])
    for name, published in (("c1", c1), ("c2", c2)):
        assert abs((contacts[name] - moment(published)).total_seconds()) <= 6.0
    # The same page: the Sun more than 20 degrees up, and set at 20:36, before the middle.
    seen = {contact["name"]: contact["visible"] for contact in here["contacts"]}
    assert seen == {"c1": True, "c2": True, "maximum": False, "c3": False, "c4": False}
    assert here["contacts"][0]["altitude_deg"] > 20.0
    if place is MONTREAL:
        assert here["visible_spans_utc"][0][1].startswith("2012-06-06T00:3")


@pytest.mark.parametrize(
    ("day", "planet", "radius_km"),
    [("2012-06-06", "venus", 6051.8), ("2019-11-11", "mercury", 2439.4)],
)
@pytest.mark.parametrize("place", [Place(-35.0, 149.0), Place(64.1, -21.9)], ids=["south", "north"])
def test_contacts_of_a_transit_are_those_of_plain_skyfield(
    sky: Sky, day: str, planet: str, radius_km: float, place: Place
) -> None:
    kernel = sky.ephemeris.kernel
    sun_km = 149_597_870.7 * np.sin(np.radians(959.63 / 3600.0))

    def inside(side: float) -> Callable[[Any, Time], Any]:
        def state(observer: Any, _time: Time) -> Any:
            apart, sun, other = _apart(observer, kernel["sun"], kernel[planet])
            return apart < np.arcsin(sun_km / sun) + side * np.arcsin(radius_km / other)

        return state

    here = _instants(_transit(sky, day, planet, place)["contacts"])
    for names, side in ((("c1", "c4"), 1.0), (("c2", "c3"), -1.0)):
        expected = _changes(sky, place, day, inside(side))
        errors_s = [
            abs((here[name] - at).total_seconds()) for name, at in zip(names, expected, strict=True)
        ]
        assert max(errors_s) < 0.3


def test_a_transit_by_night_is_below_the_horizon(sky: Sky) -> None:
    here = _transit(sky, "2019-11-11", "mercury", Place(35.68, 139.69))
    assert (here["visible"], here["reason"]) == (False, "below_horizon")
    assert here["duration_s"] == pytest.approx(5.48 * 3600.0, abs=120.0)


def test_a_transit_that_misses_the_place_has_no_contacts(sky: Sky) -> None:
    """Mercury's centre stands half a degree beside the Sun a day after its transit."""
    start = moment("2019-11-12T10:00")
    here = transit_circumstances(sky, MONTREAL, "mercury", start, start + DAY / 4)
    assert (here["visible"], here["reason"], here["contacts"]) == (False, "not_in_transit", [])


# Orwell Astronomical Society (Ipswich), "Summary of Lunar Occultations for 1999", table 1:
# disappearance and reappearance in UT, altitudes of Sun and star, whole degrees.
@pytest.mark.parametrize(
    ("day", "star", "times", "sun_deg", "star_deg", "visible"),
    [
        ("1999-03-22", "aldebaran", ("18:29:31", "19:38:40"), (-4, -14), (48, 39), (False, True)),
        ("1999-04-24", "regulus", ("21:24:13", "22:10:12"), (-18, -21), (46, 41), (True, True)),
    ],
    ids=["aldebaran", "regulus"],
)
def test_occultations_over_ipswich_are_the_published_ones(
    sky: Sky,
    day: str,
    star: str,
    times: tuple[str, str],
    sun_deg: tuple[int, int],
    star_deg: tuple[int, int],
    visible: tuple[bool, bool],
) -> None:
    here = _occultation(sky, day, star, ORWELL_PARK)
    assert [contact["name"] for contact in here["contacts"]] == ["disappearance", "reappearance"]
    for at, contact in enumerate(here["contacts"]):
        published = moment(f"{day}T{times[at]}")
        assert abs((datetime.fromisoformat(contact["utc"]) - published).total_seconds()) <= 5.0
        assert contact["sun_altitude_deg"] == pytest.approx(sun_deg[at], abs=0.6)
        assert contact["altitude_deg"] == pytest.approx(star_deg[at], abs=0.6)
        assert contact["visible"] == visible[at]
    # The Moon was waxing in both: it leads with its dark limb.
    assert [contact["limb"] for contact in here["contacts"]] == ["dark", "bright"]


@pytest.mark.parametrize("place", [ORWELL_PARK, Place(40.0, -3.7), Place(60.2, 24.9)])
@pytest.mark.parametrize(("day", "body"), [("1999-03-22", "aldebaran"), ("2022-12-08", "mars")])
def test_occultations_are_those_of_plain_skyfield(
    sky: Sky, day: str, body: str, place: Place
) -> None:
    kernel = sky.ephemeris.kernel
    target = STARS[body].star if body in STARS else kernel[BODIES[body].kernel_name]

    def covered(observer: Any, _time: Time) -> Any:
        apart, moon_km, _ = _apart(observer, kernel["moon"], target)
        return apart < np.arcsin(0.2725076 * 6378.137 / moon_km)

    here = _occultation(sky, day, body, place)
    expected = _changes(sky, place, day, covered)
    assert len(here["contacts"]) == len(expected)
    for contact, at in zip(here["contacts"], expected, strict=True):
        assert abs((datetime.fromisoformat(contact["utc"]) - at).total_seconds()) < 0.3
        observer = (kernel["earth"] + wgs84.latlon(place.lat_deg, place.lon_deg)).at(
            sky.timescale.from_datetime(at)
        )
        ra, dec, _ = observer.observe(kernel["moon"]).apparent().radec("date")
        other_ra, other_dec, _ = observer.observe(target).apparent().radec("date")
        east = (other_ra.radians - ra.radians) * np.cos(dec.radians)
        angle = np.degrees(np.arctan2(east, other_dec.radians - dec.radians)) % 360.0
        assert contact["position_angle_deg"] == pytest.approx(angle, abs=1.0)


def test_where_the_moon_passes_beside_the_star_nothing_is_covered(sky: Sky) -> None:
    here = _occultation(sky, "1999-03-22", "aldebaran", Place(-33.9, 18.4))
    assert (here["visible"], here["reason"], here["contacts"]) == (False, "not_occulted", [])


def test_an_occultation_by_day_says_so(sky: Sky) -> None:
    """Aldebaran was covered over London and Stockholm at the same hour: here the Sun is up."""
    here = _occultation(sky, "2017-04-28", "aldebaran", Place(51.5, 0.0))
    assert here["reason"] == "daylight"
    assert {contact["reason"] for contact in here["contacts"]} == {"daylight"}
