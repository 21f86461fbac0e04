"""What lines say of Sun, Moon and planets: shapes, signs, rise and set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astronomy.observer.days import BodyDay
from astronomy.observer.levels import RISE, SET
from astronomy.observer.place import Place
from events.texts.bodies import SUBJECT
from events.texts.signs import in_sign
from starscal.core.formats import percent_text
from telegram_link.bot.lines import clock, parts
from telegram_link.bot.reader import Reader
from telegram_link.messages import escaped
from telegram_link.selectors.skies import BETWEEN, PHASES, MoonShape, place_of

SHAPES: Final[Mapping[str, str | Promise]] = {
    # Translators: in_sign is a phrase such as "in Gemini"
    "new_moon": gettext_lazy("New Moon %(in_sign)s"),
    # Translators: in_sign is a phrase such as "in Gemini"; the Moon between new and first quarter
    "waxing_crescent": gettext_lazy("Waxing crescent Moon %(in_sign)s"),
    # Translators: in_sign is a phrase such as "in Gemini"
    "first_quarter": gettext_lazy("First Quarter Moon %(in_sign)s"),
    # Translators: in_sign is a phrase such as "in Gemini"; the Moon between first quarter and full
    "waxing_gibbous": gettext_lazy("Waxing gibbous Moon %(in_sign)s"),
    # Translators: in_sign is a phrase such as "in Gemini"
    "full_moon": gettext_lazy("Full Moon %(in_sign)s"),
    # Translators: in_sign is a phrase such as "in Gemini"; the Moon between full and last quarter
    "waning_gibbous": gettext_lazy("Waning gibbous Moon %(in_sign)s"),
    # Translators: in_sign is a phrase such as "in Gemini"
    "last_quarter": gettext_lazy("Last Quarter Moon %(in_sign)s"),
    # Translators: in_sign is a phrase such as "in Gemini"; the Moon between last quarter and new
    "waning_crescent": gettext_lazy("Waning crescent Moon %(in_sign)s"),
}
SIGNS: Final = {
    "sun": "☉", "mercury": "☿", "venus": "♀", "mars": "♂",
    "jupiter": "♃", "saturn": "♄", "uranus": "♅", "neptune": "♆",
}  # fmt: skip
MOONS: Final = "🌑🌒🌓🌔🌕🌖🌗🌘"  # as the northern hemisphere sees it
ORDER: Final = tuple(shape for pair in zip(PHASES, BETWEEN, strict=True) for shape in pair)
ARROWS: Final = {RISE: "↑", SET: "↓"}


def place_or_none(reader: Reader) -> Place | None:
    spot = reader.spot
    return place_of(spot.latitude_deg, spot.longitude_deg, spot.elevation_m) if spot else None


def moon_sign(shape: str, latitude_deg: float | None) -> str:
    """Return the small picture of a shape; south of the equator it is lit on the other side."""
    at = ORDER.index(shape)
    if latitude_deg is not None and latitude_deg < 0.0:
        at = -at
    return MOONS[at]


def moon_words(moon: MoonShape) -> str:
    return str(SHAPES[moon.shape]) % {"in_sign": in_sign(moon.longitude_deg)}


def lit_words(moon: MoonShape) -> str:
    # Translators: percent is the lit part of the Moon's disc
    return _("%(percent)s lit") % {"percent": percent_text(moon.lit)}


def body_words(body: str, longitude_deg: float) -> str:
    """Name a body and the sign it stands in."""
    told = {"body": SUBJECT[body], "in_sign": in_sign(longitude_deg)}
    # Translators: where the Sun or a planet stands: a name, and a phrase such as "in Gemini"
    return _("%(body)s %(in_sign)s") % told


def rise_and_set(day: BodyDay, zone: ZoneInfo) -> str:
    """Write when a body rises and sets in a day, or why it does not."""
    if RISE in day.missing and SET in day.missing:
        return missing_words(day.missing[RISE])
    return times_of(((each.event, each.utc) for each in day.events if each.event in ARROWS), zone)


def times_of(passages: Iterable[tuple[str, datetime]], zone: ZoneInfo) -> str:
    ordered = sorted(passages, key=lambda each: each[1])
    return escaped(parts(*(f"{ARROWS[name]} {clock(at, zone)}" for name, at in ordered)))


def missing_words(reason: str) -> str:
    """Say why something neither rises nor sets in a day."""
    if reason == "always_up":
        # Translators: stands for the times of rise and set of the Sun or the Moon
        return escaped(_("above the horizon all day"))
    # Translators: stands for the times of rise and set of the Sun or the Moon
    return escaped(_("below the horizon all day"))


def place_hint() -> str:
    hint = _(
        "Tell me your place with /place: then I also say what can be seen from there, and when "
        "the Sun and the Moon rise and set."
    )
    return f"<i>{escaped(hint)}</i>"
