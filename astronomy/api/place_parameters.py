"""A place as the query string names it: the same limits and words wherever one is asked for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from astronomy.observer.place import LIMITS, Place
from starscal.core.api.openapi import Schema
from starscal.core.api.parameters import QueryReader, quoted

PLACE: Final = ("lat", "lon", "elevation", "horizon")
POINT: Final = PLACE[:3]  # where the horizon does not matter
VISIBLE_FROM: Final = "visible_from"
_NEEDED: Final = frozenset({"lat", "lon"})
_LIMITS: Final = dict(zip(PLACE, LIMITS.values(), strict=True))
_DECIMAL: Final = re.compile(r"[+-]?\d{1,9}(?:\.\d{0,15})?", re.ASCII)
_TEXTS: Final = {
    "lat": "Latitude in degrees, north positive.",
    "lon": "Longitude in degrees, east positive.",
    "elevation": ("Height of the observer above WGS 84 in metres. It does not lower the horizon."),
    "horizon": (
        "Apparent altitude of the visible horizon in degrees: above 0 behind mountains, below 0 "
        "for a sea seen from above."
    ),
}
_EXAMPLES: Final = {"lat": 52.52, "lon": 13.405, "elevation": 34, "horizon": 0}


def read_place(query: QueryReader, names: Sequence[str] = PLACE) -> Place | None:
    """Return the place that ``names`` give, or None if something in it was refused."""
    refused = len(query.errors)
    values = [
        query.number(
            name,
            least=_LIMITS[name].least,
            most=_LIMITS[name].most,
            default=None if name in _NEEDED else 0.0,
        )
        for name in names
    ]
    return Place(*values) if len(query.errors) == refused else None


def read_visible_from(query: QueryReader) -> Place | None:
    """Return the place of ``visible_from=lat,lon[,elevation]``, or None if there is none."""
    text = query.text(VISIBLE_FROM)
    if text is None:
        return None
    # A plus sign that was not escaped arrives as a space.
    parts = [part.strip() for part in text.split(",")]
    numbers = [float(part) if _DECIMAL.fullmatch(part) else math.nan for part in parts]
    if len(numbers) in {2, 3}:
        try:
            return Place(*numbers)
        except ValueError:
            pass  # beyond the limits, as any other text that is no place
    _refuse(query, text)
    return None


def _refuse(query: QueryReader, text: str) -> None:
    limits = {
        f"{name}_{end}": f"{value:g}"
        for name in POINT
        for end, value in _LIMITS[name]._asdict().items()
    }
    detail = _(
        "%(value)s is not a place. Give latitude, longitude and, if you like, elevation, such as "
        "52.52,13.405,34: degrees from %(lat_least)s to %(lat_most)s and from %(lon_least)s to "
        "%(lon_most)s, metres from %(elevation_least)s to %(elevation_most)s."
    )
    query.refuse(VISIBLE_FROM, detail % {"value": quoted(text), **limits})


def place_parameters(
    names: Sequence[str] = PLACE, *, needed: bool = True, note: str = ""
) -> list[OpenApiParameter]:
    """Return the parameters of a place; ``note`` ends the texts of latitude and longitude."""
    return [
        OpenApiParameter(
            name,
            _range(name),
            OpenApiParameter.QUERY,
            required=needed and name in _NEEDED,
            description=_TEXTS[name] + (note if name in _NEEDED else ""),
            examples=[OpenApiExample("Berlin", value=_EXAMPLES[name])],
        )
        for name in names
    ]


def _range(name: str) -> Schema:
    least, most = _LIMITS[name]
    schema: Schema = {"type": "number", "minimum": least, "maximum": most}
    return schema if name in _NEEDED else schema | {"default": 0}
