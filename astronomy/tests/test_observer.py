"""Rise, set, transit and twilights at a place."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skyfield import almanac
from skyfield.api import wgs84

from astronomy.bodies import BODIES
from astronomy.observer.events import SkyEvent, find_sky_events
from astronomy.observer.place import Place
from astronomy.observer.view import View
from astronomy.sampling import Sky

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
BERLIN = Place(52.52, 13.405, 34.0)
TROMSO = Place(69.65, 18.96)
FAR_NORTH = Place(84.5, 30.0)
DAY = timedelta(days=1)

inside = st.datetimes(
    datetime(2026, 3, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2026, 4, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def _named(events: list[SkyEvent], *names: str) -> list[SkyEvent]:
    return [event for event in events if event.event in names]


@pytest.mark.parametrize("body", ["sun", "moon", "mars"])
@pytest.mark.parametrize(
    ("event", "search"),
    [("rise", almanac.find_risings), ("set", almanac.find_settings)],
    ids=["rise", "set"],
)
def test_rise_and_set_are_those_of_skyfield(
    sky: Sky, body: str, event: str, search: object
) -> None:
    """Skyfield steps three times towards the horizon, which leaves up to 0.1 s."""
    timescale, kernel = sky.timescale, sky.ephemeris.kernel
    observer = kernel["earth"] + wgs84.latlon(52.52, 13.405, elevation_m=34.0)
    target = kernel[BODIES[body].kernel_name]
    assert callable(search)
    times, real = search(observer, target, timescale.utc(2026), timescale.utc(2027))
    expected = [t for t, is_real in zip(times.utc_datetime(), real, strict=True) if is_real]
    found = [e.utc for e in _named(find_sky_events(sky, BERLIN, START, END, [body]), event)]
    assert len(found) == len(expected)
    differences = [abs((a - b).total_seconds()) for a, b in zip(found, expected, strict=True)]
    assert max(differences) < 0.1


@pytest.mark.parametrize("body", ["sun", "moon", "venus"])
def test_transits_are_those_of_skyfield(sky: Sky, body: str) -> None:
    timescale, kernel = sky.timescale, sky.ephemeris.kernel
    observer = kernel["earth"] + wgs84.latlon(52.52, 13.405, elevation_m=34.0)
    target = kernel[BODIES[body].kernel_name]
    times = almanac.find_transits(observer, target, timescale.utc(2026), timescale.utc(2027))
    found = [e.utc for e in _named(find_sky_events(sky, BERLIN, START, END, [body]), "transit")]
    expected = list(times.utc_datetime())
    assert len(found) == len(expected)
    differences = [abs((a - b).total_seconds()) for a, b in zip(found, expected, strict=True)]
    assert max(differences) < 0.01


@pytest.mark.parametrize("lat", [-66.0, 0.0, 52.52, 69.65, 78.2])
def test_twilights_are_those_of_skyfield(sky: Sky, lat: float) -> None:
    """``dark_twilight_day`` samples each hour, so that it misses only what is shorter."""
    timescale, kernel = sky.timescale, sky.ephemeris.kernel
    state = almanac.dark_twilight_day(kernel, wgs84.latlon(lat, 13.405))
    times, _ = almanac.find_discrete(timescale.utc(2026, 2), timescale.utc(2026, 5), state)
    start, end = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    golden = {"transit", "golden_morning_begin", "golden_morning_end"}
    golden |= {"golden_evening_begin", "golden_evening_end"}
    events = find_sky_events(sky, Place(lat, 13.405), start, end, ["sun"])
    found = [event.utc for event in events if event.event not in golden]
    expected = list(times.utc_datetime())
    assert len(found) == len(expected)
    differences = [abs((a - b).total_seconds()) for a, b in zip(found, expected, strict=True)]
    assert np.percentile(differences, 95) < 0.6  # its horizon is -0.8333 degrees, not -50'
    assert max(differences) < 30.0


def test_tromso_has_249_sunrises_in_2026(sky: Sky) -> None:
    """Skyfield's own search returns 365 rows there, of which 249 are real."""
    names = Counter(e.event for e in find_sky_events(sky, TROMSO, START, END, ["sun"]))
    assert names["rise"] == names["set"]
    assert abs(names["rise"] - 249) <= 1
    assert names["transit"] == 365


