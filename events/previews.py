"""What becomes of an event where it is read, in every language, published or not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string

from events.chat_text import event_address, event_chat_text
from events.fact_labels import contacts_table, facts_table
from events.ical import calendar_bytes
from events.models import Event
from events.page_context import contact_times, distance_text, row_of
from events.payloads import event_payload
from starscal.core.i18n import language_active
from starscal.core.pages import NATIVE_NAMES, html_tag


@dataclass(frozen=True, slots=True)
class Preview:
    """An event in one language: the answer of the API, calendar, chat and page.

    ``tag`` is the language as HTML writes it, ``text_tag`` that of the title; ``fallback`` says
    that a text is missing and English stands in for it. Long lines of the calendar are unfolded.
    """

    code: str
    tag: str
    text_tag: str
    name: str
    fallback: bool
    json: str
    ics: str
    chat: str
    page: str


def event_previews(*, event: Event, zone: ZoneInfo, at: datetime) -> dict[str, Preview]:
    """Return the previews by language; nothing is asked of the database."""
    return {
        code: event_preview(event=event, language=code, zone=zone, at=at)
        for code, _name in settings.LANGUAGES
    }


def event_preview(*, event: Event, language: str, zone: ZoneInfo, at: datetime) -> Preview:
    """Return the preview in one language; ``zone`` is the reader's, ``at`` is now."""
    with language_active(language):
        payload = event_payload(event, language=language, zone=zone)
        page = _page(event, language, at)
    ics = calendar_bytes(
        [event], language=language, zone=zone, address=partial(event_address, language=language)
    )
    return Preview(
        code=language,
        tag=html_tag(language),
        text_tag=html_tag(payload["lang_used"]),
        name=NATIVE_NAMES[language],
        fallback=payload["fallback"],
        json=json.dumps(payload, ensure_ascii=False, indent=2),
        ics=ics.decode().replace("\r\n ", "").replace("\r\n", "\n"),
        chat=event_chat_text(event=event, language=language, zone=zone),
        page=page,
    )


def _page(event: Event, language: str, at: datetime) -> str:
    """Return what the page of the event says, in the active language."""
    row = row_of(event, language, at)
    data = event.astronomical_data
    context = {
        "row": row,
        "distance": distance_text(row.at - at),
        "facts": facts_table(event.event_type, data),
        "contacts": contact_times(contacts_table(event.event_type, data, row.at)),
        "html_lang": html_tag(language),
    }
    return render_to_string("events/preview_page.html", context)
