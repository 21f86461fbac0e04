"""Events as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from events.chat_text import when_text
from events.ical import STAMP_OF_COMPUTED
from events.kinds import FAMILIES, KINDS
from events.models import EVENT_NAMESPACE, Event
from events.payloads import EventPayload, event_payload, instant_text, text_language
from events.stored_rows import ReadableEvent
from starscal.core.i18n import LOCALES, language_active
from starscal.core.plain_text import text_cleaned

ATOM: Final = "http://www.w3.org/2005/Atom"
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
MEDIA: Final = "application/atom+xml"
AUTHOR: Final = "StarsCalendars"
UNWRITABLE: Final = {0xFFFE: None, 0xFFFF: None}  # XML 1.0 has no way to write them
UTC_ZONE: Final = ZoneInfo("UTC")
Updated = Mapping[UUID, datetime]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its reader, what tells it from other feeds, and the addresses in it."""

    language: str
    zone: ZoneInfo | None
    identity: str
    home: str
    links: Mapping[str, str | None]
    address: Callable[[str], str]


def feed_bytes(feed: Feed, events: Collection[ReadableEvent], changed: Updated) -> bytes:
    """Return the feed; the same events give the same bytes.

    ``changed`` is when stored events changed last; a computed one follows from the ephemeris and
    never does. The feed changed when the newest of its events did.
    """
    newest = max((changed.get(event.pk, STAMP_OF_COMPUTED) for event in events), default=None)
    root = ET.Element("feed", {"xmlns": ATOM, LANG: LOCALES[feed.language]})
    with language_active(feed.language):
        _head(root, feed, newest or STAMP_OF_COMPUTED)
        for event in events:
            _entry(root, feed, event, changed.get(event.pk, STAMP_OF_COMPUTED))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _head(root: ET.Element, feed: Feed, updated: datetime) -> None:
    _add(root, "id", uuid5(EVENT_NAMESPACE, feed.identity).urn)
    # Translators: the name of a calendar that people subscribe to
    _add(root, "title", _("Events of the sky"))
    _add(root, "updated", instant_text(updated))
    _add(_add(root, "author"), "name", AUTHOR)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    for relation, address in feed.links.items():
        if address:
            _add(root, "link", rel=relation, type=MEDIA, href=address)


def _entry(root: ET.Element, feed: Feed, event: ReadableEvent, updated: datetime) -> None:
    words = event_payload(event, language=feed.language)
    entry = _add(root, "entry")
    _add(entry, "id", event.pk.urn)
    _add(entry, "title", words["title"], **_spoken(words, "title"))
    _add(entry, "updated", instant_text(updated))
    _add(entry, "link", rel="alternate", type="text/html", href=feed.address(event.slug))
    if words["link"]:
        _add(entry, "link", rel="related", href=words["link"])
    _add(entry, "summary", _summary(feed, event, words), **_spoken(words, "description"))
    for term, label in _categories(event):
        _add(entry, "category", term=term, label=str(label))


def _summary(feed: Feed, event: ReadableEvent, words: EventPayload) -> str:
    called_off = _("Cancelled") if event.status == Event.Status.CANCELLED else ""
    when = when_text(event, feed.language, feed.zone or UTC_ZONE)
    texts = (called_off, when, words["description"], words["reflection"])
    return "\n\n".join(text for text in texts if text)


def _categories(event: ReadableEvent) -> Iterator[tuple[str, str | Promise]]:
    if event.event_type in KINDS:
        yield event.event_type, KINDS[event.event_type].name
    yield event.family, FAMILIES[event.family]


def _spoken(words: EventPayload, name: str) -> dict[str, str]:
    return {LANG: LOCALES[text_language(words, name)]}


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element; its text has no sign that XML refuses."""
    element = ET.SubElement(parent, name, attributes)
    if text:
        element.text = text_cleaned(text).translate(UNWRITABLE)
    return element
