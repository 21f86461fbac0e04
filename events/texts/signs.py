"""The twelve signs of the tropical zodiac, in the form that a phrase needs."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from events.facts import Phrases

SIGN_WIDTH_DEG = 30.0

# Translators: follows a phase of the Moon, as in "Full Moon in Gemini"; give the sign in the
# case and with the preposition that the phrase needs.
IN_SIGN: tuple[str | Promise, ...] = (
    pgettext_lazy("Moon phase in sign", "in Aries"),
    pgettext_lazy("Moon phase in sign", "in Taurus"),
    pgettext_lazy("Moon phase in sign", "in Gemini"),
    pgettext_lazy("Moon phase in sign", "in Cancer"),
    pgettext_lazy("Moon phase in sign", "in Leo"),
    pgettext_lazy("Moon phase in sign", "in Virgo"),
    pgettext_lazy("Moon phase in sign", "in Libra"),
    pgettext_lazy("Moon phase in sign", "in Scorpio"),
    pgettext_lazy("Moon phase in sign", "in Sagittarius"),
    pgettext_lazy("Moon phase in sign", "in Capricorn"),
    pgettext_lazy("Moon phase in sign", "in Aquarius"),
    pgettext_lazy("Moon phase in sign", "in Pisces"),
)


def in_sign(longitude_deg: float) -> str:
    """Return the phrase for the sign that an ecliptic longitude of date falls in."""
    return str(IN_SIGN[int(longitude_deg % 360.0 // SIGN_WIDTH_DEG)])


# Translators: follows "enters" or "moves back into", as in "Venus enters Gemini"; give the sign
# in the case and with the preposition that the phrase needs.
ENTERED: Phrases = {
    "aries": pgettext_lazy("sign, entered", "Aries"),
    "taurus": pgettext_lazy("sign, entered", "Taurus"),
    "gemini": pgettext_lazy("sign, entered", "Gemini"),
    "cancer": pgettext_lazy("sign, entered", "Cancer"),
    "leo": pgettext_lazy("sign, entered", "Leo"),
    "virgo": pgettext_lazy("sign, entered", "Virgo"),
    "libra": pgettext_lazy("sign, entered", "Libra"),
    "scorpio": pgettext_lazy("sign, entered", "Scorpio"),
    "sagittarius": pgettext_lazy("sign, entered", "Sagittarius"),
    "capricorn": pgettext_lazy("sign, entered", "Capricorn"),
    "aquarius": pgettext_lazy("sign, entered", "Aquarius"),
    "pisces": pgettext_lazy("sign, entered", "Pisces"),
}
