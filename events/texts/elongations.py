"""Texts of the greatest elongations, and of Venus at its brightest."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT
from starscal.core.formats import decimal_text

NAMES: Phrases = {
    "greatest_elongation_east": gettext_lazy("Greatest eastern elongation"),
    "greatest_elongation_west": gettext_lazy("Greatest western elongation"),
    "venus_greatest_brilliancy": gettext_lazy("Greatest brilliancy"),
}
TITLES: Phrases = {
    "greatest_elongation_east": gettext_lazy("%(body)s at greatest eastern elongation"),
    "greatest_elongation_west": gettext_lazy("%(body)s at greatest western elongation"),
    "venus_greatest_brilliancy": gettext_lazy("%(body)s at greatest brilliancy"),
}
ABOUT: Phrases = {
    "greatest_elongation_east": gettext_lazy(
        "The planet stands farthest east of the Sun. Look for it low in the west after sunset, on "
        "this evening or one of those around it."
    ),
    "greatest_elongation_west": gettext_lazy(
        "The planet stands farthest west of the Sun. Look for it low in the east before sunrise, "
        "on this morning or one of those around it."
    ),
    "venus_greatest_brilliancy": gettext_lazy(
        "Venus shines at its brightest; only the Sun and the Moon outshine it. Binoculars held "
        "still show it as a crescent."
    ),
}


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"body": SUBJECT[facts.body]}


def brilliancy(facts: Facts) -> str:
    brightness = {"magnitude": decimal_text(facts.details["magnitude"], 1)}
    if facts.details["side"] == "east":
        return (
            _(
                "Venus shines at its brightest, of magnitude %(magnitude)s, in the evening sky "
                "after sunset; only the Sun and the Moon outshine it. Binoculars held still show "
                "it as a crescent."
            )
            % brightness
        )
    return (
        _(
            "Venus shines at its brightest, of magnitude %(magnitude)s, in the morning sky before "
            "sunrise; only the Sun and the Moon outshine it. Binoculars held still show it as a "
            "crescent."
        )
        % brightness
    )
