"""Texts of the major aspects: angles along the ecliptic that tradition names."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT, WITH

NAMES: Phrases = {
    "aspect_conjunction": _("Conjunction aspect"),
    "aspect_sextile": _("Sextile"),
    "aspect_square": _("Square"),
    "aspect_trine": _("Trine"),
    "aspect_opposition": _("Opposition aspect"),
}
# Translators: with_other is a phrase such as "with Mars"
TITLES: Phrases = {
    "aspect_conjunction": _("Aspect: %(body)s in conjunction %(with_other)s"),
    "aspect_sextile": _("Aspect: %(body)s in sextile %(with_other)s"),
    "aspect_square": _("Aspect: %(body)s in square %(with_other)s"),
    "aspect_trine": _("Aspect: %(body)s in trine %(with_other)s"),
    "aspect_opposition": _("Aspect: %(body)s in opposition %(with_other)s"),
}
ABOUT: Phrases = {
    "aspect_conjunction": _(
        "Seen from the Earth, the two have the same ecliptic longitude. Astrological tradition "
        "calls it a conjunction; how near they come in the sky depends on their latitudes."
    ),
    "aspect_sextile": _(
        "Seen from the Earth, the two are 60° apart along the ecliptic. Astrological tradition "
        "calls this angle a sextile."
    ),
    "aspect_square": _(
        "Seen from the Earth, the two are 90° apart along the ecliptic. Astrological tradition "
        "calls this angle a square."
    ),
    "aspect_trine": _(
        "Seen from the Earth, the two are 120° apart along the ecliptic. Astrological tradition "
        "calls this angle a trine."
    ),
    "aspect_opposition": _(
        "Seen from the Earth, the two are 180° apart along the ecliptic. Astrological tradition "
        "calls it an opposition: one rises about when the other sets."
    ),
}


def title(facts: Facts) -> str:
    names = {"body": SUBJECT[facts.body], "with_other": WITH[facts.other]}
    return str(TITLES[facts.kind]) % names
