"""What the pages show of events, in the active language and in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date, format_skeleton, format_timedelta
from babel.lists import format_list
from django.conf import settings
from django.utils.translation import gettext as _

from astronomy.errors import EphemerisRangeError
from events.calendar_days import CalendarDay, calendar_days
from events.calendar_words import calendar_words, unit_signs
from events.civil import all_day
from events.fact_labels import Contact, Fact, contacts_table, facts_table, seconds_text
from events.figures import symbol_for
from events.figures.selectors import figure_drawing
from events.figures.svg import WIDTH
from events.local_names import local_name
from events.message_payloads import AnnouncementPayload, announcement_payload
from events.models import NOTABLE, Announcement, Event
from events.page_reader import PageReader
from events.page_selectors import AFTERGLOW
from events.payloads import (
    EventPayload,
    event_facts,
    event_payload,
    figure_links,
    instant_text,
    text_language,
)
from events.selectors import FoundEvent
from events.series_words import series_words
from starscal.core.formats import active_locale, date_text, time_text
from starscal.core.pages import html_tag
from starscal.core.selectors import Cursor

LEVELS = range(1, 6)
LISTED = 40  # events on the home page
ENGLISH = "en"  # of what names sources and programs, which is not translated


@dataclass(frozen=True, slots=True)
class Row:
    """One event in the list."""

    event: EventPayload
    at: datetime
    shown: datetime  # midnight of the day, for an event that is a whole day
    when: str
    symbol: str
    day: str
    weekday: str
    time: str
    date: str
    current: bool

    @property
    def cancelled(self) -> bool:
        return self.event["status"] == "cancelled"

    @property
    def text_tag(self) -> str:
        return html_tag(self.event["lang_used"])

    @property
    def description_tag(self) -> str:
        return html_tag(text_language(self.event, "description"))

    @property
    def link_host(self) -> str:
        """Return where the link of the event leads, as readers know it."""
        return urlsplit(self.event["link"] or "").hostname or ""

    @property
    def reflection_tag(self) -> str:
        return html_tag(text_language(self.event, "reflection"))


@dataclass(frozen=True, slots=True)
class Month:
    """The events of one month."""

    code: str
    label: str
    rows: list[Row]


def row_of(event: Event, language: str, now: datetime) -> Row:
    payload, locale = event_payload(event, language=language), active_locale()
    at, day = event.occurs_at.astimezone(UTC), all_day(event)
    shown = datetime.combine(day, time(tzinfo=UTC)) if day else at
    return Row(
        event=payload,
        at=at,
        symbol=symbol_for(event.event_type, event.astronomical_data),
        when=payload["all_day"] or payload["occurs_at"],
        shown=shown,
        day=str(shown.day),
        weekday=str(format_date(shown, "ccc", locale=locale)),
        time=time_text(at),
        date=date_text(shown, "full"),
        current=is_current(event, now),
    )


def is_current(event: Event, now: datetime) -> bool:
    """Say whether an event is going on, or its instant is less than an hour past."""
    begins = event.begins_at or event.occurs_at
    return begins <= now < (event.ends_at or event.occurs_at + AFTERGLOW)


def months_of(rows: Sequence[Row]) -> list[Month]:
    """Group rows by the month they fall in, in UTC."""

    def month(row: Row) -> tuple[int, int]:
        return row.shown.year, row.shown.month

    groups = groupby(sorted(rows, key=month), key=month)
    return [
        Month(
            code=f"{year:04d}-{month:02d}",
            label=month_text(year, month),
            rows=list(group),
        )
        for (year, month), group in groups
    ]


def month_text(year: int, month: int) -> str:
    first = datetime(year, month, 1, tzinfo=UTC)
    return str(format_skeleton("yMMMM", first, locale=active_locale()))


def distance_text(span: timedelta) -> str:
    """Write how far away an instant is, as in “in 3 days”."""
    return str(format_timedelta(span, add_direction=True, locale=active_locale()))


def days_beside(row: Row, reader: PageReader) -> list[CalendarDay]:
    """Return the day of an event in the calendars of the reader."""
    return calendar_days(
        row.at, row.shown.date() if row.event["all_day"] else None, reader.calendars
    )


def local_name_shown(row: Row, reader: PageReader) -> str:
    """Return what the event is called by the seasons of the reader's place, if it is."""
    if reader.latitude_deg is None:
        return ""
    return local_name(row.event["event_type"], reader.latitude_deg) or ""


def home_context(
    events: Sequence[Event],
    *,
    language: str,
    now: datetime,
    cursor: Cursor | None,
    reader: PageReader,
) -> dict[str, Any]:
    """Return what the home page shows, and the data its script starts from."""
    rows = [row_of(event, language, now) for event in events]
    ahead = [row for row in rows if not row.cancelled and (row.current or row.at > now)]
    hero = ahead[0] if ahead else None
    return {
        "hero": hero,
        "days_beside": days_beside(hero, reader) if hero else [],
        "local_name": local_name_shown(hero, reader) if hero else "",
        "hero_distance": distance_text(hero.at - now) if hero else "",
        "months": months_of(rows),
        "levels": LEVELS,
        "page_data": {
            "language": language,
            "calendar": calendar_words(language),
            "units": unit_signs(),
            "cursors": script_cursors(cursor),
            "live_url": settings.LIVE_URL,
            "limit": LISTED,
            "least": NOTABLE,
            "afterglow_s": int(AFTERGLOW.total_seconds()),
            "events": [script_event(row) for row in rows],
            "words": script_words(),
        },
    }


@dataclass(frozen=True, slots=True)
class Notice:
    """One announcement on a page."""

    said: AnnouncementPayload

    @property
    def text_tag(self) -> str:
        return html_tag(self.said["lang_used"])


