"""/place: for which place on Earth the bot tells risings, settings and what is seen."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import bold
from telegram_link.bot.phrases import cited, examples, paragraphs
from telegram_link.bot.reader import Reader
from telegram_link.bot.zones import (
    cities_offered,
    cities_only,
    clock,
    zone_chosen,
    zone_set,
    zones_offered,
)
from telegram_link.cities import (
    City,
    cities,
    cities_like,
    cities_named,
    cities_near,
    city_in_country,
    city_name,
)
from telegram_link.messages import Button, Keyboard, Message
from telegram_link.positions import NoSuchPlaceError, position_read, position_text
from telegram_link.services.chats import chat_place_forget, chat_place_set

FORGET: Final = "forget"
SEND: Final = "send"
EXAMPLE: Final = "Europe/Vienna"


def answer(reader: Reader, words: str) -> Answer:
    if not words:
        return _shown(reader)
    try:
        position = position_read(words)
    except NoSuchPlaceError:
        return said(paragraphs(_no_place(words), _limits(), _how(reader)))
    if position is not None:
        return Answer(messages=(_set(reader, *position),))
    found = cities_named(words)
    if len(found) == 1:
        return Answer(messages=(_city_set(reader, found[0]),))
    near = found or cities_like(words)
    if near:
        return said(
            _("Which of these do you mean?"), keyboard=cities_offered(reader, near, "place")
        )
    return said(paragraphs(_no_place(words), _how(reader), cities_only()))


def pressed(reader: Reader, data: str) -> Answer:
    if data in cities():
        return Answer(edited=_city_set(reader, cities()[data]))
    if data == FORGET:
        chat_place_forget(chat=reader.chat, user=reader.user)
        return Answer(edited=Message(_("I have forgotten the place.")))
    if data == SEND and reader.chat.is_private:
        return said(_location_hint(), location_asked=_location_label())
    return _shown(reader)


def _shown(reader: Reader) -> Answer:
    if reader.spot is not None:
        place = bold(position_text(reader.spot.latitude_deg, reader.spot.longitude_deg))
        # Translators: no full stop: the place may end in one, as in "16° в. д."
        shown = _("The place: %(place)s") % {"place": place}
        return said(
            paragraphs(f"📍 {shown}", _how(reader), cities_only()), keyboard=_keyboard(reader)
        )
    why = _(
        "No place is known yet. With one, I can tell when the Sun, the Moon and the planets rise "
        "and set there, and which eclipses it sees."
    )
    text = paragraphs(f"📍 {why}", _how(reader), cities_only())
    if not reader.chat.is_private:
        return said(text)
    return said(paragraphs(text, _location_hint()), location_asked=_location_label())


def _keyboard(reader: Reader) -> Keyboard:
    forget = Button(_("Forget the place"), f"place:{FORGET}")
    if not reader.chat.is_private:
        return ((forget,),)
    return ((Button(_location_label(), f"place:{SEND}"),), (forget,))


def _location_label() -> str:
    return _("Send my location")


def _location_hint() -> str:
    return _("Your phone can send its location: press the button below.")


def _how(reader: Reader) -> str:
    city = city_name(EXAMPLE, reader.language)
    return _("Write latitude and longitude or a city after the command: %(examples)s.") % {
        "examples": examples("/place 48.2 16.4", "/place 48°12′N 16°22′E", f"/place {city}")
    }


def _no_place(words: str) -> str:
    return _("%(value)s is not a place that I know.") % {"value": cited(words)}


def _limits() -> str:
    return _(
        "Latitudes go from −90 to 90 degrees and longitudes from −180 to 180; minutes and seconds "
        "stay below 60."
    )


def _set(reader: Reader, latitude_deg: float, longitude_deg: float) -> Message:
    """Set the place, say so, and offer the zones near to it unless one of them is in force."""
    _store(reader, latitude_deg, longitude_deg)
    told = {"place": bold(position_text(latitude_deg, longitude_deg))}
    text = _("The place is set (%(place)s). I store it only to within about a kilometre.") % told
    return _with_zones(reader, f"📍 {text}", cities_near(latitude_deg, longitude_deg))


def _city_set(reader: Reader, city: City) -> Message:
    """Set the place to a city, and the time zone with it if none was chosen."""
    _store(reader, city.latitude_deg, city.longitude_deg)
    told = {
        "city": bold(city_in_country(city, reader.language)),
        "place": position_text(city.latitude_deg, city.longitude_deg),
    }
    text = "📍 " + _("The place is set: %(place)s, that is %(city)s.") % told
    if zone_chosen(reader):
        return _with_zones(reader, text, (city,))
    return Message(paragraphs(text, zone_set(reader, city.zone).text))


def _with_zones(reader: Reader, text: str, near: tuple[City, ...]) -> Message:
    """Ask for the time zone of a place, unless the chosen one has the time of a city near to it."""
    chosen = zone_chosen(reader)
    if chosen and clock(reader, chosen) in {clock(reader, city.zone) for city in near}:
        return Message(text)
    offered = zones_offered(reader, [city.zone for city in near])
    return Message(paragraphs(text, _("Which time zone belongs to it?")), keyboard=offered)


def _store(reader: Reader, latitude_deg: float, longitude_deg: float) -> None:
    chat_place_set(
        chat=reader.chat,
        user=reader.user,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
    )


COMMAND = Command("place", gettext_lazy("Your place on Earth"), answer, pressed, for_admins=True)
