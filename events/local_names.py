"""What an equinox or solstice is called at a place: by the season that begins there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

TROPICAL_DEG: Final = 10.0  # nearer to the equator the year has no spring and no autumn

# Translators: the name by the season that begins at the reader's place
_NORTH: Final[Mapping[str, str | Promise]] = {
    "march_equinox": pgettext_lazy("northern hemisphere", "Spring equinox"),
    "june_solstice": pgettext_lazy("northern hemisphere", "Summer solstice"),
    "september_equinox": pgettext_lazy("northern hemisphere", "Autumn equinox"),
    "december_solstice": pgettext_lazy("northern hemisphere", "Winter solstice"),
}
# Translators: the name by the season that begins at the reader's place in the southern hemisphere;
# a word that means the longitude of the Sun (春分, 秋分) is not the season there: name the season
_SOUTH: Final[Mapping[str, str | Promise]] = {
    "march_equinox": pgettext_lazy("southern hemisphere", "Autumn equinox"),
    "june_solstice": pgettext_lazy("southern hemisphere", "Winter solstice"),
    "september_equinox": pgettext_lazy("southern hemisphere", "Spring equinox"),
    "december_solstice": pgettext_lazy("southern hemisphere", "Summer solstice"),
}


def local_name(event_type: str, latitude_deg: float) -> str | None:
    """Return the name by the seasons of a latitude, in the active language.

    None for other kinds, and within 10 degrees of the equator, where the neutral name stands.
    """
    if abs(latitude_deg) < TROPICAL_DEG:
        return None
    found = (_NORTH if latitude_deg > 0.0 else _SOUTH).get(event_type)
    return None if found is None else str(found)
