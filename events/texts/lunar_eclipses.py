"""Texts of lunar eclipses."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts
from events.texts.paragraphs import paragraph
from events.texts.places import place_names
from starscal.core.formats import duration_text, percent_text

ABOUT = gettext_lazy(
    "The full Moon passes through the Earth's shadow. It is safe to watch with the naked eye "
    "wherever the Moon is above the horizon."
)
# Translators: latitude and longitude are such as "12° N" and "45° E"
OVERHEAD = gettext_lazy(
    "At the greatest eclipse the Moon stands overhead near %(latitude)s, %(longitude)s, and above "
    "the horizon on the half of the Earth around that place."
)


def title(facts: Facts) -> str:
    details = facts.details
    if details["type"] == "total":
        return _("Total lunar eclipse")
    if details["type"] == "partial":
        return _("Partial lunar eclipse")
    return _("Penumbral lunar eclipse")


def description(facts: Facts) -> str:
    details = facts.details
    place = place_names(details["moon_zenith_lat_deg"], details["moon_zenith_lon_deg"])
    return paragraph(_told(facts), str(OVERHEAD) % place)


def _told(facts: Facts) -> str:
    details = facts.details
    if details["type"] == "total":
        return _(
            "The Moon passes wholly through the Earth's umbra and glows copper red; totality "
            "lasts %(duration)s. It is safe to watch with the naked eye wherever the Moon is above "
            "the horizon."
        ) % {"duration": duration_text(details["total_duration_s"])}
    if details["type"] == "partial":
        return _(
            "The Moon passes partly through the Earth's umbra; at the greatest eclipse %(percent)s "
            "of its diameter is dark. It is safe to watch with the naked eye wherever the Moon is "
            "above the horizon."
        ) % {"percent": percent_text(details["umbral_magnitude"])}
    return _(
        "The Moon passes through the Earth's penumbra. At most a faint shading of its disc can be "
        "seen, most easily around the greatest eclipse."
    )
