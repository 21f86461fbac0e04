"""/quiet: the hours in which nothing comes unasked."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from starscal.core.i18n import DASHES
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import bold, hour_text
from telegram_link.bot.phrases import choice, cited, examples, paragraphs
from telegram_link.bot.reader import Reader
from telegram_link.bot.zones import zone_shown
from telegram_link.messages import Keyboard, Message
from telegram_link.services.chats import chat_quiet_set

OFF: Final = "off"
LONGEST: Final = 40
OFFERED: Final = ("22:00-07:00", "23:00-08:00", "00:00-09:00", "21:00-06:00")
_HOUR: Final = r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]\.?m\.?)?"
SPAN: Final = re.compile(rf"{_HOUR}\s*[-,;/ ]\s*{_HOUR}", re.ASCII)

Span = tuple[time, time]


def answer(reader: Reader, words: str) -> Answer:
    if not words:
        return Answer(messages=(_shown(reader),))
    if words.strip().casefold() == OFF:
        return Answer(messages=(_set(reader, None, None),))
    span = span_read(words)
    if span is None:
        wrong = _(
            "I cannot read %(value)s as two times. Write two times of the day, from 0:00 to 23:59."
        )
        return said(paragraphs(wrong % {"value": cited(words)}, _how()))
    if span[0] == span[1]:
        return said(_("The two times must differ. To hear nothing at all, send /stop."))
    return Answer(messages=(_set(reader, *span),))


def pressed(reader: Reader, data: str) -> Answer:
    if data == OFF:
        return Answer(edited=_set(reader, None, None))
    span = span_read(data) if data in OFFERED else None
    return Answer(edited=_set(reader, *span) if span else _shown(reader))


def span_read(words: str) -> Span | None:
    """Return the two times of ``22-7``, ``22:30–07:00`` or ``10 pm - 7 am``."""
    plain = words.translate(DASHES).replace("：", ":").strip().casefold()
    found = SPAN.fullmatch(plain) if len(plain) <= LONGEST else None
    if found is None:
        return None
    parts = found.groups("")
    start, end = _time(*parts[:3]), _time(*parts[3:])
    return (start, end) if start is not None and end is not None else None


def _time(hours: str, minutes: str, half: str) -> time | None:
    hour, minute = int(hours), int(minutes or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _set(reader: Reader, start: time | None, end: time | None) -> Message:
    chat_quiet_set(chat=reader.chat, start=start, end=end)
    return _shown(reader)


def _shown(reader: Reader) -> Message:
    start, end = reader.chat.quiet_from, reader.chat.quiet_until
    if start is None or end is None:
        none = _("There are no quiet hours: everything comes on time.")
        return Message(paragraphs(f"🌙 {none}", _how()), keyboard=_keyboard(None))
    text = _(
        "It is quiet from %(start)s to %(end)s. What comes then waits until %(end)s; "
        "nothing is lost, and what you ask is answered at once."
    ) % {"start": bold(hour_text(start)), "end": bold(hour_text(end))}
    told = paragraphs(f"🌙 {text}", zone_shown(reader), _how())
    return Message(told, keyboard=_keyboard((start, end)))


def _how() -> str:
    return _("Write two times after the command: %(examples)s.") % {
        "examples": examples("/quiet 22-7", "/quiet 22:30-06:45", f"/quiet {OFF}")
    }


def _keyboard(current: Span | None) -> Keyboard:
    spans = [(each, span_read(each)) for each in OFFERED]
    buttons = [
        choice(
            f"{hour_text(span[0])} – {hour_text(span[1])}", f"quiet:{data}", chosen=span == current
        )
        for data, span in spans
        if span is not None
    ]
    none = choice(_("No quiet hours"), f"quiet:{OFF}", chosen=current is None)
    return (tuple(buttons[:2]), tuple(buttons[2:]), (none,))


COMMAND = Command("quiet", gettext_lazy("Quiet hours"), answer, pressed, for_admins=True)
