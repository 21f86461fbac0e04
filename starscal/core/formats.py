"""Numbers, dates and durations as CLDR writes them for the active language."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from starscal.core.i18n import babel_locale, language_normalize


@lru_cache(maxsize=16)
def locale_of(language: str) -> Locale:
    return Locale.parse(babel_locale(language_normalize(language) or "en"))


def active_locale() -> Locale:
    return locale_of(get_language() or "en")


def decimal_text(value: float, digits: int) -> str:
    """Write a number with a fixed count of decimals; halves go to the even digit."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return _decimal_text(rounded, digits, get_language() or "en")


@lru_cache(maxsize=4096)
def _decimal_text(rounded: Decimal, digits: int, language: str) -> str:
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return str(format_decimal(rounded, format=pattern, locale=locale_of(language)))


def large_text(value: float) -> str:
    """Write a large number as the language counts, as in “147.1 million” or “1.471亿”."""
    locale = active_locale()
    # CLDR has one form for Chinese and Japanese, which stands with the short ones.
    length: Literal["long", "short"] = (
        "long" if "long" in locale.compact_decimal_formats else "short"
    )
    return format_compact_decimal(value, format_type=length, locale=locale, fraction_digits=3)


def degrees_text(value: float, digits: int) -> str:
    # Translators: an angle in degrees
    return _("%(value)s°") % {"value": decimal_text(value, digits)}


def percent_text(fraction: float) -> str:
    """Write a fraction as whole per cent; what is neither nothing nor all never reads as either."""
    whole = round(fraction, 2)
    if 0.0 < fraction < 1.0:
        whole = min(max(whole, 0.01), 0.99)
    return str(format_percent(whole, locale=active_locale()))


def duration_text(seconds: float) -> str:
    """Write a duration: seconds below a minute, then minutes with them, then hours and minutes."""
    whole = round(seconds)
    if whole < 60:
        # Translators: a duration such as "8 s"
        return _("%(seconds)d s") % {"seconds": whole}
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        # Translators: a duration such as "4 min 8 s"
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(round(whole / 60), 60)
    # Translators: a duration such as "1 h 25 min"
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def wait_text(seconds: int) -> str:
    """Write how long to wait, as in “in 20 minutes”: never less, and no unit before two of it."""
    unit_s = next((unit_s for unit_s in (3600, 60) if seconds >= 2 * unit_s), 1)
    wait = timedelta(seconds=math.ceil(seconds / unit_s) * unit_s)
    return str(format_timedelta(wait, threshold=2, add_direction=True, locale=active_locale()))


def date_text(at: datetime, style: str = "long") -> str:
    return str(format_date(at, format=style, locale=active_locale()))


def time_text(at: datetime, style: str = "short") -> str:
    return str(format_time(at, format=style, locale=active_locale()))


def minute_text(at: datetime) -> str:
    """Write a moment of which seconds do not matter: a date and the time of day."""
    locale = active_locale()
    pattern = str(locale.datetime_formats["medium"]).replace("'", "")
    return pattern.replace("{0}", time_text(at)).replace("{1}", date_text(at, "medium"))


def millisecond_text(at: datetime) -> str:
    """Write a moment to the millisecond."""
    locale = active_locale()
    clock = str(format_time(at, format="HH:mm:ss.SSS", locale=locale))
    pattern = str(locale.datetime_formats["medium"]).replace("'", "")
    return pattern.replace("{0}", clock).replace("{1}", date_text(at, "medium"))


def date_time_text(at: datetime, style: str = "medium") -> str:
    return str(format_datetime(at, format=style, locale=active_locale()))
