"""Texts of the ingresses: into a sign of the zodiac, into a constellation."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT
from events.texts.paragraphs import paragraph
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
# Translators: how long the body stays in a sign of the zodiac
STAYS: Phrases = {
    "sun": gettext_lazy("The Sun enters the next sign, in which it stays for about a month."),
    "moon": gettext_lazy(
        "The Moon enters the next sign, in which it stays for a little more than two days."
    ),
    "mercury": gettext_lazy(
        "Mercury enters the next sign, in which it stays for two to three weeks, or for longer "
        "when it turns back on the way."
    ),
    "venus": gettext_lazy(
        "Venus enters the next sign, in which it stays for about three and a half weeks, or for "
        "longer when it turns back on the way."
    ),
    "mars": gettext_lazy(
        "Mars enters the next sign, in which it stays for six to eight weeks, or for longer when "
        "it turns back on the way."
    ),
    "jupiter": gettext_lazy("Jupiter enters the next sign, which it crosses in about a year."),
    "saturn": gettext_lazy(
        "Saturn enters the next sign, which it crosses in about two and a half years, forwards and "
        "backwards."
    ),
    "uranus": gettext_lazy(
        "Uranus enters the next sign, which it crosses in about seven years, forwards and "
        "backwards."
    ),
    "neptune": gettext_lazy(
        "Neptune enters the next sign, which it crosses in about fourteen years, forwards and "
        "backwards."
    ),
    "pluto": gettext_lazy(
        "Pluto enters the next sign, which it crosses in twelve to thirty years, forwards and "
        "backwards, on its long-drawn orbit."
    ),
}
RETROGRADE = gettext_lazy(
    "On its backward way the planet returns into the sign that it had left; it will cross the same "
    "border once more when it moves forwards again."
)
SIGNS_MEANT = gettext_lazy(
    "A sign is a twelfth of the ecliptic, counted from the March equinox: nothing in the sky marks "
    "the border, and the constellations of the same names have drifted away from the signs."
)
CONSTELLATION: Phrases = {
    "sun": gettext_lazy(
        "The Sun crosses the border between two constellations, as the International Astronomical "
        "Union drew them. Its light hides the stars around it; half a year later they stand "
        "highest around midnight."
    ),
    "moon": gettext_lazy(
        "The Moon crosses the border between two constellations, as the International Astronomical "
        "Union drew them. For as long as it stays, four days at most, it shows at night where "
        "the constellation is."
    ),
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


def sign_description(facts: Facts) -> str:
    if facts.details["retrograde"]:
        return paragraph(RETROGRADE, SIGNS_MEANT)
    return paragraph(STAYS[facts.body], SIGNS_MEANT)


def constellation_description(facts: Facts) -> str:
    return str(CONSTELLATION.get(facts.body, ABOUT[facts.kind]))
