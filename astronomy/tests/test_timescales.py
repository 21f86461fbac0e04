"""TT, UTC and UT1 against published values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from astronomy import timescales as scales
from astronomy.constants import DAY_S

TIMESCALE = scales.open_timescale()

aware = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2100, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


# TT - UTC is 32.184 s + (TAI - UTC): IERS Bulletin C, announcements of leap seconds.
@pytest.mark.parametrize(
    ("utc", "tt_minus_utc_s"),
    [
        (datetime(1972, 1, 1, tzinfo=UTC), 42.184),
        (datetime(1972, 6, 30, 23, 59, 59, tzinfo=UTC), 42.184),
        (datetime(1972, 7, 1, tzinfo=UTC), 43.184),
        (datetime(1999, 1, 1, tzinfo=UTC), 64.184),
        (datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC), 68.184),
        (datetime(2017, 1, 1, tzinfo=UTC), 69.184),
        (datetime(2100, 1, 1, tzinfo=UTC), 69.184),
    ],
    ids=str,
)
def test_tt_is_ahead_of_utc_by_the_announced_leap_seconds(
    utc: datetime, tt_minus_utc_s: float
) -> None:
    elapsed = (utc - datetime(2000, 1, 1, 12, tzinfo=UTC)) / timedelta(days=1)
    days = scales.days_from_datetime(TIMESCALE, utc)
    assert (days - elapsed) * DAY_S == pytest.approx(tt_minus_utc_s, abs=1e-5)
    label = scales.utc_milliseconds(TIMESCALE, np.array([days]))[0]
    assert scales.datetime_from_milliseconds(label) == utc


def test_a_leap_second_is_labelled_as_the_second_that_follows() -> None:
    before = scales.days_from_datetime(TIMESCALE, datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC))
    inside = scales.utc_milliseconds(TIMESCALE, np.array([before + 1.5 / DAY_S]))[0]
    label = scales.datetime_from_milliseconds(inside)
    assert abs(label - datetime(2017, 1, 1, tzinfo=UTC)) <= timedelta(seconds=0.5)


# Delta T: Morrison, Stephenson, Hohenkerk and Zawilski (2021), and IERS since 1962.
@pytest.mark.parametrize(
    ("year", "delta_t_s", "tolerance_s"),
    [(1900.0, -2.0, 1.0), (1950.0, 29.0, 0.6), (1973.0853, 43.47, 0.02), (2000.0, 63.83, 0.02)],
)
def test_delta_t_is_the_published_one(year: float, delta_t_s: float, tolerance_s: float) -> None:
    days = np.array([(year - 2000) * 365.25])
    assert scales.delta_t_seconds(TIMESCALE, days)[0] == pytest.approx(delta_t_s, abs=tolerance_s)


@given(aware)
def test_a_label_and_its_instant_are_inverse_to_half_a_millisecond(moment: datetime) -> None:
    days = np.array([scales.days_from_datetime(TIMESCALE, moment)])
    label = scales.datetime_from_milliseconds(scales.utc_milliseconds(TIMESCALE, days)[0])
    assert abs(label - moment) <= timedelta(milliseconds=0.6)


@given(aware.filter(lambda moment: moment.year < 1972))
def test_before_1972_the_utc_label_is_ut1(moment: datetime) -> None:
    days = np.array([scales.days_from_datetime(TIMESCALE, moment)])
    utc = scales.utc_milliseconds(TIMESCALE, days)
    assert np.array_equal(utc, scales.ut1_milliseconds(TIMESCALE, days))


@given(aware.filter(lambda moment: 1972 <= moment.year <= 2026))
def test_from_1972_to_today_utc_and_ut1_differ_by_less_than_a_second(moment: datetime) -> None:
    days = np.array([scales.days_from_datetime(TIMESCALE, moment)])
    off_ms = scales.utc_milliseconds(TIMESCALE, days) - scales.ut1_milliseconds(TIMESCALE, days)
    assert abs(int(off_ms[0])) < 1000


def test_a_zone_does_not_change_the_instant() -> None:
    utc = datetime(2026, 8, 12, 17, 46, tzinfo=UTC)
    elsewhere = utc.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert scales.days_from_datetime(TIMESCALE, utc) == scales.days_from_datetime(
        TIMESCALE, elsewhere
    )


def test_the_uncertainty_of_delta_t_grows_into_the_future() -> None:
    years = np.array([1950, 2026, 2030, 2050, 2100])
    sigma_s = scales.delta_t_uncertainty_s((years - 2000) * 365.25)
    assert sigma_s == pytest.approx([0.1, 0.1, 1.0, 23.0, 107.0], abs=0.01)


def test_a_time_keeps_its_microseconds() -> None:
    days = np.array([9000.123456789012])
    moment = scales.time_at(TIMESCALE, days)
    assert float(moment.tt_fraction[0] * DAY_S) == pytest.approx(0.123456789012 * DAY_S, abs=1e-6)


def test_texts_have_milliseconds_and_only_universal_time_a_zone() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 6000, tzinfo=UTC)
    assert scales.format_utc(moment) == "2026-01-02T03:04:05.006Z"
    assert scales.format_tt(2451545.0, 0.0) == "2000-01-01T12:00:00.000"
    assert scales.format_tt(2451545.0, 0.9999999999) == "2000-01-02T12:00:00.000"
