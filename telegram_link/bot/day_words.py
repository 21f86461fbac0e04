"""What is said of a day: the Sun, the Moon, its date in other calendars, its events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from astronomy.observer.place import Place
from events.calendar_days import calendar_days
from events.figures.selectors import Kept
from events.filters import EventFilter
from events.freshness import freshness_read
from events.models import NOTABLE
from telegram_link.bot.lines import day_title, event_line, fitted, parts, zone_line
from telegram_link.bot.reader import Reader
from telegram_link.bot.sky_lines import (
    SIGNS,
    body_words,
    lit_words,
    moon_sign,
    moon_words,
    place_hint,
    place_or_none,
    rise_and_set,
)
from telegram_link.messages import escaped
from telegram_link.selectors.day_events import STREAM, DayEvent, day_events, midnights
from telegram_link.selectors.skies import local_day, longitude, moon_shape
from telegram_link.selectors.wishes import calendars_of

HALF_DAY: Final = timedelta(hours=12)
KEPT_TEXTS: Final = 2_000  # of a few thousand letters


@dataclass(frozen=True, slots=True)
class DayAsked:
    """Everything that the words of a day depend on, beside the place and what the store holds."""

    day: date
    zone: ZoneInfo
    language: str
    wanted: EventFilter
    calendars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayWords:
    """The words of a day for whoever asks for it in the same way; ``shape`` is the Moon's."""

    title: str
    calendars: tuple[str, ...]
    sun: str
    moon: str
    shape: str
    events: tuple[str, ...]


KEPT: Final[Kept[DayWords]] = Kept(KEPT_TEXTS)


def day_asked(reader: Reader, day: date, wanted: EventFilter) -> DayAsked:
    return DayAsked(day, reader.zone, reader.language, wanted, calendars_of(reader))


def day_text_of(reader: Reader, asked: DayAsked, most: int, *closing: str) -> str:
    """Return the text of a day in the active language, which is that of the reader.

    Errors: range.outside.
    """
    words, place = day_words(asked), place_or_none(reader)
    head = [words.title, *words.calendars, "", *sky_lines(words, asked, place), ""]
    rows = list(words.events) or [escaped(_("The calendar has no event on this day."))]
    tail = ["", zone_line(asked.zone), *([] if place else [place_hint()]), *closing]
    return fitted(head, rows, tail, most)


def day_words(asked: DayAsked) -> DayWords:
    """Return the words of a day, kept while nothing changes in the store."""
    mark = freshness_read(stream=STREAM).mark
    if mark is None:
        return _written(asked)
    return KEPT.value((mark, asked), lambda: _written(asked))


def _written(asked: DayAsked) -> DayWords:
    start, end = midnights(asked.day, asked.zone)
    noon = noon_of(start, end)
    moon = moon_shape(at=noon, start=start, end=end)
    (events,) = day_events(
        first=asked.day, days=1, zone=asked.zone, language=asked.language, wanted=asked.wanted
    )
    return DayWords(
        title=f"<b>{day_title(asked.day, asked.zone)}</b>",
        calendars=calendar_lines(asked.day, noon, asked.calendars),
        sun=f"{SIGNS['sun']} {escaped(body_words('sun', longitude('sun', noon)))}",
        moon=escaped(parts(moon_words(moon), lit_words(moon))),
        shape=moon.shape,
        events=tuple(_event_line(event, asked.zone) for event in events),
    )


def _event_line(event: DayEvent, zone: ZoneInfo) -> str:
    """Write an event; what is seen without looking for it stands out among the day's others."""
    line = event_line(event, zone)
    return f"<b>{line}</b>" if event.significance >= NOTABLE else line


def noon_of(start: datetime, end: datetime) -> datetime:
    """Return the instant for which a day's Moon is told, as the API does."""
    return min(start + HALF_DAY, end)


def sky_lines(words: DayWords, asked: DayAsked, place: Place | None) -> list[str]:
    """Return the lines of the Sun and the Moon; with a place, when they rise and set."""
    sign = moon_sign(words.shape, place.lat_deg if place else None)
    moon = f"{sign} {words.moon}"
    if place is None:
        return [words.sun, moon]
    start, end = midnights(asked.day, asked.zone)
    bodies = local_day(place, start, end)
    sun_times, moon_times = (rise_and_set(bodies[body], asked.zone) for body in ("sun", "moon"))
    return [words.sun, sun_times, moon, moon_times]


def calendar_lines(day: date, at: datetime, calendars: tuple[str, ...]) -> tuple[str, ...]:
    """Return the date in other calendars, as a label and what stands for it."""
    return tuple(
        f"<i>{escaped(parts(shown.label, shown.text, *shown.feasts))}</i>"
        for shown in calendar_days(at, day, calendars)
    )
