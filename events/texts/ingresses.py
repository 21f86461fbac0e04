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
    "Aqr": pgettext_lazy("constellation, entered", "Aquarius"),
    "Ari": pgettext_lazy("constellation, entered", "Aries"),
    "Aur": pgettext_lazy("constellation, entered", "Auriga"),
    "Cap": pgettext_lazy("constellation, entered", "Capricornus"),
    "Cet": pgettext_lazy("constellation, entered", "Cetus"),
    "Cnc": pgettext_lazy("constellation, entered", "Cancer"),
    "Crv": pgettext_lazy("constellation, entered", "Corvus"),
    "Gem": pgettext_lazy("constellation, entered", "Gemini"),
    "Leo": pgettext_lazy("constellation, entered", "Leo"),
    "Lib": pgettext_lazy("constellation, entered", "Libra"),
    "Oph": pgettext_lazy("constellation, entered", "Ophiuchus"),
    "Ori": pgettext_lazy("constellation, entered", "Orion"),
    "Psc": pgettext_lazy("constellation, entered", "Pisces"),
    "Sco": pgettext_lazy("constellation, entered", "Scorpius"),
    "Sex": pgettext_lazy("constellation, entered", "Sextans"),
    "Sgr": pgettext_lazy("constellation, entered", "Sagittarius"),
    "Tau": pgettext_lazy("constellation, entered", "Taurus"),
    "Vir": pgettext_lazy("constellation, entered", "Virgo"),
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
