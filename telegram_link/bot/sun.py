"""/sun: the Sun's day at the reader's place, and what holds everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astronomy.observer.days import BodyDay
from astronomy.observer.events import SkyEvent
from astronomy.observer.levels import RISE, SET, TRANSIT
from astronomy.observer.place import Place
from events.filters import EventFilter
from events.local_names import local_name
from starscal.core.formats import decimal_text, degrees_text, duration_text, minute_text
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import (
    bold,
    clock,
    day_title,
    in_language,
    link,
    parts,
    zone_line,
)
from telegram_link.bot.reader import Reader
from telegram_link.bot.sky_lines import (
    SIGNS,
    body_words,
    missing_words,
    place_hint,
    place_or_none,
    times_of,
)
from telegram_link.bot.today import local_today
from telegram_link.messages import escaped
from telegram_link.selectors.day_events import day_event, events_ahead, midnights
from telegram_link.selectors.skies import local_day, longitude, sun_distance_au

SEASONS: Final = EventFilter(families=("seasons",))
SEASONS_SHOWN: Final = 2
# Label, and the names of what begins and ends it.
Twilight = tuple[str | Promise, str, str]
TWILIGHTS: Final[tuple[Twilight, ...]] = (
    (gettext_lazy("Civil twilight"), "civil_dawn", "civil_dusk"),
    (gettext_lazy("Nautical twilight"), "nautical_dawn", "nautical_dusk"),
    (gettext_lazy("Astronomical twilight"), "astronomical_dawn", "astronomical_dusk"),
)


@in_language
def sun_answer(reader: Reader, _words: str) -> Answer:
    """Answer with the Sun's day. Errors: range.outside."""
    place = place_or_none(reader)
    where = f"{SIGNS['sun']} {bold(body_words('sun', longitude('sun', reader.at)))}"
    lines = [where, day_title(local_today(reader), reader.zone), ""]
    lines += _place_lines(reader, place) if place else []
    lines += [_distance(reader), "", *_seasons(reader, place), "", zone_line(reader.zone)]
    return said("\n".join(lines if place else [*lines, place_hint()]))


def _place_lines(reader: Reader, place: Place) -> list[str]:
    start, end = midnights(local_today(reader), reader.zone)
    day = local_day(place, start, end)["sun"]
    rows = [*_passages(day, reader), _length(day)]
    rows += [_twilight(day, reader, *each) for each in TWILIGHTS]
    return [row for row in rows if row]


def _passages(day: BodyDay, reader: Reader) -> list[str]:
    """Write when the Sun rises, stands highest and sets, or why it does not."""
    labels = {
        RISE: _("Sunrise"),
        # Translators: the moment at which the Sun stands due south or north, about its highest
        TRANSIT: _("Solar noon"),
        SET: _("Sunset"),
    }
    found = sorted((day.first[name] for name in labels if name in day.first), key=_instant)
    rows = [_passage(labels[each.event], each, reader) for each in found]
    up_or_down = RISE in day.missing and SET in day.missing
    return [missing_words(day.missing[RISE]), *rows] if up_or_down else rows


def _instant(event: SkyEvent) -> datetime:
    return event.utc


def _passage(label: str, event: SkyEvent, reader: Reader) -> str:
    height = degrees_text(event.altitude_deg, 1) if event.event == TRANSIT else ""
    return _row(label, clock(event.utc, reader.zone), height)


def _length(day: BodyDay) -> str:
    return _row(_("Day length"), duration_text(day.up_s)) if RISE in day.first else ""


def _twilight(day: BodyDay, reader: Reader, label: str | Promise, dawn: str, dusk: str) -> str:
    """Write when the Sun passes the edge of a twilight, upwards and downwards."""
    names = {dawn: RISE, dusk: SET}
    if all(name in day.missing for name in names):
        return _row(str(label), _never(day.missing[dawn]))
    found = ((names[each.event], each.utc) for each in day.events if each.event in names)
    return parts(escaped(str(label)), times_of(found, reader.zone))


def _never(reason: str) -> str:
    if reason == "always_up":
        # Translators: stands for the times of a twilight that does not end: the Sun stays too high
        return _("the Sun stays higher all day")
    # Translators: stands for the times of a twilight that does not begin: the Sun stays too low
    return _("the Sun stays lower all day")


def _row(label: str, value: str, more: str = "") -> str:
    return parts(escaped(label), bold(value) if value else "", escaped(more))


def _distance(reader: Reader) -> str:
    value = decimal_text(sun_distance_au(reader.at), 4)
    # Translators: astronomical units
    return _row(_("Distance of the Sun"), _("%(value)s au") % {"value": value})


def _seasons(reader: Reader, place: Place | None) -> list[str]:
    """Write the next equinox and solstice; with a place also by the season that begins there."""
    ahead = events_ahead(
        since=reader.at, limit=SEASONS_SHOWN, language=reader.language, wanted=SEASONS
    )
    lines = [bold(_("What comes next"))]
    for each in ahead.events[:SEASONS_SHOWN]:
        event = day_event(each, reader.language)
        own = local_name(event.kind, place.lat_deg) if place else None
        said = own is None or own.casefold() in event.title.casefold()
        lines.append(escaped(minute_text(event.at.astimezone(reader.zone))))
        lines.append(parts(link(event.title, event.address), "" if said else escaped(str(own))))
    return lines


COMMAND: Final = Command(name="sun", summary=gettext_lazy("The Sun today"), answer=sun_answer)