def notices_shown(rows: Sequence[Announcement], language: str) -> list[Notice]:
    return [Notice(announcement_payload(row, language=language)) for row in rows]


SCRIPT_FIELDS = (
    "id", "slug", "event_type", "title", "description", "occurs_at", "begins_at", "ends_at",
    "all_day",
    "significance", "status", "revision", "lang_used", "texts", "link",
    "image",
)  # fmt: skip


def script_event(row: Row) -> dict[str, Any]:
    """Return what the page's script needs of an event, in the names of the API."""
    kept: dict[str, Any] = {name: row.event.get(name) for name in SCRIPT_FIELDS}
    kind = row.event["astronomical_data"].get("type")
    return {**kept, "astronomical_data": {"type": kind} if kind else {}}


def script_cursors(cursor: Cursor | None) -> dict[str, list[Any]]:
    """Return where in the log the page's script goes on."""
    return {"events": [str(cursor.epoch), cursor.seq]} if cursor else {}


def script_words() -> dict[str, str]:
    """Return the sentences that the script says."""
    return {
        "zone": _("Times are shown in your time zone, %(zone)s."),
        "published": _("New in the calendar: %(title)s."),
        "updated": _("Changed in the calendar: %(title)s."),
        "cancelled": _("Cancelled: %(title)s."),
        "upcoming": _("Coming soon: %(title)s."),
        "started": _("Happening now: %(title)s."),
        "live": _("Live: this page updates itself."),
        "connecting": _("Connecting to the live calendar."),
        "offline": _("Not connected. Trying again; reload the page to see what is new."),
    }


def event_context(
    found: FoundEvent,
    *,
    language: str,
    now: datetime,
    cursor: Cursor | None,
    reader: PageReader,
) -> dict[str, Any]:
    """Return what the page of one event shows, and the data its script starts from."""
    event = found.event
    row = row_of(event, language, now)
    data = event.astronomical_data
    return {
        "row": row,
        "days_beside": days_beside(row, reader),
        "local_name": local_name_shown(row, reader),
        "stored": found.stored,
        "levels": LEVELS,
        "distance": distance_text(row.at - now),
        "facts": facts_table(event.event_type, data),
        "contacts": contact_times(contacts_table(event.event_type, data, row.at)),
        "figure": figure_shown(event, language),
        "provenance": provenance_table(event),
        "page_data": {
            "language": language,
            "calendar": calendar_words(language),
            "cursors": script_cursors(cursor),
            "live_url": settings.LIVE_URL,
            "afterglow_s": int(AFTERGLOW.total_seconds()),
            "event": script_event(row),
            "words": script_words(),
        },
        "series": series_words(event.series) if event.series else "",
        "ics_end": instant_text(event.occurs_at + timedelta(seconds=1)),
    }


@dataclass(frozen=True, slots=True)
class FigureShown:
    """The figure of a page: where it is, how big, and what it says in words."""

    address: str
    width: int
    height: int
    title: str
    description: str


def figure_shown(event: Event, language: str) -> FigureShown | None:
    """Return the figure of an event in the active language, if its kind has one.

    The page of a stored event that a shorter kernel does not reach does without.
    """
    links = figure_links(event_facts(event))
    try:
        drawing = figure_drawing(event=event, language=language)
    except EphemerisRangeError:
        return None
    if drawing is None or links is None:
        return None
    address = f"{links['svg']}?lang={language}"
    return FigureShown(address, WIDTH, drawing.height, drawing.title, drawing.description)


def provenance_table(event: Event) -> list[Fact]:
    """Return where the facts come from; events of staff name no source."""
    source = event.provenance
    if event.origin != Event.Origin.COMPUTED:
        return []
    versions = source.get("versions", {})
    used = ", ".join(f"{name} {number}" for name, number in versions.items())
    rows = [
        Fact(_("Definition"), source.get("definition", ""), ENGLISH),
        Fact(_("Ephemeris"), source.get("ephemeris", ""), ENGLISH),
        Fact(_("Computed with"), used, ENGLISH),
        Fact(_("Uncertainty of the instant"), _plus_minus(event.uncertainty_s)),
        Fact(_("Identity"), event.key, ENGLISH),
        Fact(_("Revision"), str(event.revision)),
        Fact(
            _("Set by the editors"),
            format_list(_overridden_facts(event), locale=active_locale()),
        ),
        Fact(_("Their reason"), event.override_reason or ""),
    ]
    return [fact for fact in rows if fact.value]


def _overridden_facts(event: Event) -> list[str]:
    """Return what staff set, in the active language, each with what was computed."""
    names = {field.name: str(field.verbose_name) for field in Event._meta.concrete_fields}
    computed = event.overrides.computed if event.overrides else {}
    return [
        # Translators: a fact of an event that the editors set by hand, such as "significance"
        _("%(fact)s (computed: %(value)s)") % {"fact": names[name], "value": _exactly(value)}
        for name, value in computed.items()
    ]


def _exactly(value: datetime | int | None) -> str:
    if value is None:
        return "–"
    return instant_text(value) if isinstance(value, datetime) else str(value)


def _plus_minus(seconds: float | None) -> str:
    # Translators: value is a duration with its unit, such as "0.01 s"
    return _("± %(value)s") % {"value": seconds_text(seconds)} if seconds is not None else ""


def contact_times(contacts: Sequence[Contact]) -> list[tuple[str, datetime, str]]:
    """Return the moments of an eclipse with their written times."""
    return [(contact.label, contact.at, time_text(contact.at, "medium")) for contact in contacts]
