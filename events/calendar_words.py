"""What a script needs to write times as the server does: CLDR's patterns and names."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import get_day_names, get_month_names, get_period_names
from django.utils.translation import pgettext

from starscal.core.formats import locale_of
from starscal.core.i18n import LOCALES

MONTHS, WEEKDAYS = range(1, 13), range(7)  # weekdays count from Monday


@lru_cache(maxsize=16)
def calendar_words(language: str) -> dict[str, Any]:
    """Return patterns and names of a language; the letters are those of CLDR's patterns."""
    locale = locale_of(language)
    months, alone = (get_month_names("wide", c, locale) for c in ("format", "stand-alone"))
    periods = get_period_names("abbreviated", "format", locale)
    return {
        "locale": LOCALES[language],
        "patterns": _patterns(locale),
        "months": [months[number] for number in MONTHS],
        "months_alone": [alone[number] for number in MONTHS],
        "weekdays": [get_day_names("wide", "format", locale)[day] for day in WEEKDAYS],
        "weekdays_short": [
            get_day_names("abbreviated", "stand-alone", locale)[day] for day in WEEKDAYS
        ],
        "periods": [periods["am"], periods["pm"]],
    }


def _patterns(locale: Locale) -> dict[str, str]:
    return {
        "full-date": locale.date_formats["full"].pattern,
        "month": locale.datetime_skeletons["yMMMM"].pattern,
        "time": locale.time_formats["short"].pattern,
        "time-seconds": locale.time_formats["medium"].pattern,
        "weekday": "ccc",
        "day": "d",
    }


def unit_signs() -> dict[str, str]:
    """Return the signs of the units of a countdown, which stand under numbers of any size."""
    return {
        # Translators: sign for days under a number of any size; takes no plural
        "day": pgettext("countdown", "d"),
        # Translators: sign for hours under a number of any size; takes no plural
        "hour": pgettext("countdown", "h"),
        # Translators: sign for minutes under a number of any size; takes no plural
        "minute": pgettext("countdown", "min"),
        # Translators: sign for seconds under a number of any size; takes no plural
        "second": pgettext("countdown", "s"),
    }
