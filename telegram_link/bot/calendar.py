"""/calendar: what today is in the calendar that is shown beside the Gregorian one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.calendar_days import LABELS, CalendarDay, calendar_days
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import day_title
from telegram_link.bot.phrases import choice, cited, paragraphs, rows
from telegram_link.bot.reader import Reader
from telegram_link.messages import Keyboard, Message, escaped
from telegram_link.selectors.wishes import calendars_of
from telegram_link.services.chats import chat_calendar_set

NONE: Final = "none"
AS_USUAL: Final = ""  # what almanacs of the language print
NAMES: Final[Mapping[str, str | Promise]] = {
    "chinese": LABELS["chinese"],
    "hindu": LABELS["hindu"],
    "armenian": LABELS["armenian"],
    "christian": gettext_lazy("Church calendars"),
}
AUTO: Final = "auto"


def answer(reader: Reader, words: str) -> Answer:
    if not words:
        return Answer(messages=(_today(reader),))
    if not _may(reader):
        return said(_refusal())
    code = _named(words)
    if code is None:
        wrong = _("%(value)s is not a calendar that I know.") % {"value": cited(words)}
        return said(paragraphs(wrong, _question()), keyboard=_keyboard(reader))
    return Answer(messages=(_set(reader, code),))


def pressed(reader: Reader, data: str) -> Answer:
    if not _may(reader):
        return Answer(toast=_refusal())
    if data == AUTO:
        return Answer(edited=_set(reader, AS_USUAL))
    return Answer(edited=_set(reader, data) if data in {*NAMES, NONE} else _today(reader))


def _may(reader: Reader) -> bool:
    """Say whether the calendar may be chosen here: everybody in a group may ask what today is."""
    return reader.chat.is_private


def _refusal() -> str:
    return _("This works only in a private chat with me.")


def _named(words: str) -> str | None:
    """Return the calendar that somebody wrote, by its code or by what the language calls it."""
    wanted = words.strip().casefold()
    return next((c for c, name in NAMES.items() if wanted in {c, str(name).casefold()}), None)


def _set(reader: Reader, code: str) -> Message:
    chat_calendar_set(chat=reader.chat, calendar=code)
    return _today(reader)


def _today(reader: Reader) -> Message:
    """Return what today is, by the date at the reader's own place."""
    today = reader.at.astimezone(reader.zone).date()
    days = calendar_days(reader.at, today, calendars_of(reader))
    title = f"📅 <b>{day_title(today, reader.zone)}</b>"
    none = "" if days else _("No other calendar is shown beside the Gregorian one.")
    told = paragraphs(title, *map(_day_text, days), none)
    if not _may(reader):
        return Message(told)
    return Message(paragraphs(told, _question()), keyboard=_keyboard(reader))


def _day_text(day: CalendarDay) -> str:
    feasts = (f"• {escaped(feast)}" for feast in day.feasts)
    return "\n".join((f"<i>{escaped(day.label)}</i>", escaped(day.text), *feasts))


def _question() -> str:
    return _("Which calendar should stand beside the Gregorian one?")


def _keyboard(reader: Reader) -> Keyboard:
    current = reader.chat.calendar
    names = [
        choice(str(name), f"calendar:{code}", chosen=code == current)
        for code, name in NAMES.items()
    ]
    usual = choice(_("As usual in this language"), f"calendar:{AUTO}", chosen=current == AS_USUAL)
    none = choice(_("Gregorian only"), f"calendar:{NONE}", chosen=current == NONE)
    return (*rows(names, 2), (usual, none))


COMMAND = Command("calendar", gettext_lazy("Today in another calendar"), answer, pressed)
