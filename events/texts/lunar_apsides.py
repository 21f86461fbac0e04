"""Texts of the Moon's perigees and apogees, and of the full moons named for them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.paragraphs import paragraph
from starscal.core.formats import decimal_text

NAMES: Phrases = {
    "perigee": _("Moon at perigee"),
    "apogee": _("Moon at apogee"),
    "supermoon": _("Supermoon"),
    "micromoon": _("Micromoon"),
    "blue_moon": _("Blue Moon"),
}
ABOUT: Phrases = {
    "perigee": _(
        "The Moon comes nearest to the Earth on this turn of its orbit. Around a new or full Moon "
        "the tides are then especially high and low."
    ),
    "apogee": _(
        "The Moon is farthest from the Earth on this turn of its orbit; its disc looks up to 12 "
        "percent smaller across than at perigee."
    ),
    "supermoon": _(
        "The full Moon falls near perigee: its disc is up to 14 percent wider and 30 percent "
        "brighter than that of a full Moon near apogee. It impresses most while it stands low, "
        "soon after it rises or before it sets."
    ),
    "micromoon": _(
        "The full Moon falls near apogee: its disc is up to 12 percent narrower than that of a "
        "full Moon near perigee, which is hard to tell without a picture of both."
    ),
    "blue_moon": _(
        "The second full Moon in one calendar month, counted in UTC; the first was at its very "
        "beginning. It happens every two to three years, and the Moon looks no bluer than usual."
    ),
}
# Translators: distance is a whole number of kilometres, with separators
DISTANCE = _("This time it is %(distance)s km away.")


def title(facts: Facts) -> str:
    return str(NAMES[facts.kind])


def description(facts: Facts) -> str:
    distance = {"distance": decimal_text(facts.rounded("distance_km", -2), 0)}
    return paragraph(ABOUT[facts.kind], str(DISTANCE) % distance)
