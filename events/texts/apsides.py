"""Texts of the perihelia and aphelia of the planets."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astronomy.constants import AU_KM
from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT
from events.texts.paragraphs import paragraph
from starscal.core.formats import decimal_text, large_text

NAMES: Phrases = {
    "perihelion": gettext_lazy("Perihelion"),
    "aphelion": gettext_lazy("Aphelion"),
}
TITLES: Phrases = {
    "perihelion": gettext_lazy("%(body)s at perihelion"),
    "aphelion": gettext_lazy("%(body)s at aphelion"),
}
ABOUT: Phrases = {
    "perihelion": gettext_lazy(
        "The planet is nearest to the Sun on this turn of its orbit and moves fastest."
    ),
    "aphelion": gettext_lazy(
        "The planet is farthest from the Sun on this turn of its orbit and moves slowest."
    ),
}
# Translators: "it" is a planet, named in the title; distance is a number with two decimals
DISTANCE = gettext_lazy(
    "It is then %(distance)s au from the Sun; the Earth's mean distance is 1 au."
)
SEASONS = gettext_lazy(
    "The seasons come from the tilt of the Earth's axis, not from this distance, which changes by "
    "3 percent in a year."
)


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"body": SUBJECT[facts.body]}


def description(facts: Facts) -> str:
    if facts.body == "earth":
        return paragraph(_earth(facts), SEASONS)
    distance = {"distance": decimal_text(facts.rounded("distance_au", 2), 2)}
    return paragraph(ABOUT[facts.kind], str(DISTANCE) % distance)


def _earth(facts: Facts) -> str:
    away_km = round(facts.rounded("distance_au", 4) * AU_KM, -5)
    distance = {"distance": large_text(away_km)}
    if facts.kind == "perihelion":
        # Translators: distance is such as "147.1 million", as the language counts ("1.471亿")
        return _("The Earth is nearest to the Sun: %(distance)s km.") % distance
    # Translators: distance is such as "152.1 million", as the language counts ("1.521亿")
    return _("The Earth is farthest from the Sun: %(distance)s km.") % distance
