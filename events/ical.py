"""Events as an iCalendar that people subscribe to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, vDuration
from icalendar import Event as Entry

from events.civil import all_day
from events.kinds import FAMILIES
from events.models import Event
from events.payloads import (
    EventPayload,
    event_facts,
    event_words,
    payload_compose,
    text_language,
)
from starscal.core.formats import time_text
from starscal.core.i18n import LOCALES, language_active
from starscal.core.plain_text import text_cleaned

PRODUCT: Final = "-//StarsCalendars//Events//EN"
REFRESH: Final = timedelta(hours=6)
# An event that is not stored has no date of its own; what it says follows from the ephemeris.
STAMP_OF_COMPUTED: Final = datetime(2026, 1, 1, tzinfo=UTC)
Address = Callable[[Event], str]


def calendar_bytes(
    events: Iterable[Event], *, language: str, zone: ZoneInfo | None, address: Address
) -> bytes:
    """Return the calendar; the same events give the same bytes.

    UID is the key. SEQUENCE is the event's own count of changes of its time, to the second.
    DTSTAMP and LAST-MODIFIED are when the stored event changed last. Instants are in UTC, which
    no clock change makes ambiguous; ``zone`` names the zone that the calendar is meant for.
    """
    with language_active(language):
        calendar = _calendar(language, zone)
        for event in events:
            calendar.add_component(_entry(event, language, address(event)))
        return bytes(calendar.to_ical())


def _calendar(language: str, zone: ZoneInfo | None) -> Calendar:
    calendar = Calendar()
    # Translators: the name of a calendar that people subscribe to
    name = _("Events of the sky")
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name, parameters={"LANGUAGE": LOCALES[language]})
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    # A property of our own choosing has no type of its own: without one it reads 6:00:00.
    calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add("x-wr-timezone", zone.key if zone else "UTC")
    return calendar


def _entry(event: Event, language: str, address: str) -> Entry:
    words = payload_compose(
        event_facts(event), event_words(event, {language, settings.LANGUAGE_CODE}), language
    )
    entry = Entry()
    entry.add("uid", event.key)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", _stamp(event))
    entry.add("last-modified", _stamp(event))
    for name, moment in _span(event):
        entry.add(name, moment)
    entry.add("summary", text_cleaned(words["title"]), parameters=_spoken(words, "title"))
    description = _description(event, words["description"], words["reflection"])
    entry.add("description", description, parameters=_spoken(words, "description"))
    entry.add("categories", [text_cleaned(str(FAMILIES[event.family]))])
    entry.add("status", "CANCELLED" if event.status == Event.Status.CANCELLED else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("url", text_cleaned(event.link) or address)
    return entry


def _spoken(words: EventPayload, name: str) -> dict[str, str]:
    return {"LANGUAGE": LOCALES[text_language(words, name)]}


def _span(event: Event) -> Iterator[tuple[str, date]]:
    """Yield the ends of an entry: the day itself for what is a whole day of a calendar."""
    day = all_day(event)
    if day:
        yield from (("dtstart", day), ("dtend", day + timedelta(days=1)))
        return
    yield "dtstart", _second(event.begins_at or event.occurs_at)
    if event.begins_at and event.ends_at:
        yield "dtend", _second(event.ends_at)


def _description(event: Event, *texts: str) -> str:
    greatest = ""
    if event.begins_at and event.origin == Event.Origin.COMPUTED and not all_day(event):
        # Translators: the line of a calendar entry that gives the instant of an eclipse's maximum
        greatest = _("Greatest at %(time)s UTC.") % {
            "time": time_text(_second(event.occurs_at), "medium")
        }
    return "\n\n".join(text_cleaned(text) for text in (*texts, greatest) if text)


def _stamp(event: Event) -> datetime:
    stamp = None if event._state.adding else event.updated_at
    return _second(stamp) if stamp else STAMP_OF_COMPUTED


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
