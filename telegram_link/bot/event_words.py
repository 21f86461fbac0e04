"""An event as a message: to people who wished to be reminded, and to the channel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from django.utils.translation import gettext as _

from events.chat_text import event_address, plain, shortened, when_text
from events.figures.families import has_figure
from events.models import Event
from events.payloads import FALLBACK, event_facts, event_words, payload_compose
from starscal.core.formats import active_locale
from starscal.core.i18n import language_active
from telegram_link.bot.lines import bold
from telegram_link.bot.phrases import paragraphs
from telegram_link.bot.reader import Reader
from telegram_link.messages import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    Button,
    Keyboard,
    Message,
    escaped,
    visible_units,
)

SOON: Final = timedelta(minutes=1)


def reminder_message(reader: Reader, body: dict[str, Any]) -> Message | None:
    """Return a reminder in the reader's language, as the event is now; None if it was hidden."""
    event = Event.objects.public().filter(pk=body["reminder"]).first()
    if event is None:
        return None
    with language_active(reader.language):
        head = _cancelled(event, reader.language) or f"🔔 {bold(_title(event, reader.language))}"
        when = escaped(when_text(event, reader.language, reader.zone))
        lines = (head, when, escaped(_distance(event, reader.at)))
        text = _described(event, reader.language, lines, LONGEST_TEXT)
        mine = (Button(_("Reminders"), "reminders:"),)
        return Message(text, keyboard=(*more_button(event_address(event, reader.language)), mine))


def channel_message(event: Event, *, sentence: str, language: str, zone: ZoneInfo) -> Message:
    """Return an event as the channel is told it; ``sentence`` has a place for its title.

    The figure of the event goes with it, if there is one.
    """
    with_figure = has_figure(event.origin, event.family)
    with language_active(language):
        head = _(sentence) % {"title": bold(_title(event, language))}
        lines = (head, escaped(when_text(event, language, zone)))
        most = LONGEST_CAPTION if with_figure else LONGEST_TEXT
        text = _described(event, language, lines, most)
        keyboard = more_button(event_address(event, language))
    return Message(text, keyboard=keyboard, figure_of=event.key if with_figure else "")


def withdrawn_message(event: Event, *, language: str) -> Message:
    """Return what is said of an event that was announced and is not public any more."""
    with language_active(language):
        said = _("No longer in the calendar: %(title)s.")
        return Message(said % {"title": bold(_title(event, language))})


def notice_message(body: dict[str, Any], *, language: str) -> Message:
    """Return a notice by staff, as the log has it, in a language or in English."""
    words = body["words"].get(language) or body["words"].get(FALLBACK) or {"title": "", "body": ""}
    link = body["announcement"]["link"] or ""
    head = bold(words["title"])
    rest = LONGEST_TEXT - visible_units(f"{head}\n\n")
    with language_active(language):
        text = paragraphs(head, escaped(shortened(plain(words["body"]), rest)))
        return Message(text, keyboard=more_button(link))


def more_button(address: str) -> Keyboard:
    """Return a button that opens an address, where it is one that Telegram takes."""
    if not address.startswith("https://"):
        return ()
    return ((Button(_("Read more"), url=address),),)


def _described(event: Event, language: str, lines: tuple[str, ...], most: int) -> str:
    head = "\n".join(line for line in lines if line)
    rest = most - visible_units(f"{head}\n\n")
    told = plain(_words(event, language)["description"])
    return paragraphs(head, escaped(shortened(told, rest)))


def _cancelled(event: Event, language: str) -> str:
    if event.status != Event.Status.CANCELLED:
        return ""
    return _("Cancelled: %(title)s.") % {"title": bold(_title(event, language))}


def _distance(event: Event, at: datetime) -> str:
    """Say how far away the event is, as in “in 1 hour”; nothing of one that is here or past."""
    left = event.occurs_at - at
    if left < SOON:
        return ""
    minutes = timedelta(minutes=round(left / SOON))
    return str(format_timedelta(minutes, add_direction=True, locale=active_locale()))


def _title(event: Event, language: str) -> str:
    return str(_words(event, language)["title"])


def _words(event: Event, language: str) -> Any:
    return payload_compose(event_facts(event), event_words(event, {language, FALLBACK}), language)
