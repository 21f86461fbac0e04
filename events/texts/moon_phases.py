"""Texts of the Moon's principal phases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from events.texts.signs import in_sign


def title(kind: str, details: Mapping[str, Any]) -> str:
    where = {"in_sign": in_sign(details["moon_longitude_deg"])}
    if kind == "new_moon":
        # Translators: in_sign is a phrase such as "in Gemini"
        return _("New Moon %(in_sign)s") % where
    if kind == "first_quarter":
        # Translators: in_sign is a phrase such as "in Gemini"
        return _("First Quarter Moon %(in_sign)s") % where
    if kind == "full_moon":
        # Translators: in_sign is a phrase such as "in Gemini"
        return _("Full Moon %(in_sign)s") % where
    # Translators: in_sign is a phrase such as "in Gemini"
    return _("Last Quarter Moon %(in_sign)s") % where


def description(kind: str, _details: Mapping[str, Any]) -> str:
    if kind == "new_moon":
        return _(
            "The Moon passes between the Earth and the Sun and cannot be seen. The nights around "
            "it are the darkest of the month: the best ones for faint stars and the Milky Way."
        )
    if kind == "first_quarter":
        return _(
            "Half of the Moon's disc is lit. It stands highest around sunset and sets around "
            "midnight; craters and mountains show best along the line between light and shadow."
        )
    if kind == "full_moon":
        return _(
            "The Moon stands opposite the Sun and its whole disc is lit. It rises around sunset, "
            "stands highest around midnight and sets around sunrise."
        )
    return _(
        "Half of the Moon's disc is lit. It rises around midnight and stands highest around "
        "sunrise, so look for it in the morning sky."
    )
