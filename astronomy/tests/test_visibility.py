"""Which events a place can see, and what stands where at their instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from skyfield.api import Star, wgs84

from astronomy.finders import FAMILIES, find_occurrences
from astronomy.local_sky import SeenCache
from astronomy.observer.instants import instant_circumstances
from astronomy.observer.place import Place
from astronomy.observer.screening import visible_among
from astronomy.observer.sightings import OBSERVABLE, Sighting
from astronomy.observer.view import View
from astronomy.observer.visibility import local_view, visible_from
from astronomy.sampling import Sky
from astronomy.timescales import days_from_datetime

BERLIN = Place(52.52, 13.405)
NORTH_POLE = Place(90.0, 0.0)


def _sightings(sky: Sky, start: str, end: str, families: Sequence[str]) -> list[Sighting]:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end))
    return [Sighting.of(each) for each in find_occurrences(sky, first, last, families)]


def _moved(sky: Sky, sighting: Sighting, at: datetime, *bodies: str) -> Sighting:
    days = days_from_datetime(sky.timescale, at)
    return replace(sighting, days=days, bodies=bodies, family="conjunctions", kind="conjunction")


def test_every_family_is_either_watched_or_left_out_on_purpose() -> None:
    unseen = {"seasons", "solar_terms", "ingresses", "aspects", "apsides", "cultural"}
    assert set(FAMILIES) == OBSERVABLE | unseen


def test_a_full_moon_is_seen_all_over_the_world_but_not_at_the_pole_in_summer(sky: Sky) -> None:
    winter, summer = (
        next(s for s in _sightings(sky, *window, ["moon_phases"]) if s.kind == "full_moon")
        for window in (("2026-12-20", "2026-12-27"), ("2026-06-25", "2026-07-03"))
    )
    for place in (BERLIN, Place(-30.0, -170.0), NORTH_POLE):
        assert visible_from(sky, winter, place)["visible"]
    assert visible_from(sky, summer, BERLIN)["visible"]
    assert visible_from(sky, summer, NORTH_POLE)["reason"] == "below_horizon"


@pytest.mark.parametrize(
    ("family", "reason"),
    [
        ("seasons", "not_observable"),
        ("aspects", "not_observable"),
        ("apsides", "not_observable"),
        ("cultural", "not_observable"),
    ],
)
def test_what_nobody_sees_is_not_observable(sky: Sky, family: str, reason: str) -> None:
    found = _sightings(sky, "2026-03-01", "2026-06-30", [family])
    assert found
    assert {visible_from(sky, each, BERLIN)["reason"] for each in found} == {reason}


def test_the_new_moon_is_not_observable_and_a_perigee_beside_the_sun_is_too_near(sky: Sky) -> None:
    (new,) = [
        each
        for each in _sightings(sky, "2026-08-10", "2026-08-15", ["moon_phases"])
        if each.kind == "new_moon"
    ]
    assert visible_from(sky, new, BERLIN)["reason"] == "not_observable"
    beside = replace(new, family="lunar_apsides", kind="perigee")
    assert visible_from(sky, beside, BERLIN)["reason"] == "near_sun"


def test_a_planet_needs_a_dark_sky_and_an_opposition_has_one(sky: Sky) -> None:
    """Venus passed behind the Sun on 2026-01-06; Jupiter stood opposite it on 2026-01-10."""
    found = _sightings(sky, "2026-01-01", "2026-01-15", ["sun_conjunctions"])
    reasons = {each.bodies[0]: visible_from(sky, each, BERLIN)["reason"] for each in found}
    assert reasons == {"venus": "daylight", "jupiter": None, **dict.fromkeys(
        set(reasons) - {"venus", "jupiter"}, "daylight"
    )}  # fmt: skip


def test_two_planets_must_be_up_together(sky: Sky) -> None:
    """On 2026-01-10 Jupiter rose as the Sun set, with Venus beside it."""
    (new,) = _sightings(sky, "2026-08-12", "2026-08-13", ["moon_phases"])
    at = datetime(2026, 1, 10, 22, tzinfo=UTC)
    assert visible_from(sky, _moved(sky, new, at, "jupiter"), BERLIN)["visible"]
    assert visible_from(sky, _moved(sky, new, at, "jupiter", "venus"), BERLIN)["reason"]


def test_spans_lie_within_twelve_hours_and_have_what_is_promised_in_them(sky: Sky) -> None:
    for sighting in _sightings(sky, "2026-05-01", "2026-05-20", ["conjunctions"]):
        view = View(sky, BERLIN)
        for begins, ends in visible_from(sky, sighting, BERLIN)["visible_spans_utc"]:
            edges = [
                days_from_datetime(sky.timescale, datetime.fromisoformat(label))
                for label in (begins, ends)
            ]
            assert abs(edges[0] - sighting.days) <= 0.5 + 1e-6
            middle = np.array([sum(edges) / 2.0])
            assert view.altitude_deg("sun", middle)[0] < -6.0
            assert all(view.altitude_deg(body, middle)[0] > -0.6 for body in sighting.bodies)


@pytest.fixture(scope="module")
def spring_and_eclipses(sky: Sky) -> list[Sighting]:
    found = _sightings(sky, "2026-02-01", "2026-04-01", list(FAMILIES))
    return found + _sightings(sky, "2030-01-01", "2033-01-01", ["solar_eclipses", "lunar_eclipses"])


@pytest.mark.parametrize(
    "place",
    [
        BERLIN,
        pytest.param(Place(0.0, -80.0), marks=pytest.mark.slow),
        Place(84.0, 60.0),
        pytest.param(Place(-67.0, 150.0, 0.0, 20.0), marks=pytest.mark.slow),
    ],
)
def test_many_are_judged_together_as_each_is_alone(
    sky: Sky, spring_and_eclipses: list[Sighting], place: Place
) -> None:
    found = spring_and_eclipses
    alone = [visible_from(sky, each, place)["visible"] for each in found]
    assert visible_among(sky, found, place) == alone
    assert any(alone)
    assert not all(alone)


def test_the_instant_says_where_the_bodies_stand_and_how_dark_it_is(sky: Sky) -> None:
    shower = next(
        each
        for each in _sightings(sky, "2026-08-10", "2026-08-16", ["meteor_showers"])
        if each.details["shower"] == "PER"
    )
    here = instant_circumstances(View(sky, BERLIN), shower)
    kernel, moment = sky.ephemeris.kernel, sky.timescale.tt_jd(2_451_545.0 + shower.days)
    observer = (kernel["earth"] + wgs84.latlon(52.52, 13.405)).at(moment)
    radiant = Star(
        ra_hours=shower.details["radiant_ra_deg"] / 15.0,
        dec_degrees=shower.details["radiant_dec_deg"],
    )
    altitude, azimuth, _ = observer.observe(radiant).apparent().altaz()
    (body,) = here["bodies"]
    assert body["body"] == "radiant"
    assert body["altitude_deg"] == pytest.approx(altitude.degrees, abs=0.02)
    assert body["azimuth_deg"] == pytest.approx(azimuth.degrees, abs=0.03)
    sun, _, _ = observer.observe(kernel["sun"]).apparent().altaz()
    assert here["sun_altitude_deg"] == pytest.approx(sun.degrees, abs=0.01)


@pytest.mark.parametrize(
    ("hour", "twilight"),
    [
        ("12:00", "day"),
        ("19:00", "civil_twilight"),
        ("19:40", "nautical_twilight"),
        ("20:55", "astronomical_twilight"),
        ("23:00", "night"),
    ],
)
def test_twilight_has_its_name(sky: Sky, hour: str, twilight: str) -> None:
    at = datetime.fromisoformat(f"2026-04-30T{hour}").replace(tzinfo=UTC)
    (new,) = _sightings(sky, "2026-08-12", "2026-08-13", ["moon_phases"])
    moved = _moved(sky, new, at, "moon", "spica")
    here = instant_circumstances(View(sky, BERLIN), moved)
    assert local_view(sky, moved, BERLIN).circumstances == here
    assert [body["body"] for body in here["bodies"]] == ["moon", "spica"]
    sun = here["sun_altitude_deg"]
    steps = (-0.833, -6.0, -12.0, -18.0)
    names = ("day", "civil_twilight", "nautical_twilight", "astronomical_twilight", "night")
    assert here["twilight"] == names[sum(sun < step for step in steps)]
    assert here["twilight"] == twilight


def test_what_was_judged_is_kept_up_to_a_limit() -> None:
    cache = SeenCache(2)
    assert cache.seen(BERLIN, []) == []
    assert len(cache) == 0
