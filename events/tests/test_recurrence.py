"""Civil recurrence: the clock on the wall counts, and short months have a last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from events.recurrence import is_last_of_weekday, moments, moved, number_in_month

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Rule:
    rhythm: str
    starts_at: datetime
    every: int = 1
    timezone: str = "Europe/Berlin"


def local(rule: Rule, count: int) -> list[str]:
    zone = ZoneInfo(rule.timezone)
    return [f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in islice(moments(rule), count)]


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type, misc] # year to minute


def test_seven_in_the_evening_stays_seven_when_clocks_change() -> None:
    rule = Rule("weekly", berlin(2027, 3, 19, 19))
    assert local(rule, 3) == ["2027-03-19 19:00", "2027-03-26 19:00", "2027-04-02 19:00"]
    assert [at.hour for at in islice(moments(rule), 3)] == [18, 18, 17]  # clocks change on 28 March
    autumn = Rule("weekly", berlin(2026, 10, 23, 19), every=2)
    assert [at.hour for at in islice(moments(autumn), 2)] == [17, 18]
    assert local(autumn, 2) == ["2026-10-23 19:00", "2026-11-06 19:00"]


def test_a_skipped_time_comes_by_the_old_offset_and_a_double_one_first() -> None:
    spring = Rule("weekly", berlin(2027, 3, 21, 2, 30))
    assert local(spring, 3) == ["2027-03-21 02:30", "2027-03-28 03:30", "2027-04-04 02:30"]
    autumn = list(islice(moments(Rule("weekly", berlin(2026, 10, 18, 2, 30))), 2))
    assert autumn[1] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            Rule("monthly_day", berlin(2027, 1, 31, 12)),
            ["01-31", "02-28", "03-31", "04-30", "05-31"],
        ),
        (Rule("monthly_day", berlin(2027, 1, 15, 12), every=3), ["01-15", "04-15", "07-15"]),
        (Rule("monthly_weekday", berlin(2027, 1, 8, 12)), ["01-08", "02-12", "03-12", "04-09"]),
        (Rule("monthly_last", berlin(2027, 1, 29, 12)), ["01-29", "02-26", "03-26", "04-30"]),
    ],
    ids=["31st", "quarterly", "second-friday", "last-friday"],
)
def test_months(rule: Rule, expected: list[str]) -> None:
    assert [day[5:10] for day in local(rule, len(expected))] == expected


def test_leap_days_come_on_the_last_of_february() -> None:
    days = local(Rule("yearly", berlin(2028, 2, 29, 12)), 5)
    assert [day[:10] for day in days] == [
        "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29",
    ]  # fmt: skip


def test_the_day_is_that_of_the_zone() -> None:
    rule = Rule("weekly", datetime(2027, 1, 8, 20, tzinfo=UTC), timezone="Asia/Tokyo")
    assert local(rule, 2) == ["2027-01-09 05:00", "2027-01-16 05:00"]


def test_weekdays_are_counted_in_their_month() -> None:
    assert [number_in_month(date(2027, 1, day)) for day in (1, 7, 8, 29)] == [1, 1, 2, 5]
    assert is_last_of_weekday(date(2027, 1, 29))
    assert not is_last_of_weekday(date(2027, 1, 22))


def test_moving_keeps_the_clock_of_each_day() -> None:
    at = berlin(2027, 4, 2, 19).astimezone(UTC)
    to = moved(at, "Europe/Berlin", berlin(2027, 3, 26, 20, 30))
    assert f"{to.astimezone(BERLIN):%Y-%m-%d %H:%M}" == "2027-04-02 20:30"
