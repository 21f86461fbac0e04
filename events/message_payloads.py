"""What the log keeps of a message, and what a live frame says of it in a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from events.models import Announcement, Event
from events.payloads import (
    FALLBACK,
    LANGUAGES,
    EventFacts,
    Words,
    event_facts,
    event_words,
    instant_or_none,
    instant_text,
    payload_compose,
)
from events.stored_rows import ReadableEvent


class MessageBody(TypedDict):
    """What the log keeps of an event: enough to render it in any language later."""

    facts: EventFacts
    words: dict[str, Words]
    extra: dict[str, Any]


def message_body(event: ReadableEvent, **extra: Any) -> MessageBody:
    return {"facts": event_facts(event), "words": event_words(event), "extra": extra}


def message_data(body: dict[str, Any], language: str, *, fallback: bool = False) -> dict[str, Any]:
    """Return the ``data`` of a live frame in a language; a body without words passes unchanged."""
    if "announcement" in body:
        facts, words = body["announcement"], body["words"]
        return dict(_announcement_composed(facts, words, language, fallback=fallback))
    if "reminder" in body:
        return dict(
            _reminder_composed(body["reminder"], body["titles"], language, fallback=fallback)
        )
    if "facts" not in body:
        return body
    payload = payload_compose(body["facts"], body.get("words", {}), language, fallback=fallback)
    return {**payload, **body.get("extra", {})}


class ReminderFacts(TypedDict):
    """Which event comes, and how long before it one wished to know."""

    id: str
    key: str
    slug: str
    event_type: str
    family: str
    occurs_at: str
    significance: int
    revision: int
    lead_minutes: int


class ReminderPayload(ReminderFacts):
    """A reminder for one reader; everything else of the event is at its address."""

    title: str
    lang_used: str
    fallback: bool


class ReminderBody(TypedDict):
    """What the log keeps of a reminder: little, for thousands may wish for the same."""

    reminder: ReminderFacts
    titles: dict[str, str]


def reminder_body(event: Event, *, lead_minutes: int) -> ReminderBody:
    facts: ReminderFacts = {
        "id": str(event.pk),
        "key": event.key,
        "slug": event.slug,
        "event_type": event.event_type,
        "family": event.family,
        "occurs_at": instant_text(event.occurs_at),
        "significance": event.significance,
        "revision": event.revision,
        "lead_minutes": lead_minutes,
    }
    titles = {code: title for code in LANGUAGES if (title := event.text("title", code))}
    return {"reminder": facts, "titles": titles}


def _reminder_composed(
    facts: ReminderFacts, titles: dict[str, str], language: str, *, fallback: bool
) -> ReminderPayload:
    used = _language_used(titles, language)
    return {
        **facts,
        "title": titles.get(used, ""),
        "lang_used": used,
        "fallback": fallback or used != language,
    }


class AnnouncementFacts(TypedDict):
    """What is true of an announcement in every language."""

    id: str
    status: str
    link: str | None
    published_at: str | None
    revision: int


class AnnouncementWords(TypedDict):
    """The words of an announcement in one language."""

    title: str
    body: str


class AnnouncementPayload(AnnouncementFacts, AnnouncementWords):
    """An announcement for one reader."""

    lang_used: str
    fallback: bool


class AnnouncementBody(TypedDict):
    """What the log keeps of an announcement: one that is withdrawn has no words any more."""

    announcement: AnnouncementFacts
    words: dict[str, AnnouncementWords]


def announcement_words(row: Announcement) -> dict[str, AnnouncementWords]:
    """Return the words of those languages that have a title."""
    titles = {code: row.text("title", code) for code in LANGUAGES}
    return {
        code: {"title": title, "body": row.text("body", code)}
        for code, title in titles.items()
        if title
    }


def announcement_body(row: Announcement) -> AnnouncementBody:
    is_public = row.status == Announcement.Status.PUBLISHED
    words = announcement_words(row) if is_public else {}
    facts: AnnouncementFacts = {
        "id": str(row.pk),
        "status": row.status,
        "link": (is_public and row.link) or None,
        "published_at": instant_or_none(row.published_at),
        "revision": row.revision,
    }
    return {"announcement": facts, "words": words}


def announcement_payload(
    row: Announcement, *, language: str, fallback: bool = False
) -> AnnouncementPayload:
    """Return what a reader of ``language`` gets; see ``payload_compose``."""
    body = announcement_body(row)
    return _announcement_composed(body["announcement"], body["words"], language, fallback=fallback)


def announcement_preview(row: Announcement) -> dict[str, AnnouncementPayload]:
    """Return what readers of each language will get, published or not."""
    facts, words = announcement_body(row)["announcement"], announcement_words(row)
    return {code: _announcement_composed(facts, words, code) for code in LANGUAGES}


def _announcement_composed(
    facts: AnnouncementFacts,
    words: dict[str, AnnouncementWords],
    language: str,
    *,
    fallback: bool = False,
) -> AnnouncementPayload:
    """Join facts and words: title and text come from one language, the reader's or English.

    One that is withdrawn has no words, and so none in another language.
    """
    empty: AnnouncementWords = {"title": "", "body": ""}
    used = _language_used(words, language)
    return {
        **facts,
        **words.get(used, empty),
        "lang_used": used,
        "fallback": fallback or used != language,
    }


def _language_used(words: Mapping[str, object], language: str) -> str:
    """Return the reader's language, or English where there are words but none in that one."""
    return language if language in words or not words else FALLBACK
