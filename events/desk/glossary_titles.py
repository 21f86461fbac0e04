"""What the parts of the glossary are called in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

# By the titles of locale/glossary/terms.toml.
TITLES: Final[Mapping[str, Any]] = {
    "Bodies": _("Bodies"),
    "Stars": _("Stars"),
    "Phases of the Moon": _("Phases of the Moon"),
    "Eclipses": _("Eclipses"),
    "Seasons and the Sun's path": _("Seasons and the Sun's path"),
    "Signs of the tropical zodiac": _("Signs of the tropical zodiac"),
    "Orbits and configurations": _("Orbits and configurations"),
    "Aspects": _("Aspects"),
    "Meteor showers": _("Meteor showers"),
    "Positions and measures": _("Positions and measures"),
    "Units": _("Units"),
    "Calendars of peoples": _("Calendars of peoples"),
    "Constellations that the planets enter": _("Constellations that the planets enter"),
    "The 24 solar terms": _("The 24 solar terms"),
    "Feasts of the churches": _("Feasts of the churches"),
    "Hindu festivals": _("Hindu festivals"),
    "Chinese festivals": _("Chinese festivals"),
    "Tithis": _("Tithis"),
    "Nakshatras": _("Nakshatras"),
    "Pakshas": _("Pakshas"),
    "Hindu months": _("Hindu months"),
    "Armenian months": _("Armenian months"),
    "Animals of the Chinese zodiac": _("Animals of the Chinese zodiac"),
}
