"""Lines of answers about the sky: times, events, what fits into a message."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import wraps
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.chat_text import plain
from starscal.core.exceptions import ApplicationError
from starscal.core.formats import active_locale, date_text, time_text
from starscal.core.i18n import language_active
from telegram_link.bot.frame import Answer, Responder, said
from telegram_link.bot.reader import Reader
from telegram_link.messages import LONGEST_TEXT, escaped, visible_units
from telegram_link.selectors.day_events import DayEvent

BETWEEN: Final = " · "  # stands between the parts of a line in every language
MONDAY: Final = date(2001, 1, 1)
MORE_UNITS: Final = 60  # kept free for the line that says how much was left out


def in_language(respond: Responder) -> Responder:
    """Answer in the reader's language; what cannot be computed is said in its sentence."""

    @wraps(respond)
    def answer(reader: Reader, words: str) -> Answer:
        with language_active(reader.language):
            try:
                return respond(reader, words)
            except ApplicationError as error:
                return said(escaped(str(error.message)))

    return answer


def bold(text: str) -> str:
    return f"<b>{escaped(text)}</b>"


def literal(text: str) -> str:
    """Return text as it is written: a tap copies it, and no address in it becomes a link."""
    return f"<code>{escaped(text)}</code>"


def link(text: str, address: str) -> str:
    return f'<a href="{html.escape(plain(address))}">{escaped(text)}</a>'


def parts(*told: str) -> str:
    """Return the parts of a line that are there, with a dot between them."""
    return BETWEEN.join(part for part in told if part)


def clock(at: datetime, zone: ZoneInfo) -> str:
    return time_text(at.astimezone(zone))


def hour_text(at: time) -> str:
    """Write a time of the day as the language does."""
    return time_text(datetime.combine(MONDAY, at))


def weekday_text(number: int) -> str:
    """Return the name of a day of the week as it stands alone; 1 is Monday."""
    day = MONDAY + timedelta(days=number - 1)
    return str(format_date(day, "cccc", locale=active_locale()))


def listed(told: Iterable[str]) -> str:
    """Write a list as the language does, from "a and b" to "a、b、c"."""
    return str(format_list(list(told), locale=active_locale()))


def span_text(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    return f"{clock(start, zone)} – {clock(end, zone)}"


def day_text(day: date, zone: ZoneInfo, style: str = "full") -> str:
    return date_text(datetime(day.year, day.month, day.day, tzinfo=zone), style)


def day_title(day: date, zone: ZoneInfo) -> str:
    """Write a day as a line of its own, with the capital that begins one."""
    text = day_text(day, zone)
    return escaped(text[:1].upper() + text[1:])


def short_day(day: date) -> str:
    """Write a day for a button."""
    return str(format_skeleton("MMMd", day, locale=active_locale()))


def zone_line(zone: ZoneInfo) -> str:
    """Say in which zone the times are."""
    if zone.key == "UTC":
        said_so = _("Times are UTC.")
    else:
        said_so = _("Times are shown in your time zone, %(zone)s.") % {"zone": zone.key}
    return f"<i>{escaped(said_so)}</i>"


def event_line(event: DayEvent, zone: ZoneInfo) -> str:
    """Write an event of a day that is named above: its time, and its title with the link."""
    title = event.title
    if event.cancelled:
        title = _("Cancelled: %(title)s.") % {"title": title}
    when = "•" if event.day else clock(event.at, zone)
    return f"{when} {link(title, event.address)}"


def day_blocks(events: Sequence[DayEvent], zone: ZoneInfo) -> list[str]:
    """Write events with their days above them, as lines."""
    lines: list[str] = []
    for day, rows in groupby(events, key=lambda event: event.day_in(zone)):
        told = [event_line(event, zone) for event in rows]
        lines += [f"\n<b>{day_title(day, zone)}</b>\n{told[0]}", *told[1:]]
    return lines


def fitted(
    head: Iterable[str], rows: Sequence[str], tail: Iterable[str], most: int = LONGEST_TEXT
) -> str:
    """Return lines as one text; rows that do not fit are left out, and their number is told."""
    before, after = "\n".join(head), "\n".join(tail)
    left = most - visible_units(f"{before}\n\n{after}")
    kept = _fitting(rows, left)
    if len(kept) < len(rows):
        kept = _fitting(rows, left - MORE_UNITS)
        kept.append(more_line(len(rows) - len(kept)))
    return "\n".join([before, *kept, after]).strip()


def _fitting(rows: Sequence[str], most: int) -> list[str]:
    kept: list[str] = []
    for row in rows:
        most -= visible_units(row) + 1
        if most < 0:
            break
        kept.append(row)
    return kept


def more_line(count: int) -> str:
    # Translators: the last line of a list that was cut: how many of its lines are left out
    told = ngettext("… and %(count)d more", "… and %(count)d more", count)
    return escaped(told % {"count": count})
