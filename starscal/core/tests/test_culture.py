"""Expected: CLDR's supplemental data (weekData, and the short time pattern of each locale)."""

from __future__ import annotations

import pytest

from starscal.core.culture import Culture, culture_of
from starscal.core.i18n import LOCALES

WEEK = {
    "en": (7, (6, 7), "h12"),
    "zh-hans": (1, (6, 7), "h23"),
    "es": (1, (6, 7), "h23"),
    "hi": (7, (7,), "h12"),
    "pt-br": (7, (6, 7), "h23"),
    "de": (1, (6, 7), "h23"),
    "fr": (1, (6, 7), "h23"),
    "ja": (7, (6, 7), "h23"),
    "ru": (1, (6, 7), "h23"),
    "hy": (1, (6, 7), "h23"),
}
BESIDE = {
    "zh-hans": ("chinese", "solar_terms"),
    "hi": ("hindu",),
    "ja": ("solar_terms",),
    "ru": ("julian", "orthodox"),
    "hy": ("armenian",),
}


@pytest.mark.parametrize("language", LOCALES)
def test_each_language_has_its_week_its_clock_and_its_calendars(language: str) -> None:
    first, weekend, cycle = WEEK[language]
    found = culture_of(language)
    assert (found.first_weekday, found.weekend, found.hour_cycle) == (first, weekend, cycle)
    assert found.calendars == BESIDE.get(language, ())


def test_an_unknown_language_has_english_customs() -> None:
    assert culture_of("xx") == Culture(7, (6, 7), "h12", ())
