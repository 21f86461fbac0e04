"""Names of bodies and stars in the form that a phrase needs."""

from __future__ import annotations

from collections.abc import Iterable

from babel.lists import format_list
from django.utils.translation import pgettext_lazy

from events.facts import Phrases
from starscal.core.formats import active_locale

# Translators: begins a title, as in "Mars at opposition" or "Moon enters Gemini"; also a member
# of a list of planets. Give the form of a dictionary, with the capital that titles begin with.
SUBJECT: Phrases = {
    "sun": pgettext_lazy("body, subject", "Sun"),
    "moon": pgettext_lazy("body, subject", "Moon"),
    "mercury": pgettext_lazy("body, subject", "Mercury"),
    "venus": pgettext_lazy("body, subject", "Venus"),
    "earth": pgettext_lazy("body, subject", "Earth"),
    "mars": pgettext_lazy("body, subject", "Mars"),
    "jupiter": pgettext_lazy("body, subject", "Jupiter"),
    "saturn": pgettext_lazy("body, subject", "Saturn"),
    "uranus": pgettext_lazy("body, subject", "Uranus"),
    "neptune": pgettext_lazy("body, subject", "Neptune"),
    "pluto": pgettext_lazy("body, subject", "Pluto"),
}

# Translators: follows another body, as in "Venus in conjunction with Mars" or "Moon close to
# Spica"; give the name in the case, and with the article, particle or preposition, that stands
# in for "with".
WITH: Phrases = {
    "sun": pgettext_lazy("body, with", "with the Sun"),
    "moon": pgettext_lazy("body, with", "with the Moon"),
    "mercury": pgettext_lazy("body, with", "with Mercury"),
    "venus": pgettext_lazy("body, with", "with Venus"),
    "mars": pgettext_lazy("body, with", "with Mars"),
    "jupiter": pgettext_lazy("body, with", "with Jupiter"),
    "saturn": pgettext_lazy("body, with", "with Saturn"),
    "uranus": pgettext_lazy("body, with", "with Uranus"),
    "neptune": pgettext_lazy("body, with", "with Neptune"),
    "pluto": pgettext_lazy("body, with", "with Pluto"),
    "spica": pgettext_lazy("body, with", "with Spica"),
    "regulus": pgettext_lazy("body, with", "with Regulus"),
    "antares": pgettext_lazy("body, with", "with Antares"),
    "aldebaran": pgettext_lazy("body, with", "with Aldebaran"),
    "pollux": pgettext_lazy("body, with", "with Pollux"),
    "pleiades": pgettext_lazy("body, with", "with the Pleiades"),
}

# Translators: what is hidden or crosses, as in "Occultation of Mars by the Moon" or "Transit of
# Venus"; give the name in the case, and with the article or preposition, that stands in for "of".
OF: Phrases = {
    "mercury": pgettext_lazy("body, of", "of Mercury"),
    "venus": pgettext_lazy("body, of", "of Venus"),
    "mars": pgettext_lazy("body, of", "of Mars"),
    "jupiter": pgettext_lazy("body, of", "of Jupiter"),
    "saturn": pgettext_lazy("body, of", "of Saturn"),
    "uranus": pgettext_lazy("body, of", "of Uranus"),
    "neptune": pgettext_lazy("body, of", "of Neptune"),
    "pluto": pgettext_lazy("body, of", "of Pluto"),
    "spica": pgettext_lazy("body, of", "of Spica"),
    "regulus": pgettext_lazy("body, of", "of Regulus"),
    "antares": pgettext_lazy("body, of", "of Antares"),
    "aldebaran": pgettext_lazy("body, of", "of Aldebaran"),
    "alcyone": pgettext_lazy("body, of", "of Alcyone in the Pleiades"),
    "pleiades": pgettext_lazy("body, of", "of the Pleiades"),
}


def subject_within(body: str) -> str:
    """Return a name as it stands behind the first word of a title: its article has no capital."""
    article, blank, name = str(SUBJECT[body]).rpartition(" ")
    return f"{article.lower()}{blank}{name}"


def body_list(bodies: Iterable[str]) -> str:
    """Return the names as a list in the active language, as in “Mars, Venus, and Saturn”."""
    return str(format_list([str(SUBJECT[name]) for name in bodies], locale=active_locale()))
