"""The cities that time zones are named after: where they are, and what ten languages call them.

Names are CLDR's, positions those of the time zone database. No other city is known.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from babel.core import get_global
from django.conf import settings

from accounts.profile_changes import ZONES
from starscal.core.formats import locale_of

OFFERED: Final = 4
LIKENESS: Final = 0.72
BEGINNING: Final = 3  # letters from which on a beginning says which city is meant
LONGEST_NAME: Final = 60
ACCENTS: Final = re.compile("[\u0300-\u036f]")
ISO_6709: Final = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class City:
    """The principal city of a time zone; ``country`` is its ISO 3166 code."""

    zone: str
    country: str
    latitude_deg: float
    longitude_deg: float


@cache
def cities() -> Mapping[str, City]:
    """Return the city of each zone that has one, by the zone's name."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    found = (_city(country, place, zone) for country, place, zone, *_comment in rows)
    return MappingProxyType({city.zone: city for city in found if city.zone in ZONES})


def _city(country: str, place: str, zone: str) -> City:
    found = ISO_6709.fullmatch(place)
    if found is None:
        raise ValueError(f"{place} of {zone} is not in the form of ISO 6709.")
    parts = found.groups("0")
    return City(zone, country, _degrees(*parts[:4]), _degrees(*parts[4:]))


def _degrees(sign: str, degrees: str, minutes: str, seconds: str) -> float:
    value = int(degrees) + int(minutes) / 60.0 + int(seconds) / 3600.0
    return round(-value if sign == "-" else value, 2)


def city_name(zone: str, language: str) -> str:
    """Return what a language calls the city of a zone, else the last part of the zone's name."""
    names = locale_of(language).time_zones
    found = next((names[key]["city"] for key in _keys(zone) if "city" in names.get(key, {})), "")
    return str(found) or zone.rpartition("/")[2].replace("_", " ")


def city_in_country(city: City, language: str) -> str:
    """Return the name with the country, as in “Vienna (Austria)”."""
    name = city_name(city.zone, language)
    country = locale_of(language).territories.get(city.country, "")
    return with_brackets(name, country, language) if country and country != name else name


def with_brackets(name: str, more: str, language: str) -> str:
    """Return a name with what tells it apart, in brackets as the language writes them."""
    return str(locale_of(language).zone_formats["fallback"]) % {"0": more, "1": name}


def cities_named(text: str) -> tuple[City, ...]:
    """Return the cities that one of the ten languages calls so; case and accents do not matter."""
    return _found(_names().get(spelled(text), ()))


def cities_like(text: str) -> tuple[City, ...]:
    """Return a few cities whose names are near to a text, the nearest first."""
    wanted, names = spelled(text), _names()
    if not wanted:
        return ()
    begun = [n for n in names if len(wanted) >= BEGINNING and n.startswith(wanted)]
    alike = get_close_matches(wanted, names, n=2 * OFFERED, cutoff=LIKENESS)
    return _found(zone for name in (*sorted(begun), *alike) for zone in names[name])[:OFFERED]


def cities_near(latitude_deg: float, longitude_deg: float) -> tuple[City, ...]:
    """Return the cities nearest to a place, the nearest first."""

    def away(city: City) -> float:
        return _separation_deg(city, latitude_deg, longitude_deg)

    return tuple(sorted(cities().values(), key=away)[:OFFERED])


def zones_named(text: str) -> tuple[str, ...]:
    """Return the zones that a text names: one by its own name in any case, or by its city's."""
    own = _zones().get(text.strip().replace(" ", "_").casefold())
    return (own,) if own else tuple(city.zone for city in cities_named(text))


def spelled(text: str) -> str:
    """Return a name as it is compared: without case, accents and what joins its parts."""
    folded = unicodedata.normalize("NFKD", text[:LONGEST_NAME].casefold())
    bare = ACCENTS.sub("", folded).replace("և", "եւ").replace("եվ", "եւ")
    kept = (sign if _is_letter(sign) else " " for sign in bare)
    return " ".join("".join(kept).split())


def _is_letter(sign: str) -> bool:
    """Say whether a sign is part of a word; Devanagari writes vowels as marks."""
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def _found(zones: Iterable[str]) -> tuple[City, ...]:
    return tuple(cities()[zone] for zone in dict.fromkeys(zones))


@cache
def _zones() -> Mapping[str, str]:
    return {zone.casefold(): zone for zone in sorted(ZONES)}


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Return the zones of each name; reading them takes a quarter of a second."""
    names: dict[str, dict[str, None]] = {}
    for zone in cities():
        plain = {key.rpartition("/")[2] for key in _keys(zone)}
        told = {city_name(zone, code) for code, _name in settings.LANGUAGES}
        for name in plain | told:
            names.setdefault(spelled(name), {})[zone] = None
    return {name: tuple(zones) for name, zones in names.items()}


def _keys(zone: str) -> tuple[str, ...]:
    """Return a zone's name and its older ones, under which CLDR may keep it."""
    return (zone, *_older().get(zone, ()))


@cache
def _older() -> Mapping[str, tuple[str, ...]]:
    older: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        older.setdefault(new, []).append(old)
    return {new: tuple(sorted(names)) for new, names in older.items()}


def _separation_deg(city: City, latitude_deg: float, longitude_deg: float) -> float:
    """Return the angle between a city and a place at the centre of a sphere."""
    here, there = math.radians(latitude_deg), math.radians(city.latitude_deg)
    turn = math.radians(city.longitude_deg - longitude_deg)
    across = math.sin((there - here) / 2.0) ** 2
    along = math.cos(here) * math.cos(there) * math.sin(turn / 2.0) ** 2
    return math.degrees(2.0 * math.asin(min(1.0, math.sqrt(across + along))))
