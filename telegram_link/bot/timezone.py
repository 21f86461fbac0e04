"""/timezone: in whose time the bot tells times."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.profile_changes import is_zone, zone_fault
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.phrases import examples, paragraphs
from telegram_link.bot.reader import Reader
from telegram_link.bot.zones import cities_only, zone_set, zone_shown, zones_offered
from telegram_link.cities import cities_like, cities_near, city_name, zones_named
from telegram_link.messages import escaped

EXAMPLE: Final = "Europe/Vienna"
# Large cities of readers of a language, offered to who has not told a place.
LARGE: Final = {
    "en": ("Europe/London", "America/New_York", "America/Los_Angeles", "Australia/Sydney"),
    "zh-hans": ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Bogota", "America/Santiago"),
    "hi": ("Asia/Kolkata", "Asia/Kathmandu", "Asia/Dubai", "Europe/London"),
    "pt-br": ("America/Sao_Paulo", "America/Manaus", "America/Fortaleza", "Europe/Lisbon"),
    "de": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/Luxembourg"),
    "fr": ("Europe/Paris", "Europe/Brussels", "America/Toronto", "Africa/Abidjan"),
    "ja": ("Asia/Tokyo", "Pacific/Honolulu", "America/Los_Angeles", "Europe/London"),
    "ru": ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok"),
    "hy": ("Asia/Yerevan", "Europe/Moscow", "Europe/Paris", "America/Los_Angeles"),
}


def answer(reader: Reader, words: str) -> Answer:
    if not words:
        shown = paragraphs(f"🕒 {zone_shown(reader)}", _how(reader), cities_only())
        return said(shown, keyboard=zones_offered(reader, _likely(reader)))
    zones = zones_named(words)
    if len(zones) == 1:
        return Answer(messages=(zone_set(reader, zones[0]),))
    near = zones or tuple(city.zone for city in cities_like(words))
    if near:
        return said(_("Which of these do you mean?"), keyboard=zones_offered(reader, near))
    return said(paragraphs(escaped(zone_fault(words)), _how(reader), cities_only()))


def pressed(reader: Reader, data: str) -> Answer:
    if data and is_zone(data):
        return Answer(edited=zone_set(reader, data))
    return answer(reader, "")


def _how(reader: Reader) -> str:
    city = city_name(EXAMPLE, reader.language)
    return _("Write a time zone or its city after the command: %(examples)s.") % {
        "examples": examples(f"/timezone {EXAMPLE}", f"/timezone {city}")
    }


def _likely(reader: Reader) -> tuple[str, ...]:
    if reader.spot is None:
        return LARGE[reader.language]
    near = cities_near(reader.spot.latitude_deg, reader.spot.longitude_deg)
    return tuple(city.zone for city in near)


COMMAND = Command("timezone", gettext_lazy("Your time zone"), answer, pressed, for_admins=True)
