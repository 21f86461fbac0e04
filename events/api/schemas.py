"""The schemas of events in the OpenAPI document, made from the types that the code uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypedDict

from events import kind_payloads, message_payloads, payloads
from events.constraints import OVERRIDABLE, REASON_MOST
from events.details import detail_notes_english, detail_types
from events.kinds import EVENT_FAMILIES, EVENT_TYPES
from events.models import LEAD_MINUTES_MOST
from events.payloads import LANGUAGES
from starscal.core.api.openapi import Schema, schema_of, schema_ref

INSTANT: Final[Schema] = {
    "format": "date-time",
    "description": "RFC 3339 in UTC (UT1 before 1972), to the millisecond.",
}
LOCAL: Final[Schema] = {
    "format": "date-time",
    "description": "RFC 3339 in the zone asked for, with offset.",
}


class Coverage(TypedDict):
    """What a list spans, and what of it is stored or was computed."""

    start: str
    end: str
    stored: list[list[str]]
    computed: list[list[str]]
    page: list[str]


class Cursors(TypedDict):
    """Where the live streams stood before the list was read: resume from here."""

    events: list[str | int]


class EventList(TypedDict):
    """A page of events."""

    results: list[payloads.EventPayload]
    next: str | None
    previous: str | None
    coverage: Coverage
    cursors: Any


class EventsNow(TypedDict):
    """The events that are under way."""

    results: list[payloads.EventPayload]
    cursors: Any


class KindList(TypedDict):
    """Every kind of event."""

    results: list[kind_payloads.KindPayload]


class AnnouncementList(TypedDict):
    """The announcements that hold now, the newest first."""

    results: list[message_payloads.AnnouncementPayload]


class ReminderItem(TypedDict):
    """A wish to be told of every event of a kind, so many minutes before it."""

    id: str
    event_type: str
    lead_minutes: int
    created_at: str


class ReminderList(TypedDict):
    """The reminders of the account, by kind."""

    results: list[ReminderItem]


_SPAN: Final[Schema] = {
    "type": "array",
    "items": {"type": "string", "format": "date-time"},
    "minItems": 2,
    "maxItems": 2,
}
COVERAGE_NOTES: Final[Mapping[str, str | Schema]] = {
    "start": {"format": "date-time", "description": "Where the list begins, inclusive."},
    "end": {"format": "date-time", "description": "Where the list ends, exclusive."},
    "stored": {
        "items": _SPAN,
        "description": "The parts of the list's span that are stored, as [from, to).",
    },
    "computed": {
        "items": _SPAN,
        "description": "What was computed for this page, as [from, to): a year at most.",
    },
    "page": _SPAN
    | {
        "description": "The span [from, to) in which this page leaves nothing out; with `q`, "
        "nothing of what is stored."
    },
}
LIST_NOTES: Final[Mapping[str, str | Schema]] = {
    "next": {"format": "uri", "description": "The address of the page that follows, or null."},
    "previous": {"format": "uri", "description": "The address of the page before, or null."},
    "results": {"description": "Oldest first, in the order of (occurs_at, id)."},
    "cursors": schema_ref("Cursors"),
}
CURSOR_NOTES: Final[Mapping[str, str | Schema]] = {
    "events": {
        "type": "array",
        "prefixItems": [{"type": "string", "format": "uuid"}, {"type": "integer", "minimum": 0}],
        "items": False,
        "minItems": 2,
        "description": "[epoch, seq] of the stream, read before the rows.",
    }
}
EVENT_NOTES: Final[Mapping[str, str | Schema]] = {
    "id": {
        "format": "uuid",
        "description": "For computed events a UUIDv5 of the key: the same before it is stored.",
    },
    "key": "The identity of the event, which no recomputation changes.",
    "slug": "A readable name for addresses, such as moon-full-2026-12-24.",
    "event_type": {"enum": list(EVENT_TYPES), "description": "The kind of event."},
    "family": {"enum": list(EVENT_FAMILIES), "description": "The family of kinds."},
    "bodies": "The bodies that take part, lower-case English.",
    "occurs_at": INSTANT,
    "begins_at": INSTANT,
    "ends_at": INSTANT,
    "all_day": {
        "format": "date",
        "description": "The day that the event is in every zone; null for instants and spans.",
    },
    "uncertainty_s": "One standard uncertainty of occurs_at, in seconds; null for gatherings.",
    "significance": {
        "minimum": 1,
        "maximum": 5,
        "description": "5 what people travel for, 1 for the observer's notebook.",
    },
    "quantum_resonance": {
        "minimum": 0,
        "maximum": 1,
        "description": "Set by curators; null where they set none. Never computed.",
    },
    "status": {
        "enum": ["published", "cancelled"],
        "description": "A cancelled event stays visible as cancelled.",
    },
    "origin": {"enum": ["computed", "staff"], "description": "Who made the event."},
    "revision": "Rises with every change of the stored event.",
    "link": {
        "format": "uri",
        "description": "Where there is more to know of an event of staff, or null; https.",
    },
    "image": {
        "anyOf": [schema_ref("ImageLink"), {"type": "null"}],
        "description": "The image of an event of staff, or null; its title says what it shows.",
    },
    "series": {
        "format": "uuid",
        "description": "The same in all events of staff that repeat one another; else null.",
    },
    "astronomical_data": {
        "anyOf": [
            *(schema_ref(details.__name__) for details in detail_types()),
            {"type": "object", "maxProperties": 0, "description": "Nothing, for gatherings."},
        ],
        "description": "The facts of the family, units in the names.",
    },
    "overridden": {
        "description": "What the editors set otherwise than it was computed, and why; left out "
        "where they set nothing. The plain fields hold what they set.",
    },
    "title": "In the language of lang_used.",
    "description": "What the event is and how to watch it; in lang_used unless texts says more.",
    "reflection": "A text by curators, apart from the astronomical fact; often empty.",
    "lang_used": "The language of the title, and of every text that `texts` does not name.",
    "fallback": (
        "True where a text of the event is not in the language that was asked for, or that "
        "language or its script is not known here."
    ),
    "texts": {
        "description": "The texts that are shown in another language than lang_used, by name; "
        "left out where there are none.",
    },
    "figure": {
        "anyOf": [schema_ref("FigureLinks"), {"type": "null"}],
        "description": "Where its figure is; null for kinds that have none.",
    },
    "stored": "False for an event computed for this answer.",
    "local": "The same instants in the zone of tz; only with tz.",
}
OVERRIDDEN_NOTES: Final[Mapping[str, str | Schema]] = {
    "computed": {"description": "The computed values of these facts, by name, as of now."},
    "reason": {"maxLength": REASON_MOST, "description": "Why, in the words of the editors."},
    "at": {"format": "date-time", "description": "When they set it; RFC 3339 in UTC."},
}
COMPUTED_NOTES: Final[Mapping[str, str | Schema]] = {
    name: EVENT_NOTES[name] for name in OVERRIDABLE
}
IMAGE_NOTES: Final[Mapping[str, str | Schema]] = {
    "url": "The path of the image, a JPEG or WebP; it never shows another one.",
    "width": {"minimum": 1, "maximum": 1600, "description": "In pixels."},
    "height": {"minimum": 1, "maximum": 1600, "description": "In pixels."},
}
FIGURE_NOTES: Final[Mapping[str, str | Schema]] = {
    "svg": "The path of the drawing; its `title` and `desc` are the text alternative.",
    "png": "The path of the image; `width` and `theme` may follow.",
}
MARK_NOTES: Final[Mapping[str, str | Schema]] = {
    "lang": {"enum": [*LANGUAGES], "description": "The language of the text."},
    "fallback": "True where it stands in for the language that was asked for.",
}
LOCAL_NOTES: Final[Mapping[str, str | Schema]] = {
    "timezone": "An IANA name.",
    "occurs_at": LOCAL,
    "begins_at": LOCAL,
    "ends_at": LOCAL,
}
ANNOUNCEMENT_NOTES: Final[Mapping[str, str | Schema]] = {
    "id": {"format": "uuid", "description": "Stays the same when the announcement changes."},
    "status": {
        "enum": ["published", "withdrawn"],
        "description": "`withdrawn` comes in live messages alone: drop the announcement.",
    },
    "link": {"format": "uri", "description": "Where there is more to read, or null; https."},
    "published_at": INSTANT,
    "revision": "Rises with every change.",
    "title": "In the language of lang_used.",
    "body": "Plain text; may be empty.",
    "lang_used": "The language of title and body.",
    "fallback": "True where they stand in English, or the language asked for is not known.",
}
REMINDER_NOTES: Final[Mapping[str, str | Schema]] = {
    "id": EVENT_NOTES["id"],
    "key": EVENT_NOTES["key"],
    "slug": EVENT_NOTES["slug"],
    "event_type": EVENT_NOTES["event_type"],
    "family": EVENT_NOTES["family"],
    "occurs_at": INSTANT,
    "significance": EVENT_NOTES["significance"],
    "revision": EVENT_NOTES["revision"],
    "lead_minutes": {"minimum": 0, "maximum": LEAD_MINUTES_MOST},
    "title": "In the language of lang_used.",
    "lang_used": "The language of the title.",
    "fallback": "True where it stands in English, or the language asked for is not known.",
}
REMINDER_ITEM_NOTES: Final[Mapping[str, str | Schema]] = {
    "id": {"format": "uuid", "description": "The number to delete it by."},
    "event_type": EVENT_NOTES["event_type"],
    "lead_minutes": {"minimum": 0, "maximum": LEAD_MINUTES_MOST},
    "created_at": {"format": "date-time", "description": "When it was set, UTC."},
}
DEFINITION_NOTES: Final[Mapping[str, str | Schema]] = {
    "id": "The number at its end grows when the definition changes.",
    "text": "What exactly is computed; in English.",
    "frame": "The frame of the positions; in English.",
    "scale": "The scale of the instants; in English.",
    "source": "The published definition that is followed.",
}
FIELD_NOTES: Final[Mapping[str, str | Schema]] = {
    "name": "The name of the field of `astronomical_data`.",
    "unit": "The unit, in English; null for names, counts and plain numbers.",
    "meaning": "What the field says; in English.",
}
KIND_NOTES: Final[Mapping[str, str | Schema]] = {
    "code": {"enum": list(EVENT_TYPES), "description": "The `event_type` of its events."},
    "family": {"enum": list(EVENT_FAMILIES), "description": "The family of kinds."},
    "family_name": "The name of the family, in the language of lang_used.",
    "name": "The name of the kind, in the language of lang_used.",
    "description": "What such an event is and how to watch it, in the language of lang_used.",
    "definition": {
        "anyOf": [schema_ref("KindDefinition"), {"type": "null"}],
        "description": "What exactly is computed; null for what the editors announce.",
    },
    "details": {"description": "The fields of `astronomical_data`, in their order."},
    "significance": "The rule by which events get their significance, 1 to 5; in English.",
    "lang_used": "The language of name and description.",
    "fallback": "True where the language asked for is not known.",
}


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schemas of events to the document (a hook of spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for details in detail_types():
        schemas[details.__name__] = schema_of(details, detail_notes_english(details))
    schemas["KindDefinition"] = schema_of(kind_payloads.KindDefinition, DEFINITION_NOTES)
    schemas["KindDetail"] = schema_of(kind_payloads.KindDetail, FIELD_NOTES)
    schemas["KindPayload"] = schema_of(kind_payloads.KindPayload, KIND_NOTES)
    schemas["AnnouncementPayload"] = schema_of(
        message_payloads.AnnouncementPayload, ANNOUNCEMENT_NOTES
    )
    schemas["AnnouncementList"] = schema_of(AnnouncementList, {})
    schemas["ReminderItem"] = schema_of(ReminderItem, REMINDER_ITEM_NOTES)
    schemas["ReminderList"] = schema_of(ReminderList, {})
    schemas["KindList"] = schema_of(KindList, {})
    schemas["Event"] = event_schema()
    schemas["Overridden"] = schema_of(payloads.Overridden, OVERRIDDEN_NOTES)
    schemas["ComputedFacts"] = schema_of(payloads.ComputedFacts, COMPUTED_NOTES)
    schemas["ImageLink"] = schema_of(payloads.ImageLink, IMAGE_NOTES)
    schemas["FigureLinks"] = schema_of(payloads.FigureLinks, FIGURE_NOTES)
    schemas["TextMark"] = schema_of(payloads.TextMark, MARK_NOTES)
    schemas["LocalTimes"] = schema_of(payloads.LocalTimes, LOCAL_NOTES)
    schemas["Coverage"] = schema_of(Coverage, COVERAGE_NOTES)
    schemas["Cursors"] = schema_of(Cursors, CURSOR_NOTES)
    events = schema_of(EventList, LIST_NOTES)
    events["properties"]["results"]["items"] = schema_ref("Event")
    schemas["EventList"] = events
    under_way = schema_of(EventsNow, {"cursors": LIST_NOTES["cursors"]})
    under_way["properties"]["results"]["items"] = schema_ref("Event")
    schemas["EventsNow"] = under_way
    return result


def event_schema() -> Schema:
    """Return the schema of an event in an answer, which always tells ``stored``."""
    schema = schema_of(payloads.EventPayload, EVENT_NOTES)
    schema["required"] += ["stored"]
    data = schema["properties"]["astronomical_data"]
    for name in ("type", "additionalProperties"):
        data.pop(name, None)
    return schema
