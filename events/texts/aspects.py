"""Texts of the major aspects: angles along the ecliptic that tradition names."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT, WITH, subject_within
from events.texts.paragraphs import paragraph
from events.texts.watching import looks
from starscal.core.formats import degrees_text

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
# How far one is behind the other in its daily course: 15 degrees an hour.
COURSE: Phrases = {
    "aspect_sextile": _("One of them stands highest in the sky about four hours before the other."),
    "aspect_square": _("One of them stands highest in the sky about six hours before the other."),
    "aspect_trine": _("One of them stands highest in the sky about eight hours before the other."),
}
# Translators: two bodies, named in the title; angle is one such as "3.4°"
LATITUDES = _("In ecliptic latitude they are %(angle)s apart.")
# Translators: body and other are names such as "Venus" and "Mars", first and second their
# longitudes, such as "54°"
LONGITUDES = _("Ecliptic longitudes: %(body)s %(first)s, %(other)s %(second)s.")
BESIDE_SUN = _("So near to the Sun it is lost in the glare.")
# Translators: "it" is the Moon or a planet, named in the title beside the Sun
OPPOSITE_SUN = _("It is up for most of the night and stands highest around midnight.")
# Translators: "it" is the Moon or a planet, named in the title beside the Sun
EAST_OF_SUN = _("It stands east of the Sun: look for it in the evening.")
# Translators: "it" is the Moon or a planet, named in the title beside the Sun
WEST_OF_SUN = _("It stands west of the Sun: look for it in the morning.")


def title(facts: Facts) -> str:
    names = {"body": subject_within(facts.body), "with_other": WITH[facts.other]}
    return str(TITLES[facts.kind]) % names


def description(facts: Facts) -> str:
    # Hardly two aspects happen at the same places: all but these is written once for a pair.
    if facts.kind == "aspect_conjunction":
        first, second = facts.details["latitudes_deg"]
        angle = facts.once(_degrees, round(abs(first - second), 1), 1)
        return facts.once(_told, facts.kind, facts.bodies, False) % {"angle": angle}
    first, second = facts.details["longitudes_deg"]
    east_of_sun = facts.body == "sun" and (second - first) % 360.0 < 180.0
    return facts.once(_told, facts.kind, facts.bodies, east_of_sun) % {
        "first": facts.once(_degrees, round(first) % 360, 0),
        "second": facts.once(_degrees, round(second) % 360, 0),
    }


def _degrees(angle_deg: float, digits: int) -> str:
    return degrees_text(angle_deg, digits)


def _told(kind: str, bodies: tuple[str, str], east_of_sun: bool) -> str:
    """Return the description of a pair, with placeholders where its angles stand."""
    conjunction = kind == "aspect_conjunction"
    return paragraph(
        ABOUT[kind],
        COURSE.get(kind, ""),
        LATITUDES if conjunction else _longitudes(bodies),
        *_how_seen(kind, bodies, east_of_sun),
    )


def _longitudes(bodies: tuple[str, str]) -> str:
    names = {"body": SUBJECT[bodies[0]], "other": SUBJECT[bodies[1]]}
    return str(LONGITUDES) % {**names, "first": "%(first)s", "second": "%(second)s"}


def _how_seen(kind: str, bodies: tuple[str, str], east_of_sun: bool) -> list[str | Promise]:
    """Say when and how to look; the Sun, where it takes part, is the first of the two."""
    if bodies[0] != "sun":
        return looks(bodies)
    if kind == "aspect_conjunction":
        return [BESIDE_SUN]
    if kind == "aspect_opposition":
        return [OPPOSITE_SUN, *looks(bodies)]
    return [EAST_OF_SUN if east_of_sun else WEST_OF_SUN, *looks(bodies)]
