"""Texts of solar eclipses."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts
from events.texts.paragraphs import paragraph
from events.texts.places import place_names
from starscal.core.formats import duration_text, percent_text

ABOUT = gettext_lazy(
    "The new Moon passes in front of the Sun and hides a part of it, or all of it along a narrow "
    "track on the Earth. Look at the Sun only through a certified solar filter."
)
# Translators: latitude and longitude are such as "12° N" and "45° E"
GREATEST = gettext_lazy("The eclipse is greatest near %(latitude)s, %(longitude)s.")


def title(facts: Facts) -> str:
    details = facts.details
    if details["type"] == "total":
        return _("Total solar eclipse")
    if details["type"] == "annular":
        return _("Annular solar eclipse")
    if details["type"] == "hybrid":
        return _("Hybrid solar eclipse")
    return _("Partial solar eclipse")


def description(facts: Facts) -> str:
    place = place_names(facts.details["greatest_lat_deg"], facts.details["greatest_lon_deg"])
    return paragraph(_told(facts), str(GREATEST) % place)


def _told(facts: Facts) -> str:
    details = facts.details
    if details["type"] == "partial":
        return _(
            "The Moon covers a part of the Sun: at most %(percent)s of its diameter. Look at the "
            "Sun only through a certified solar filter."
        ) % {"percent": percent_text(details["magnitude"])}
    seconds = details.get("central_duration_s")
    if seconds is None:
        return _not_central(details["type"])
    lasting = {"duration": duration_text(seconds)}
    if details["type"] == "total":
        return (
            _(
                "Along a narrow track the Moon covers the whole Sun and its corona appears; at "
                "the greatest eclipse, totality lasts %(duration)s. On both sides of the track "
                "the eclipse is partial. Look at the Sun only through a certified solar filter, "
                "except during totality."
            )
            % lasting
        )
    if details["type"] == "annular":
        return (
            _(
                "The Moon stands too far away to cover the whole Sun: along a narrow track a ring "
                "of light remains, which lasts %(duration)s at the greatest eclipse. On both "
                "sides of the track the eclipse is partial. Look at the Sun only through a "
                "certified solar filter."
            )
            % lasting
        )
    return (
        _(
            "Along a narrow track the eclipse is annular in some places and total in others; at "
            "the greatest eclipse the central phase lasts %(duration)s. On both sides of the track "
            "it is partial. Look at the Sun only through a certified solar filter."
        )
        % lasting
    )


def _not_central(kind: str) -> str:
    if kind == "total":
        return _(
            "The axis of the Moon's shadow misses the Earth, but the edge of the shadow grazes a "
            "polar region, where the whole Sun is covered for a short time near the horizon. Look "
            "at the Sun only through a certified solar filter, except during totality."
        )
    return _(
        "The axis of the Moon's shadow misses the Earth, but the edge of the shadow grazes a polar "
        "region, where a ring of light remains for a short time near the horizon. Look at the Sun "
        "only through a certified solar filter."
    )
