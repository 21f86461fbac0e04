"""Texts of the ingresses: into a sign of the zodiac, into a constellation."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT
from events.texts.signs import ENTERED

NAMES: Phrases = {
    "ingress": gettext_lazy("Entry into a sign"),
    "constellation_ingress": gettext_lazy("Entry into a constellation"),
}
ABOUT: Phrases = {
    "ingress": gettext_lazy(
        "The border between two signs of the tropical zodiac is crossed: twelve equal parts of the "
        "ecliptic, counted from the March equinox. They are not the constellations of the same "
        "names, which have drifted away from them over two thousand years."
    ),
    "constellation_ingress": gettext_lazy(
        "The border between two constellations is crossed, as the International Astronomical Union "
        "drew them. They are of different sizes and not the signs of the same names."
    ),
}
# Translators: a constellation of the sky, not a sign; follows "enters the constellation", as in
# "Moon enters the constellation Ophiuchus".
CONSTELLATIONS: Phrases = {
    "aqr": pgettext_lazy("constellation, entered", "Aquarius"),
    "ari": pgettext_lazy("constellation, entered", "Aries"),
    "aur": pgettext_lazy("constellation, entered", "Auriga"),
    "cap": pgettext_lazy("constellation, entered", "Capricornus"),
    "cet": pgettext_lazy("constellation, entered", "Cetus"),
    "cnc": pgettext_lazy("constellation, entered", "Cancer"),
    "crv": pgettext_lazy("constellation, entered", "Corvus"),
    "gem": pgettext_lazy("constellation, entered", "Gemini"),
    "leo": pgettext_lazy("constellation, entered", "Leo"),
    "lib": pgettext_lazy("constellation, entered", "Libra"),
    "oph": pgettext_lazy("constellation, entered", "Ophiuchus"),
    "ori": pgettext_lazy("constellation, entered", "Orion"),
    "psc": pgettext_lazy("constellation, entered", "Pisces"),
    "sco": pgettext_lazy("constellation, entered", "Scorpius"),
    "sex": pgettext_lazy("constellation, entered", "Sextans"),
    "sgr": pgettext_lazy("constellation, entered", "Sagittarius"),
    "tau": pgettext_lazy("constellation, entered", "Taurus"),
    "vir": pgettext_lazy("constellation, entered", "Virgo"),
}


def title(facts: Facts) -> str:
    if facts.kind == "constellation_ingress":
        return _("%(body)s enters the constellation %(constellation)s") % {
            "body": SUBJECT[facts.body],
            "constellation": CONSTELLATIONS[facts.details["constellation"]],
        }
    names = {"body": SUBJECT[facts.body], "sign": ENTERED[facts.details["sign"]]}
    if facts.details["retrograde"]:
        # Translators: sign is the name of a sign in the form that follows "enters"
        return _("%(body)s moves back into %(sign)s") % names
    # Translators: sign is the name of a sign in the form that follows "enters"
    return _("%(body)s enters %(sign)s") % names
