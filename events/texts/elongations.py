"""Texts of the greatest elongations, and of Venus at its brightest."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT
from starscal.core.formats import decimal_text, degrees_text

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
TOLD: dict[tuple[str, str], str | Promise] = {
    # Translators: angle is one such as "27.1°", magnitude a number such as "-0.4"
    ("mercury", "greatest_elongation_east"): gettext_lazy(
        "Mercury stands %(angle)s east of the Sun, the most this time, and shines at magnitude "
        "%(magnitude)s. Look for it low in the west half an hour to an hour after sunset, on this "
        "evening or one of those around it; take binoculars only once the Sun has set. In both "
        "hemispheres the evenings of spring show it highest."
    ),
    # Translators: angle is one such as "27.1°", magnitude a number such as "-0.4"
    ("mercury", "greatest_elongation_west"): gettext_lazy(
        "Mercury stands %(angle)s west of the Sun, the most this time, and shines at magnitude "
        "%(magnitude)s. Look for it low in the east an hour to half an hour before sunrise, on "
        "this morning or one of those around it; put binoculars away before the Sun rises. In both "
        "hemispheres the mornings of autumn show it highest."
    ),
    # Translators: angle is one such as "27.1°", magnitude a number such as "-0.4"
    ("venus", "greatest_elongation_east"): gettext_lazy(
        "Venus stands %(angle)s east of the Sun, the most this time, and shines at magnitude "
        "%(magnitude)s as the evening star. Look for it in the west after sunset, for weeks before "
        "and after. A telescope shows it half lit."
    ),
    # Translators: angle is one such as "27.1°", magnitude a number such as "-0.4"
    ("venus", "greatest_elongation_west"): gettext_lazy(
        "Venus stands %(angle)s west of the Sun, the most this time, and shines at magnitude "
        "%(magnitude)s as the morning star. Look for it in the east before sunrise, for weeks "
        "before and after. A telescope shows it half lit."
    ),
}


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"body": SUBJECT[facts.body]}


def description(facts: Facts) -> str:
    told = TOLD.get((facts.body, facts.kind))
    if told is None:
        return _brilliancy(facts)
    return str(told) % {
        "angle": degrees_text(facts.rounded("elongation_deg", 1), 1),
        "magnitude": decimal_text(facts.rounded("magnitude", 1), 1),
    }


def _brilliancy(facts: Facts) -> str:
    brightness = {"magnitude": decimal_text(facts.rounded("magnitude", 1), 1)}
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
