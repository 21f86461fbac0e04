"""The kinds of the calendars: Chinese days, Hindu tithis and festivals, feasts of churches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from astronomy.calendar_names import CHINESE_FESTIVALS
from astronomy.occurrence import (
    ChineseDayDetails,
    ChineseMonthDetails,
    ChineseTermDayDetails,
    FeastDetails,
    HinduFestivalDetails,
    TithiDetails,
)
from events.facts import Facts, Text
from events.kinds.kind import Kind, Significance, Slug, always
from events.texts import cultural

CHINA, INDIA, ARMENIA = timedelta(hours=8), timedelta(hours=5, minutes=30), timedelta(hours=4)
_NO_SHIFT = timedelta(0)
TITHI_KINDS = ("ekadashi", "purnima", "amavasya")
FEAST_KINDS = ("western_feast", "orthodox_feast", "armenian_feast")
TERM_DAYS = frozenset({"qingming_festival", "winter_solstice_festival"})
CHINESE_LEVELS = {"chinese_new_year": 4, "mid_autumn_festival": 3}
GREAT_FESTIVALS = frozenset({"diwali", "holi"})
GREAT_FEASTS = frozenset({"good_friday", "palm_sunday", "ascension", "pentecost", "theophany"})
FESTIVAL = Significance(
    # Translators: how much an event matters, from 1 to 5
    _("4 for Diwali and Holi; else 3."),
    lambda facts: 4 if facts.details["festival"] in GREAT_FESTIVALS else 3,
)
FEAST = Significance(
    # Translators: how much an event matters, from 1 to 5
    _("3 for Palm Sunday, Good Friday, Ascension, Pentecost and Theophany; else 2."),
    lambda facts: 3 if facts.details["feast"] in GREAT_FEASTS else 2,
)
# What is told of the single event, beside what such an event is.
TOLD: Mapping[str, Text] = {
    **{
        code: cultural.new_year_told if code == "chinese_new_year" else cultural.chinese_day_told
        for code in CHINESE_FESTIVALS
        if code not in TERM_DAYS
    },
    **dict.fromkeys(TITHI_KINDS, cultural.tithi_told),
    **dict.fromkeys(FEAST_KINDS, cultural.feast_told),
    "chinese_month": cultural.month_told,
    "hindu_festival": cultural.festival_told,
}


def _hyphened(code: str) -> str:
    return code.replace("_", "-")


def _slug(code: str, shift: timedelta) -> Slug:
    stem = _hyphened(code)
    return Slug(stem, lambda _facts: stem, shift=shift)


def _kind(
    code: str, details: type, slug: Slug, significance: Significance, title: Text | None = None
) -> Kind:
    return Kind(
        code, "cultural", cultural.NAMES[code], cultural.ABOUT[code], details,
        slug=slug, title=title or cultural.name_title, significance=significance,
        told=TOLD.get(code),
    )  # fmt: skip


def _chinese(code: str) -> Kind:
    details = ChineseTermDayDetails if code in TERM_DAYS else ChineseDayDetails
    return _kind(code, details, _slug(code, CHINA), always(CHINESE_LEVELS.get(code, 2)))


def _named_by(field: str, ending: str) -> Callable[[Facts], str]:
    return lambda facts: f"{_hyphened(facts.details[field])}-{ending}"


def _feasts(code: str, shift: timedelta) -> Kind:
    stem = _hyphened(code)
    slug = Slug(stem, _named_by("feast", stem), shift=shift)
    return _kind(code, FeastDetails, slug, FEAST, cultural.feast_title)


KINDS = (
    _kind(
        "chinese_month", ChineseMonthDetails, _slug("chinese_month", CHINA), always(1),
        cultural.month_title,
    ),
    *(_chinese(code) for code in CHINESE_FESTIVALS),
    *(
        _kind(code, TithiDetails, _slug(code, INDIA), always(2))
        for code in TITHI_KINDS
    ),
    _kind(
        "hindu_festival",
        HinduFestivalDetails,
        Slug("hindu-festival", _named_by("festival", "hindu-festival"), shift=INDIA),
        FESTIVAL,
        cultural.festival_title,
    ),
    _kind("western_easter", FeastDetails, _slug("western_easter", _NO_SHIFT), always(4)),
    _kind("orthodox_easter", FeastDetails, _slug("orthodox_easter", _NO_SHIFT), always(4)),
    _kind("armenian_easter", FeastDetails, _slug("armenian_easter", ARMENIA), always(3)),
    _kind("vardavar", FeastDetails, _slug("vardavar", ARMENIA), always(3)),
    _feasts("western_feast", _NO_SHIFT),
    _feasts("orthodox_feast", _NO_SHIFT),
    _feasts("armenian_feast", ARMENIA),
)  # fmt: skip

FAMILIES: dict[str, str | Promise] = {"cultural": _("Calendars of peoples and churches")}
