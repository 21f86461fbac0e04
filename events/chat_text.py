"""An event as plain text for a chat: title, local time, description, link."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from wcwidth import iter_graphemes

from events.civil import all_day
from events.models import Event
from events.payloads import FALLBACK, event_facts, event_words, payload_compose
from events.stored_rows import ReadableEvent
from starscal.core.formats import date_text, locale_of
from starscal.core.i18n import language_active
from starscal.core.plain_text import text_cleaned

LONGEST: Final = 4096  # UTF-16 units, which is how chats count
CUT: Final = "…"
SECONDS: Final = re.compile("[:.]ss")


def event_chat_text(*, event: Event, language: str, zone: ZoneInfo) -> str:
    """Return an event as one message: NFC, no turned writing, at most 4096 UTF-16 units.

    A text that is too long loses the end of its description, between two letters as readers see
    them; title, time and link stay.
    """
    with language_active(language):
        words = payload_compose(
            event_facts(event), event_words(event, {language, FALLBACK}), language
        )
        called_off = _("Cancelled") if event.status == Event.Status.CANCELLED else ""
        when = when_text(event, language, zone)
    lines = [line for line in (called_off, words["title"], when) if line]
    head = plain("\n".join(lines))
    links = "\n".join(link for link in (plain(event.link), event_address(event, language)) if link)
    rest = LONGEST - units(f"{head}\n\n\n\n{links}")
    parts = (head, shortened(plain(words["description"]), rest), links)
    return "\n\n".join(part for part in parts if part)


def event_address(event: ReadableEvent, language: str) -> str:
    """Return the address of an event's page; the host is the configured one."""
    return settings.SITE_URL + reverse("pages:event", args=[language, event.slug])


def when_text(event: ReadableEvent, language: str, zone: ZoneInfo) -> str:
    """Write the day, and the time with its zone unless the event is the whole day."""
    day = all_day(event)
    if day:
        return date_text(datetime(day.year, day.month, day.day, tzinfo=zone), "full")
    locale, local = locale_of(language), event.occurs_at.astimezone(zone)
    glue = str(locale.datetime_formats["full"]).replace("'", "")
    return glue.replace("{0}", zoned_time(local, language)).replace("{1}", date_text(local, "full"))


def zoned_time(local: datetime, language: str) -> str:
    """Write hour and minute as the language does, with the zone's distance from UTC beside it."""
    locale = locale_of(language)
    zone = "ZZZZ" if local.utcoffset() else "'UTC'"
    pattern = SECONDS.sub("", locale.time_formats["long"].pattern).replace("z", zone)
    return str(format_datetime(local, pattern, tzinfo=local.tzinfo, locale=locale))


def plain(text: str) -> str:
    """Return text in NFC without what hides or turns other signs; joiners stay."""
    return unicodedata.normalize("NFC", text_cleaned(text)).strip()


def units(text: str) -> int:
    """Return the length of a text in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def shortened(text: str, most: int) -> str:
    """Return as many whole letters of a text as fit into ``most`` units of UTF-16."""
    if units(text) <= most:
        return text
    kept, left = [], most - units(CUT)
    for letter in iter_graphemes(text):
        left -= units(letter)
        if left < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + CUT if kept else ""
