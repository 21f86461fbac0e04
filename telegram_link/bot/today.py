"""/today: a day of the reader, with the Sun, the Moon and what happens."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.filters import EventFilter
from telegram_link.bot.day_words import day_asked, day_text_of
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import in_language, short_day
from telegram_link.bot.phrases import cited
from telegram_link.bot.reader import Reader
from telegram_link.messages import LONGEST_TEXT, Button, Keyboard, Message

DAY: Final = timedelta(days=1)
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@in_language
def today_answer(reader: Reader, words: str) -> Answer:
    """Answer with today, or with the date that was written as 2026-12-24."""
    written = words.strip()
    day = day_read(written) if written else local_today(reader)
    if day is None:
        told = _("%(value)s is not a date. Write it as 2026-08-12.")
        return said(told % {"value": cited(written)})
    return Answer(messages=(day_message(reader, day),))


@in_language
def today_pressed(reader: Reader, words: str) -> Answer:
    """Show the day of a button in place of the one under which it stood."""
    day = day_read(words) or local_today(reader)
    return Answer(edited=day_message(reader, day))


def local_today(reader: Reader) -> date:
    return reader.at.astimezone(reader.zone).date()


def day_read(written: str) -> date | None:
    if not DATE.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:  # no such day
        return None


def day_message(reader: Reader, day: date) -> Message:
    """Return a day with buttons for the one before and the one after. Errors: range.outside."""
    asked = day_asked(reader, day, EventFilter())
    return Message(day_text_of(reader, asked, LONGEST_TEXT), keyboard=_neighbours(day))


def _neighbours(day: date) -> Keyboard:
    before, after = day - DAY, day + DAY
    return (
        (
            Button(f"◀ {short_day(before)}", data=f"today:{before.isoformat()}"),
            Button(f"{short_day(after)} ▶", data=f"today:{after.isoformat()}"),
        ),
    )


COMMAND: Final = Command(
    name="today",
    summary=gettext_lazy("The sky today, or on a date such as 2026-12-24"),
    answer=today_answer,
    pressed=today_pressed,
)
