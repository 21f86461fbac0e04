"""Expected: the patterns of CLDR for each locale, as the charts of unicode.org show them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from starscal.core.formats import (
    active_locale,
    date_text,
    date_time_text,
    decimal_text,
    duration_text,
    large_text,
    percent_text,
    time_text,
    wait_text,
)
from starscal.core.i18n import LOCALES, language_active

AT = datetime(2026, 12, 24, 1, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "1,234.50"),
        ("de", "1.234,50"),
        ("fr", "1\u202f234,50"),
        ("ru", "1\xa0234,50"),
        ("pt-br", "1.234,50"),
        ("ja", "1,234.50"),
    ],
)
def test_numbers(code: str, text: str) -> None:
    with language_active(code):
        assert decimal_text(1234.5, 2) == text


def test_whole_numbers_and_fractions() -> None:
    with language_active("en"):
        assert decimal_text(1234.4, 0) == "1,234"
        assert percent_text(0.987) == "99%"
        assert percent_text(0.998) == "99%"
        assert percent_text(0.001) == "1%"
        assert [percent_text(0.0), percent_text(1.0)] == ["0%", "100%"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "December 24, 2026"),
        ("zh-hans", "2026年12月24日"),
        ("es", "24 de diciembre de 2026"),
        ("hi", "24 दिसंबर 2026"),
        ("pt-br", "24 de dezembro de 2026"),
        ("de", "24. Dezember 2026"),
        ("fr", "24 décembre 2026"),
        ("ja", "2026年12月24日"),
        ("ru", "24 декабря 2026\u202fг."),
        ("hy", "24 դեկտեմբերի, 2026 թ."),
    ],
)
def test_dates(code: str, text: str) -> None:
    with language_active(code):
        assert date_text(AT).replace("\xa0", "\u202f") == text


@pytest.mark.parametrize(
    ("code", "text"), [("en", "1:28\u202fAM"), ("de", "01:28"), ("ja", "1:28")]
)
def test_times(code: str, text: str) -> None:
    with language_active(code):
        assert time_text(AT) == text


@pytest.mark.parametrize("code", LOCALES)
def test_a_date_with_its_time_names_the_year(code: str) -> None:
    with language_active(code):
        assert "2026" in date_time_text(AT)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (7.6, "8 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (248.4, "4 min 8 s"),
        (3599.6, "1 h 0 min"),
        (5100, "1 h 25 min"),
        (7199, "2 h 0 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    with language_active("en"):
        assert duration_text(seconds) == text


def test_an_unknown_language_is_written_as_english(monkeypatch: pytest.MonkeyPatch) -> None:
    with language_active("xx"):
        assert active_locale().language == "en"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "in 1 second"), (119, "in 119 seconds"), (120, "in 2 minutes"), (1199, "in 20 minutes"),
     (1201, "in 21 minutes"), (7199, "in 2 hours"), (7201, "in 3 hours")],
)  # fmt: skip
def test_a_wait_is_told_in_a_fitting_unit_and_never_too_short(seconds: int, text: str) -> None:
    with language_active("en"):
        assert wait_text(seconds) == text


@pytest.mark.parametrize(
    ("code", "text"),
    # CLDR, dateFields: relative times.
    [("ru", "через 21 минуту"), ("ja", "21 分後"), ("de", "in 21 Minuten"), ("hi", "21 मिनट में"),
     ("zh-hans", "21分钟后"), ("hy", "21 րոպեից"), ("pt-br", "em 21 minutos")],
)  # fmt: skip
def test_a_wait_reads_as_the_language_says_it(code: str, text: str) -> None:
    with language_active(code):
        assert wait_text(1250) == text


@pytest.mark.parametrize(
    ("code", "text"),
    # CLDR, compact decimal patterns, long.
    [("en", "147.1 million"), ("zh-hans", "1.471亿"), ("ja", "1.471億"), ("hi", "14.71 करोड़"),
     ("de", "147,1 Millionen"), ("ru", "147,1 миллиона"), ("fr", "147,1 millions")],
)  # fmt: skip
def test_large_numbers_are_counted_as_the_language_counts(code: str, text: str) -> None:
    with language_active(code):
        assert large_text(147_100_000.0).replace("\xa0", " ") == text
