"""Civil days at a place: what is missing, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from astronomy.observer.days import BodyDay, body_days
from astronomy.observer.events import find_sky_events
from astronomy.observer.place import Place
from astronomy.sampling import Sky

TROMSO = Place(69.65, 18.96)
OSLO_ZONE = ZoneInfo("Europe/Oslo")


def _days(sky: Sky, place: Place, body: str, first: datetime, count: int) -> list[BodyDay]:
    midnights = [(first + timedelta(days=at)).astimezone(UTC) for at in range(count + 1)]
    events = find_sky_events(sky, place, midnights[0], midnights[-1], [body])
    return body_days(sky, place, body, midnights, events)


def _day(sky: Sky, place: Place, body: str, *date: int) -> BodyDay:
    return _days(sky, place, body, datetime(*date, tzinfo=OSLO_ZONE), 1)[0]  # type: ignore[misc,arg-type]  # three numbers


def test_the_midnight_sun_is_always_up(sky: Sky) -> None:
    day = _day(sky, TROMSO, "sun", 2026, 6, 21)
    assert day.missing["rise"] == day.missing["set"] == "always_up"
    assert day.missing["civil_dawn"] == day.missing["astronomical_dusk"] == "always_up"
    assert day.up_s == 86_400.0
    assert "transit" in day.first


def test_the_polar_night_is_always_down_and_has_a_civil_twilight(sky: Sky) -> None:
    day = _day(sky, TROMSO, "sun", 2026, 12, 21)
    assert day.missing["rise"] == day.missing["set"] == "always_down"
    assert day.missing["golden_morning_end"] == "always_down"
    assert {"civil_dawn", "civil_dusk", "nautical_dawn", "transit"} <= set(day.first)
    assert day.up_s == 0.0


def test_a_day_without_moonrise_says_so(sky: Sky) -> None:
    """The Moon rises 50 minutes later each day, so that once a month a day has no moonrise."""
    first = datetime(2026, 3, 1, tzinfo=UTC)
    days = _days(sky, Place(52.52, 13.405), "moon", first, 30)
    without = [day for day in days if "rise" not in day.first]
    assert len(without) in {1, 2}
    assert all(day.missing["rise"] == "no_event_today" for day in without)
    assert any(day.missing.get("transit") == "no_event_today" for day in days)


def test_a_day_is_as_long_as_from_sunrise_to_sunset(sky: Sky) -> None:
    day = _day(sky, Place(59.91, 10.75), "sun", 2026, 9, 1)
    assert day.missing == {}
    length = day.first["set"].utc - day.first["rise"].utc
    assert day.up_s == length.total_seconds()


def test_the_change_of_the_clocks_makes_a_day_of_23_hours(sky: Sky) -> None:
    day = _day(sky, TROMSO, "sun", 2026, 3, 29)
    assert day.end - day.start == timedelta(hours=23)


@pytest.mark.parametrize("lat", [-90.0, -75.0, -45.0, 0.0, 45.0, 67.0, 82.0, 90.0])
@pytest.mark.parametrize("body", ["sun", "moon", "venus"])
def test_every_name_is_there_or_its_reason_and_states_agree(
    sky: Sky, lat: float, body: str
) -> None:
    days = _days(sky, Place(lat, 25.0), body, datetime(2026, 3, 10, tzinfo=UTC), 40)
    for day in days:
        assert not set(day.first) & set(day.missing)
        assert {"rise", "set", "transit"} <= set(day.first) | set(day.missing)
        assert (day.missing.get("rise") == "always_up") == (day.up_s == 86_400.0)
        assert (day.missing.get("rise") == "always_down") == (day.up_s == 0.0)
    for before, after in pairwise(days):
        states = (before.missing.get("rise"), after.missing.get("rise"))
        assert states not in {("always_up", "always_down"), ("always_down", "always_up")}
