"""Texts of the conjunctions of planets, the Moon and bright stars with one another."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT, WITH
from starscal.core.formats import degrees_text

NEAR_SUN_DEG = 12.0

NAMES: Phrases = {
    "conjunction_longitude": gettext_lazy("Conjunction in ecliptic longitude"),
    "conjunction_right_ascension": gettext_lazy("Conjunction in right ascension"),
    "closest_approach": gettext_lazy("Close encounter"),
}
# Translators: with_other is a phrase such as "with Mars" or "with Spica"
TITLES: Phrases = {
    "conjunction_longitude": gettext_lazy("%(body)s in conjunction %(with_other)s"),
    "conjunction_right_ascension": gettext_lazy(
        "%(body)s in conjunction %(with_other)s in right ascension"
    ),
    "closest_approach": gettext_lazy("%(body)s in a close encounter %(with_other)s"),
}
ABOUT: Phrases = {
    "conjunction_longitude": gettext_lazy(
        "The two have the same ecliptic longitude: one stands above the other with respect to the "
        "ecliptic, along which the planets move."
    ),
    "conjunction_right_ascension": gettext_lazy(
        "The two have the same right ascension: one stands exactly north of the other, and both "
        "cross the meridian at the same time."
    ),
    "closest_approach": gettext_lazy(
        "The two stand nearest to each other in the sky, as seen from the Earth's centre. The "
        "Moon's disc is half a degree wide, a fist at arm's length covers about ten degrees."
    ),
}


def title(facts: Facts) -> str:
    names = {"body": SUBJECT[facts.body], "with_other": WITH[facts.other]}
    return str(TITLES[facts.kind]) % names


def description(facts: Facts) -> str:
    apart = {"separation": degrees_text(facts.details["separation_deg"], 1)}
    if facts.details["sun_elongation_deg"] < NEAR_SUN_DEG:
        return (
            _(
                "The two stand %(separation)s apart in the sky, as seen from the Earth's centre, "
                "but too near to the Sun to be seen."
            )
            % apart
        )
    return (
        _(
            "The two stand %(separation)s apart in the sky, as seen from the Earth's centre. The "
            "Moon's disc is half a degree wide, a fist at arm's length covers about ten degrees."
        )
        % apart
    )
