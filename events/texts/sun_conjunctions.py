"""Texts of conjunctions and oppositions with the Sun, and of quadratures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT
from events.texts.paragraphs import paragraph
from events.texts.watching import looks
from starscal.core.formats import decimal_text, degrees_text

NAMES: Phrases = {
    "conjunction": _("Conjunction with the Sun"),
    "superior_conjunction": _("Superior conjunction"),
    "inferior_conjunction": _("Inferior conjunction"),
    "opposition": _("Opposition"),
    "east_quadrature": _("Eastern quadrature"),
    "west_quadrature": _("Western quadrature"),
}
TITLES: Phrases = {
    "conjunction": _("%(body)s in conjunction with the Sun"),
    "superior_conjunction": _("%(body)s at superior conjunction"),
    "inferior_conjunction": _("%(body)s at inferior conjunction"),
    "opposition": _("%(body)s at opposition"),
    "east_quadrature": _("%(body)s at eastern quadrature"),
    "west_quadrature": _("%(body)s at western quadrature"),
}
ABOUT: Phrases = {
    "conjunction": _(
        "The planet stands behind the Sun and is lost in its glare for some weeks. It comes back "
        "in the morning sky, before sunrise."
    ),
    "superior_conjunction": _(
        "The planet passes behind the Sun and is lost in its glare. It comes back some weeks "
        "later in the evening sky, after sunset."
    ),
    "inferior_conjunction": _(
        "The planet passes between the Earth and the Sun and is lost in its glare, unless it "
        "crosses the Sun's disc in a transit. It comes back one or two weeks later in the "
        "morning sky, before sunrise."
    ),
    "opposition": _(
        "The planet stands opposite the Sun: it rises around sunset, is highest around midnight "
        "and sets around sunrise, about as near and as bright as it gets this time."
    ),
    "east_quadrature": _(
        "The planet stands 90° east of the Sun. It is highest around sunset and sets around "
        "midnight, so look for it in the evening."
    ),
    "west_quadrature": _(
        "The planet stands 90° west of the Sun. It rises around midnight and is highest around "
        "sunrise, so look for it in the morning."
    ),
}
# Translators: "it" is a planet, named in the title; distance is a number with decimals
DISTANCE = _("It is %(distance)s au from the Earth; the Sun's mean distance is 1 au.")
# Translators: "it" is Mercury or Venus; separation is an angle such as "2.3°"
BESIDE_SUN = _(
    "It passes %(separation)s from the middle of the Sun's disc: never point an instrument there."
)
TRANSIT = _(
    "This time it crosses the Sun's disc in a transit: look at the Sun only through a certified "
    "solar filter."
)
# What an instrument shows of a planet that is near the Earth.
VIEWS: Phrases = {
    "mars": _("A telescope shows its dark regions and a white polar cap."),
    "jupiter": _("Binoculars held still show its four large moons."),
    "saturn": _("A small telescope shows its rings."),
    "uranus": _("A telescope shows a tiny greenish disc."),
}
HIDDEN = frozenset({"conjunction", "superior_conjunction", "inferior_conjunction"})
DISC_DEG = 0.26  # no planet so near to the middle of the Sun's disc passes it by


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"body": SUBJECT[facts.body]}


def description(facts: Facts) -> str:
    distance = {"distance": decimal_text(facts.rounded("planet_distance_au", 1), 1)}
    sentences = [ABOUT[facts.kind], str(DISTANCE) % distance]
    if facts.kind == "inferior_conjunction":
        return paragraph(*sentences, _beside_sun(facts.rounded("separation_deg", 2)))
    if facts.kind in HIDDEN:
        return paragraph(*sentences)
    return paragraph(*sentences, *looks(facts.bodies), VIEWS.get(facts.body, ""))


def _beside_sun(separation_deg: float) -> str:
    if separation_deg < DISC_DEG:
        return str(TRANSIT)
    return str(BESIDE_SUN) % {"separation": degrees_text(separation_deg, 1)}
