"""Texts of the twenty-four solar terms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from astronomy.calendar_names import TERMS
from events.facts import Facts, Phrases
from events.texts.paragraphs import paragraph
from starscal.core.formats import degrees_text

NAME = _("Solar term")
ABOUT = _(
    "One of the 24 solar terms of the East Asian calendars: the Sun has moved 15° along the "
    "ecliptic since the one before. Their names follow the seasons of northern China; the date in "
    "China, Japan or Korea is that of the local time there."
)
# Translators: longitude is an angle such as "315°"
REACHED = _(
    "The Sun reaches %(longitude)s of ecliptic longitude: one of the 24 solar terms, which are "
    "named after the seasons of northern China."
)
# Translators: what tradition says of a solar term, in northern China
TOLD: Phrases = {
    "chunfen": _(
        "Day and night are about equally long: the middle of spring in the traditional calendar."
    ),
    "qingming": _(
        "The air is clear and the fields turn green; in these days families tend the graves of "
        "their ancestors."
    ),
    "guyu": _("Rain makes the grain grow: the last term of spring."),
    "lixia": _("Summer begins in the traditional calendar, and what was sown shoots up."),
    "xiaoman": _("The grains of the winter wheat fill, but they are not ripe yet."),
    "mangzhong": _("Wheat is harvested and millet is sown: the busiest time in the fields."),
    "xiazhi": _(
        "The longest day of northern lands: the middle of summer in the traditional calendar."
    ),
    "xiaoshu": _("The heat sets in, but the hottest days are still to come."),
    "dashu": _("The hottest days of the year, with heat and thunderstorms."),
    "liqiu": _("Autumn begins in the traditional calendar, though the heat lingers."),
    "chushu": _("The heat of summer comes to its end."),
    "bailu": _("The nights grow cool, and dew whitens the grass in the morning."),
    "qiufen": _(
        "Day and night are about equally long: the middle of autumn in the traditional calendar."
    ),
    "hanlu": _("The dew grows cold, and wild geese fly south."),
    "shuangjiang": _("The first frost falls: the last term of autumn."),
    "lidong": _("Winter begins in the traditional calendar, and the harvest is stored."),
    "xiaoxue": _("The first snow falls, but little of it stays."),
    "daxue": _("Snow falls more often and covers the fields."),
    "dongzhi": _(
        "The shortest day of northern lands: the middle of winter in the traditional calendar."
    ),
    "xiaohan": _("The cold grows severe, but the coldest days are mostly still to come."),
    "dahan": _("The coldest days of the year: the last term before spring."),
    "lichun": _(
        "Spring begins in the traditional calendar, and with it the round of the 24 terms."
    ),
    "yushui": _("Snow turns to rain, and the ice melts."),
    "jingzhe": _("Spring thunder wakes the insects that slept in the ground."),
}


def title(facts: Facts) -> str:
    return str(TERMS[facts.details["term"]])


def description(facts: Facts) -> str:
    longitude = {"longitude": degrees_text(facts.details["longitude_deg"], 0)}
    return paragraph(str(REACHED) % longitude, TOLD[facts.details["term"]])
