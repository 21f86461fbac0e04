"""Texts of conjunctions and oppositions with the Sun, and of quadratures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT

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
        "The planet stands opposite the Sun: it rises around sunset, is up all night and is about "
        "as near and as bright as it gets this time. Mars, Jupiter and Saturn are easy to see with "
        "the naked eye; Uranus takes binoculars, Neptune and Pluto a telescope."
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


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"body": SUBJECT[facts.body]}