@pytest.mark.parametrize("lat", [90.0, -90.0, 89.9999])
def test_at_the_poles_the_sun_rises_once_a_year(sky: Sky, lat: float) -> None:
    names = Counter(e.event for e in find_sky_events(sky, Place(lat, 0.0), START, END, ["sun"]))
    assert (names["rise"], names["set"]) == (1, 1)
    assert names["astronomical_dawn"] == names["astronomical_dusk"] == 1


@pytest.mark.parametrize("place", [BERLIN, TROMSO, FAR_NORTH], ids=["berlin", "tromso", "north"])
@given(cut=inside)
@settings(max_examples=8, deadline=None)
@pytest.mark.slow
def test_a_window_may_be_cut_anywhere(sky: Sky, place: Place, cut: datetime) -> None:
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    whole = find_sky_events(sky, place, start, end, BODIES)
    first = find_sky_events(sky, place, start, cut, BODIES) if cut > start else []
    second = find_sky_events(sky, place, cut, end, BODIES) if cut < end else []
    assert first + second == whole


@given(
    lat=st.floats(-90.0, 90.0),
    lon=st.floats(-180.0, 180.0),
    body=st.sampled_from(sorted(BODIES)),
)
@settings(max_examples=25, deadline=None)
def test_anywhere_rise_and_set_alternate_at_the_horizon(
    sky: Sky, lat: float, lon: float, body: str
) -> None:
    start = datetime(2026, 5, 1, tzinfo=UTC)
    events = find_sky_events(sky, Place(lat, lon), start, start + 40 * DAY, [body])
    passages = _named(events, "rise", "set")
    names = [event.event for event in passages]
    assert all(a != b for a, b in pairwise(names))
    level = {"sun": -0.833, "moon": -0.82}.get(body, -0.567)
    assert all(abs(event.altitude_deg - level) < 0.03 for event in passages)


def test_samples_are_within_milliarcseconds_of_skyfield(sky: Sky) -> None:
    """The Moon's parallax is taken after the aberration: 20 arcseconds of a degree."""
    view, days = View(sky, BERLIN), 9500.0 + np.linspace(0.0, 300.0, 500)
    for body in BODIES:
        direct, sampled = view.confirmed(body, days).vector_au, view.vector_au(body, days)
        direct, sampled = (v / np.linalg.norm(v, axis=0) for v in (direct, sampled))
        apart_mas = np.degrees(np.linalg.norm(direct - sampled, axis=0)) * 3.6e6
        assert np.max(apart_mas) < (400.0 if body == "moon" else 3.0)


def test_a_raised_horizon_delays_the_sun_and_a_lowered_one_hastens_it(sky: Sky) -> None:
    day = (datetime(2026, 6, 21, tzinfo=UTC), datetime(2026, 6, 22, tzinfo=UTC))
    rises = [
        _named(find_sky_events(sky, Place(52.52, 13.405, 34.0, horizon), *day, ["sun"]), "rise")[0]
        for horizon in (-2.0, 0.0, 5.0)
    ]
    assert rises[0].utc < rises[1].utc < rises[2].utc
    # Bennett's refraction at 5 degrees is 9.9 arcminutes; the Sun's semidiameter is 16.
    assert rises[2].altitude_deg == pytest.approx(5.0 - (9.8 + 16.0) / 60.0, abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((91.0, 0.0), "lat_deg is 91.0; it must be from -90 to 90"),
        ((float("nan"), 0.0), "lat_deg is nan"),
        ((0.0, 180.5), "lon_deg is 180.5; it must be from -180 to 180"),
        ((0.0, float("inf")), "lon_deg is inf"),
        ((0.0, 0.0, 1e6), "elevation_m is 1000000.0; it must be from -500 to 9000"),
        ((0.0, 0.0, 0.0, 60.0), "horizon_deg is 60.0; it must be from -10 to 45"),
    ],
)
def test_a_place_off_the_earth_is_refused_naming_the_limits(
    arguments: tuple[float, ...], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        Place(*arguments)


def test_an_unknown_body_is_named_with_those_there_are(sky: Sky) -> None:
    with pytest.raises(ValueError, match="Unknown body vulcan; the bodies are sun, moon, "):
        find_sky_events(sky, BERLIN, START, END, ["vulcan", "sun"])


def test_the_ends_of_the_span_can_be_asked_for(sky: Sky) -> None:
    first, last = datetime(1900, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
    for start in (first, last - 3 * DAY):
        names = Counter(
            (e.body, e.event) for e in find_sky_events(sky, BERLIN, start, start + 3 * DAY, BODIES)
        )
        assert names["sun", "rise"] == names["sun", "set"] == 3
