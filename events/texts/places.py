"""Latitudes and longitudes on the Earth as a reader writes them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from starscal.core.formats import decimal_text


def latitude_text(value: float, digits: int) -> str:
    number = {"value": decimal_text(abs(value), digits)}
    # Translators: a geographic latitude
    return _("%(value)s° N") % number if value >= 0 else _("%(value)s° S") % number


def longitude_text(value: float, digits: int) -> str:
    number = {"value": decimal_text(abs(value), digits)}
    # Translators: a geographic longitude
    return _("%(value)s° E") % number if value >= 0 else _("%(value)s° W") % number


def place_names(latitude_deg: float, longitude_deg: float) -> dict[str, str]:
    """Return the placeholders of a sentence that names a place on the Earth, in whole degrees."""
    return {
        "latitude": latitude_text(latitude_deg, 0),
        "longitude": longitude_text(longitude_deg, 0),
    }
