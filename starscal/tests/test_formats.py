"""What Django writes itself, in the admin and its forms, follows CLDR in hi and hy too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.forms import DateTimeField
from django.utils.formats import date_format, number_format
from django.utils.translation import override

MORNING = datetime(2026, 8, 2, 9, 5, tzinfo=UTC)
EVENING = datetime(2026, 8, 2, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize("name", ["TIME_FORMAT", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT"])
@pytest.mark.parametrize("code", ["hi", "hy"])
def test_morning_and_evening_differ(code: str, name: str) -> None:
    with override(code):
        assert date_format(MORNING, name) != date_format(EVENING, name)


def test_armenian_dates_and_numbers() -> None:
    with override("hy"):
        assert date_format(EVENING, "DATETIME_FORMAT") == "02.08.2026, 21:05"
        assert number_format(1234.5, use_l10n=True, force_grouping=True) == "1\xa0234,5"


def test_hindi_dates_and_numbers() -> None:
    with override("hi"):
        assert date_format(EVENING, "DATETIME_FORMAT") == "2 अगस्त 2026, 21:05"
        assert number_format(1234567, use_l10n=True, force_grouping=True) == "12,34,567"


@pytest.mark.parametrize("code", ["hi", "hy"])
def test_forms_take_what_they_write_and_iso(code: str) -> None:
    with override(code):
        field = DateTimeField()
        assert field.clean("2026-08-02 21:05").hour == 21
        written = field.widget.format_value(EVENING)
        assert field.clean(str(written)).day == 2
