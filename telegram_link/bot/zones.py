"""Time zones as answers tell and offer them: by their cities, with the time that it is there."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from starscal.core.formats import time_text
from telegram_link.bot.lines import bold
from telegram_link.bot.phrases import rows
from telegram_link.bot.reader import Reader
from telegram_link.cities import City, cities, city_in_country, city_name, with_brackets
from telegram_link.messages import Button, Keyboard, Message
from telegram_link.services.chats import chat_zone_set


def zone_chosen(reader: Reader) -> str:
    """Return the name of the zone that was chosen for a chat, or an empty one."""
    own = reader.user.timezone if reader.user else ""
    return own or reader.chat.timezone


def zone_set(reader: Reader, zone: str) -> Message:
    """Set the time zone and say so."""
    chat_zone_set(chat=reader.chat, user=reader.user, zone=zone, at=reader.at)
    text = _("The time zone is now %(zone)s. It is %(time)s there.") % told(reader, zone)
    return Message(f"🕒 {text}")


def zone_shown(reader: Reader) -> str:
    """Say which zone was chosen, or that none was."""
    zone = zone_chosen(reader)
    if zone:
        return _("The time zone is %(zone)s. It is %(time)s there.") % told(reader, zone)
    return _("No time zone is chosen yet, so I tell all times in UTC.")


def told(reader: Reader, zone: str) -> dict[str, str]:
    """Return the placeholders of a sentence that names a zone."""
    return {"zone": bold(zone_name(zone, reader.language)), "time": clock(reader, zone)}


def zone_name(zone: str, language: str) -> str:
    """Return a zone by its city and its own name, as in “Wien (Europe/Vienna)”."""
    return with_brackets(city_name(zone, language), zone, language) if zone in cities() else zone


def clock(reader: Reader, zone: str) -> str:
    """Return the time of day that it is now in a zone."""
    return time_text(reader.at.astimezone(ZoneInfo(zone)))


def zones_offered(reader: Reader, zones: Iterable[str]) -> Keyboard:
    """Return a button for each zone, with the time that it is there."""
    return rows([_button(reader, zone) for zone in zones], 2)


def _button(reader: Reader, zone: str) -> Button:
    return Button(f"{city_name(zone, reader.language)} · {clock(reader, zone)}", f"timezone:{zone}")


def cities_only() -> str:
    """Say that few cities are known."""
    return _("The only cities I know are those that time zones are named after.")


def cities_offered(reader: Reader, found: Iterable[City], command: str) -> Keyboard:
    """Return a button for each city, which sends its zone to a command."""
    return tuple(
        (Button(city_in_country(city, reader.language), f"{command}:{city.zone}"),)
        for city in found
    )
