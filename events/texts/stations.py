"""Texts of the stations, where a planet turns in its path among the stars."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT
from events.texts.paragraphs import paragraph
from events.texts.watching import looks

NAMES: Phrases = {
    "station_retrograde": _("Turn to retrograde motion"),
    "station_direct": _("Turn to direct motion"),
}
TITLES: Phrases = {
    "station_retrograde": _("%(body)s turns retrograde"),
    "station_direct": _("%(body)s turns direct"),
}
ABOUT: Phrases = {
    "station_retrograde": _(
        "The planet seems to stand still and then moves westward among the stars for a while. It "
        "only looks so: the Earth and the planet are passing each other on their orbits."
    ),
    "station_direct": _(
        "The planet seems to stand still, ends its backward motion and moves eastward among the "
        "stars again, as it does most of the time."
    ),
}
EVENING_SIDE = _("It stands low in the west after sunset, soon to be lost in the Sun's glare.")
MORNING_SIDE = _("It stands low in the east before sunrise, just back from the Sun's glare.")
# Where inner and outer planets stand when they turn: by geometry always the same.
# Translators: "it" is a planet, named in the title
WHERE: dict[str, tuple[str | Promise, str | Promise]] = {
    "station_retrograde": (
        EVENING_SIDE,
        _(
            "It rises in the course of the evening and is best seen in the second half of the "
            "night."
        ),
    ),
    "station_direct": (
        MORNING_SIDE,
        _("It is up when night falls and is best seen in the evening."),
    ),
}
INNER = frozenset({"mercury", "venus"})


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"body": SUBJECT[facts.body]}


def description(facts: Facts) -> str:
    inner, outer = WHERE[facts.kind]
    where = inner if facts.body in INNER else outer
    return paragraph(ABOUT[facts.kind], where, *looks(facts.bodies))
