"""Texts of the perihelia and aphelia of the planets."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT

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


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"body": SUBJECT[facts.body]}


def description(facts: Facts) -> str:
    if facts.body != "earth":
        return str(ABOUT[facts.kind])
    if facts.kind == "perihelion":
        return _(
            "The Earth is nearest to the Sun, 5 million kilometres nearer than half a year ago. "
            "The seasons come from the tilt of the Earth's axis, not from this distance."
        )
    return _(
        "The Earth is farthest from the Sun, 5 million kilometres farther than half a year ago. "
        "The seasons come from the tilt of the Earth's axis, not from this distance."
    )
