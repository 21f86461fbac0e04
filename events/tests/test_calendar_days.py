"""Expected: dates as almanacs print them.

New Year of the horse on 2026-02-17 (Purple Mountain Observatory), risshun on 2026-02-04 (National
Astronomical Observatory of Japan), Diwali on 2026-11-08 (Rashtriya Panchang), Orthodox Easter on
2026-04-12 (tables of the churches), 7 January as 25 December of the Julian calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from django.conf import settings

from events.calendar_days import CALENDARS, CHOSEN, LABELS, CalendarDay, calendar_days
from starscal.core.culture import CALENDARS as BESIDE
from starscal.core.i18n import language_active

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def days(language: str, day: str, calendars: Sequence[str] = ()) -> list[CalendarDay]:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    with language_active(language):
        return calendar_days(at, None, calendars or BESIDE.get(language, ()))


def test_a_chinese_date_in_chinese_is_that_of_the_almanac() -> None:
    new_year, term = days("zh-hans", "2026-02-17T04:00")
    assert new_year.text == "丙午年正月初一"
    assert len(new_year.feasts) == 1
    assert "立春" in term.text


def test_a_chinese_date_in_another_language_is_a_sentence() -> None:
    (found,) = days("en", "2026-02-17T04:00", ["chinese"])
    assert found.text == "day 1 of month 1, year of the Horse"
    (leap,) = days("en", "2025-07-26T04:00", ["chinese"])
    assert leap.text == "day 2 of leap month 6, year of the Snake"


@pytest.mark.parametrize(
    ("at", "term"), [("2026-02-03T14:00", "大寒"), ("2026-02-03T16:00", "立春")]
)
def test_a_solar_term_begins_with_its_day_in_japan(at: str, term: str) -> None:
    """15 hours UTC is midnight there; the instant itself is at 5 hours of the morning."""
    (found,) = days("ja", at)
    assert term in found.text


def test_diwali_is_the_new_moon_of_kartika() -> None:
    (found,) = days("en", "2026-11-08T06:00", ["hindu"])
    assert "Kartika" in found.text
    assert "Chaturdashi" in found.text  # at sunrise; the new moon is kept by the evening
    assert "2083" in found.text
    assert found.feasts == ("Diwali",)


def test_the_julian_calendar_is_thirteen_days_behind() -> None:
    (found,) = days("ru", "2027-01-07T12:00")
    assert (found.code, found.text) == ("julian", "25 декабря")
    julian, orthodox = days("ru", "2026-04-12T12:00")
    assert julian.text == "30 марта"
    assert orthodox.code == "orthodox"


def test_a_leap_day_of_the_julian_calendar_alone_is_written() -> None:
    (found,) = days("ru", "2100-03-14T12:00", ["julian"])
    assert found.text == "29 февраля"


def test_an_armenian_date_names_day_month_and_year() -> None:
    (found,) = days("hy", "2026-11-23T12:00")
    day, month, year = found.text.replace(",", "").split()[:3]  # and "թ.", of the year
    assert (day.isdecimal(), month.isalpha(), year) == (True, True, "1476")
    (easter,) = days("en", "2026-04-05T12:00", ["armenian"])
    assert easter.feasts == ("Easter",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_calendar_is_written_in_every_language(language: str) -> None:
    found = days(language, "2026-04-12T12:00", list(CALENDARS))
    assert {day.code for day in found} == set(CALENDARS) - {"western"}
    assert all(day.text and "%" not in day.text for day in found)


def test_what_is_a_whole_day_is_that_day_in_every_country() -> None:
    at = datetime(2026, 2, 16, 16, tzinfo=UTC)  # midnight in China
    with language_active("zh-hans"):
        found = calendar_days(at, date(2026, 2, 17), ["chinese"])
    assert found[0].text == "丙午年正月初一"


def test_beyond_the_kernel_a_day_is_left_out() -> None:
    codes = [day.code for day in days("en", "1890-01-01", list(CALENDARS))]
    assert not {"chinese", "hindu", "solar_terms"} & set(codes)


def test_every_calendar_named_anywhere_is_known() -> None:
    named = {code for group in (*BESIDE.values(), *CHOSEN.values()) for code in group}
    assert named == set(CALENDARS) == set(LABELS)
