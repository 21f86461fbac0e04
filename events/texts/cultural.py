"""Texts of the days of the Chinese, Hindu and church calendars."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from astronomy.calendar_names import CHINESE_FESTIVALS, FEASTS, HINDU_FESTIVALS
from events.facts import Facts, Phrases

_CHINESE_DAY = gettext_lazy(
    "A festival of the Chinese lunisolar calendar. Its day lasts from midnight to midnight in "
    "China."
)
_HINDU_TITHI = gettext_lazy(
    "A tithi is a thirtieth of the month of phases: the Moon moves 12° ahead of the Sun. The "
    "instant is its beginning; the day on which it is kept depends on the sunrise of the place."
)
_FEAST = gettext_lazy(
    "A feast of the church year, on its Gregorian date. The day follows from the date of Easter or "
    "from the calendar of the church."
)
NAMES: Phrases = {
    "chinese_month": gettext_lazy("Chinese month"),
    **CHINESE_FESTIVALS,
    "ekadashi": gettext_lazy("Ekadashi"),
    "purnima": gettext_lazy("Purnima"),
    "amavasya": gettext_lazy("Amavasya"),
    "hindu_festival": gettext_lazy("Hindu festival"),
    "western_easter": gettext_lazy("Western Easter"),
    "orthodox_easter": gettext_lazy("Orthodox Easter"),
    "armenian_easter": gettext_lazy("Armenian Easter"),
    "vardavar": pgettext_lazy("feast", "Vardavar"),
    "western_feast": gettext_lazy("Western church feast"),
    "orthodox_feast": gettext_lazy("Orthodox church feast"),
    "armenian_feast": gettext_lazy("Armenian church feast"),
}
ABOUT: Phrases = {
    **dict.fromkeys(CHINESE_FESTIVALS, _CHINESE_DAY),
    "chinese_month": gettext_lazy(
        "A month of the Chinese lunisolar calendar begins on the day of the new Moon in China. A "
        "month without a major solar term may be a leap month."
    ),
    "qingming_festival": gettext_lazy(
        "The day of the solar term Pure Brightness, on which families tend the graves of their "
        "ancestors. Its day lasts from midnight to midnight in China."
    ),
    "winter_solstice_festival": gettext_lazy(
        "The day in China on which the Sun stands farthest south. Its day lasts from midnight to "
        "midnight there."
    ),
    "ekadashi": _HINDU_TITHI,
    "purnima": _HINDU_TITHI,
    "amavasya": _HINDU_TITHI,
    "hindu_festival": gettext_lazy(
        "A festival of the Hindu lunar calendar, on its day in India. Regions and communities may "
        "keep it a day earlier or later."
    ),
    "western_easter": gettext_lazy(
        "Easter of the Western churches: the Sunday after the full Moon of spring, by the rule of "
        "the Gregorian calendar."
    ),
    "orthodox_easter": gettext_lazy(
        "Easter of the Orthodox churches: the Sunday after the full Moon of spring, by the rule of "
        "the Julian calendar."
    ),
    "armenian_easter": gettext_lazy(
        "Easter of the Armenian Church, on the same Sunday as that of the Western churches."
    ),
    "vardavar": gettext_lazy(
        "The Transfiguration in the Armenian Church, 98 days after Easter. People pour water over "
        "each other."
    ),
    "western_feast": _FEAST,
    "orthodox_feast": _FEAST,
    "armenian_feast": _FEAST,
}


def name_title(facts: Facts) -> str:
    return str(NAMES[facts.kind])


def month_title(facts: Facts) -> str:
    number = {"number": facts.details["month"]}
    if facts.details["leap"]:
        return _("Chinese leap month %(number)d") % number
    return _("Chinese month %(number)d") % number


def festival_title(facts: Facts) -> str:
    return str(HINDU_FESTIVALS[facts.details["festival"]])


_FEAST_TITLES: Phrases = {
    # Translators: a feast as the Western churches keep it
    "western_feast": gettext_lazy("%(feast)s (Western)"),
    # Translators: a feast as the Orthodox churches keep it
    "orthodox_feast": gettext_lazy("%(feast)s (Orthodox)"),
    # Translators: a feast as the Armenian Church keeps it
    "armenian_feast": gettext_lazy("%(feast)s (Armenian)"),
}


def feast_title(facts: Facts) -> str:
    return str(_FEAST_TITLES[facts.kind]) % {"feast": FEASTS[facts.details["feast"]]}
