"""Texts of the stations, where a planet turns in its path among the stars."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT

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


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"body": SUBJECT[facts.body]}
