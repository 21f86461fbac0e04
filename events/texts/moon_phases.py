"""Texts of the Moon's principal phases."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts, Phrases
from events.texts.signs import in_sign

ABOUT: Phrases = {
    "new_moon": gettext_lazy(
        "The Moon passes between the Earth and the Sun and cannot be seen. The nights around "
        "it are the darkest of the month: the best ones for faint stars and the Milky Way."
    ),
    "first_quarter": gettext_lazy(
        "Half of the Moon's disc is lit. It stands highest around sunset and sets around "
        "midnight; craters and mountains show best along the line between light and shadow."
    ),
    "full_moon": gettext_lazy(
        "The Moon stands opposite the Sun and its whole disc is lit. It rises around sunset, "
        "stands highest around midnight and sets around sunrise."
    ),
    "last_quarter": gettext_lazy(
        "Half of the Moon's disc is lit. It rises around midnight and stands highest around "
        "sunrise, so look for it in the morning sky."
    ),
}


def title(facts: Facts) -> str:
    where = {"in_sign": in_sign(facts.details["moon_longitude_deg"])}
    if facts.kind == "new_moon":
        # Translators: in_sign is a phrase such as "in Gemini"
        return _("New Moon %(in_sign)s") % where
    if facts.kind == "first_quarter":
        # Translators: in_sign is a phrase such as "in Gemini"
        return _("First Quarter Moon %(in_sign)s") % where
    if facts.kind == "full_moon":
        # Translators: in_sign is a phrase such as "in Gemini"
        return _("Full Moon %(in_sign)s") % where
    # Translators: in_sign is a phrase such as "in Gemini"
    return _("Last Quarter Moon %(in_sign)s") % where
