"""The operations of the events API as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from events.api.documented import CURSOR, LIMIT, LINK, QUERY, choice, filters, language, reader
from events.api.parameters import CALENDAR_DAYS, COUNT_MOST
from events.kinds import EVENT_TYPES
from starscal.core.api.openapi import (
    NOT_MODIFIED,
    Schema,
    caching_headers,
    problem_responses,
    response_header,
    schema_ref,
)


def _answers(ok: OpenApiResponse, *statuses: int, media: str = "application/json") -> Any:
    return {
        (200, media): ok,
        304: OpenApiResponse(description=NOT_MODIFIED),
        **problem_responses(*statuses),
    }


EXAMPLE: Final[Schema] = {
    "id": "b8e3c78e-abe9-5871-abf6-d36345b9c68e",
    "key": "moon-phases-moon-37438-180",
    "slug": "moon-full-2026-12-24",
    "event_type": "full_moon",
    "family": "moon_phases",
    "bodies": ["moon"],
    "occurs_at": "2026-12-24T01:28:14.113Z",
    "begins_at": None,
    "ends_at": None,
    "all_day": None,
    "uncertainty_s": 0.011,
    "significance": 3,
    "quantum_resonance": None,
    "status": "published",
    "origin": "computed",
    "revision": 1,
    "link": None,
    "image": None,
    "series": None,
    "astronomical_data": {
        "elongation_deg": 180.0,
        "lunation_number": 37438,
        "moon_longitude_deg": 92.23281,
        "moon_latitude_deg": 3.89101,
        "moon_distance_km": 356738.2,
    },
    "title": "Full Moon in Cancer",
    "description": (
        "The Moon stands opposite the Sun and its whole disc is lit. It rises around sunset, "
        "stands highest around midnight and sets around sunrise. It shows no shadows then; what "
        "stands out are its dark seas and the bright rays around young craters. This time it is "
        "356,700 km away, nearer than on average: its disc looks 8% wider. A full Moon so near is "
        "popularly called a supermoon. It stands well north of the celestial equator: in the "
        "northern hemisphere it crosses the sky high and stays up long, in the southern low and "
        "briefly."
    ),
    "reflection": "",
    "lang_used": "en",
    "fallback": False,
    "stored": True,
    "figure": {
        "svg": "/api/v1/events/moon-phases-moon-37438-180/figure.svg",
        "png": "/api/v1/events/moon-phases-moon-37438-180/figure.png",
    },
}
LIST_EXAMPLE: Final[Schema] = {
    "results": [EXAMPLE],
    "next": "https://example.org/api/v1/events?limit=1&cursor=WyIyMDI2",
    "previous": None,
    "coverage": {
        "start": "2026-12-24T00:00:00.000Z",
        "end": "2101-01-01T00:00:00.000Z",
        "stored": [["2026-12-24T00:00:00.000Z", "2032-01-01T00:00:00.000Z"]],
        "computed": [],
        "page": ["2026-12-24T00:00:00.000Z", "2026-12-30T18:59:44.120Z"],
    },
    "cursors": {"events": ["0b5bd9a5-0ae1-4c3b-9f6e-3f8f3c1d3a11", 42]},
}

LIST: Final[dict[str, Any]] = {
    "operation_id": "events_list",
    "tags": ["events"],
    "summary": "List events",
    "description": (
        "Events in order of time, from the store and, where nothing is stored, computed for this "
        "answer (`stored: false`): a year at most for a page, and `next` leads on. `coverage` says "
        "which is which. Pages go by signed cursors; use `next` and `previous` as they are."
    ),
    "parameters": [
        *filters(),
        LIMIT,
        CURSOR,
        *reader(),
        *caching_headers(),
        LINK,
    ],
    "responses": _answers(
        OpenApiResponse(
            schema_ref("EventList"),
            description="A page of events.",
            examples=[OpenApiExample("page", value=LIST_EXAMPLE, response_only=True)],
        ),
        *(400, 405, 406, 503),
    ),
}
DETAIL: Final[dict[str, Any]] = {
    "operation_id": "events_detail",
    "tags": ["events"],
    "summary": "Show one event",
    "description": (
        "By id for what is stored, by slug or key for every computed event of 1900-2100, stored "
        "or not."
    ),
    "parameters": [
        OpenApiParameter(
            "reference",
            str,
            OpenApiParameter.PATH,
            description="The id, the slug or the key of the event.",
            examples=[OpenApiExample("key", value="moon-phases-moon-37438-180")],
        ),
        *reader(),
        *caching_headers(),
        response_header("Last-Modified", "When the stored event changed last.", 200, 304),
    ],
    "responses": _answers(
        OpenApiResponse(
            schema_ref("Event"),
            description="The event.",
            examples=[OpenApiExample("event", value=EXAMPLE, response_only=True)],
        ),
        *(400, 404, 405, 406, 503),
    ),
}
CALENDAR: Final[dict[str, Any]] = {
    "operation_id": "events_calendar",
    "tags": ["events"],
    "summary": "Subscribe to a calendar",
    "description": (
        f"An iCalendar (RFC 5545, RFC 7986) of at most {CALENDAR_DAYS} days; by default from now, "
        "a year. UID is the event's key; SEQUENCE rises only when the time changes; a cancelled "
        "event stays with STATUS:CANCELLED. Times are UTC; `tz` names the calendar's zone."
    ),
    "parameters": [*filters(), *reader(), *caching_headers()],
    "responses": _answers(
        OpenApiResponse({"type": "string"}, description="The calendar."),
        *(400, 405, 406, 503),
        media="text/calendar",
    ),
}
TABLE_ROWS: Final = (
    "\ufeffid,key,…,occurs_at,…,title,…\r\n"
    "b8e3c78e-abe9-5871-abf6-d36345b9c68e,moon-phases-moon-37438-180,…,2026-12-24T01:28:14.113Z,…,"
    "Full Moon in Cancer,…\r\n"
)
TABLE: Final[dict[str, Any]] = {
    "operation_id": "events_table",
    "tags": ["events"],
    "summary": "Load a table",
    "description": (
        "The same events as in the list as a table (CSV, RFC 4180) for spreadsheets: UTF-8 with"
        f" a byte order mark, a header row. It holds at most {CALENDAR_DAYS} days and some "
        "10,000 rows; `rel=next` in `Link` leads on as long as there is more, and each part has"
        " its header row. Instants are RFC 3339 in UTC; `tz` adds columns with local times. "
        "Bodies are separated by spaces, `astronomical_data` and `overridden` are JSON, "
        "`stored` says what was computed for the answer. A text that a spreadsheet would take "
        "for a formula has an apostrophe before it."
    ),
    "parameters": [
        *filters(),
        CURSOR,
        *reader(),
        *caching_headers(),
        response_header("Content-Disposition", "The name of a file to keep it in."),
        LINK,
    ],
    "responses": _answers(
        OpenApiResponse(
            {"type": "string"},
            description="The table.",
            examples=[OpenApiExample("table", value=TABLE_ROWS, response_only=True)],
        ),
        *(400, 405, 406, 503),
        media="text/csv",
    ),
}
FEED_EXAMPLE: Final = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US">'
    "<id>urn:uuid:5d0e1ad1-5a0f-5a57-8f3f-6d0d5b6a1c53</id><title>Events of the sky</title>"
    "<updated>2026-11-20T04:00:00.000Z</updated><author><name>StarsCalendars</name></author>"
    "<entry><id>urn:uuid:b8e3c78e-abe9-5871-abf6-d36345b9c68e</id>"
    '<title xml:lang="en-US">Full Moon in Cancer</title>…</entry></feed>'
)
FEED: Final[dict[str, Any]] = {
    "operation_id": "events_feed",
    "tags": ["events"],
    "summary": "Follow a feed",
    "description": (
        "What comes next as an Atom feed (RFC 4287), a page of the list at a time; `rel=next` "
        "leads on (RFC 5005). The id of an entry is the event's; `updated` is when the stored "
        "event changed last. The summary begins with when it is, in the zone of `tz` or in UTC."
    ),
    "parameters": [*filters(), LIMIT, CURSOR, *reader(), *caching_headers(), LINK],
    "responses": _answers(
        OpenApiResponse(
            {"type": "string"},
            description="The feed.",
            examples=[OpenApiExample("feed", value=FEED_EXAMPLE, response_only=True)],
        ),
        *(400, 405, 406, 503),
        media="application/atom+xml",
    ),
}
NEXT: Final[dict[str, Any]] = {
    "operation_id": "events_next",
    "tags": ["events"],
    "summary": "Show what comes next",
    "description": (
        "The first events that pass the filters and whose instant is not past, computed where "
        "nothing is stored. Where little passes there may be fewer than asked for: `coverage` "
        "says how far was looked, and `next` leads to the list that goes on from there."
    ),
    "parameters": [
        *choice(),
        OpenApiParameter(
            "count",
            {"type": "integer", "minimum": 1, "maximum": COUNT_MOST, "default": 1},
            QUERY,
            description="How many events.",
        ),
        *reader(),
        *caching_headers(),
        response_header("Link", "`rel=next` (RFC 8288).", 200, 304),
    ],
    "responses": _answers(
        OpenApiResponse(
            schema_ref("EventList"),
            description="The next events.",
            examples=[OpenApiExample("next", value=LIST_EXAMPLE, response_only=True)],
        ),
        *(400, 405, 406, 503),
    ),
}
NOW_EXAMPLE: Final[Schema] = {"results": [], "cursors": LIST_EXAMPLE["cursors"]}
NOW: Final[dict[str, Any]] = {
    "operation_id": "events_now",
    "tags": ["events"],
    "summary": "Show what is under way",
    "description": (
        "The events that have begun and not ended: `begins_at` <= now < `ends_at`. An event that "
        "is an instant has neither. Whole days and months of a calendar (`all_day`) are never "
        "among them: when they are is for each place to say. At most 200."
    ),
    "parameters": [*choice(), *reader(), *caching_headers()],
    "responses": _answers(
        OpenApiResponse(
            schema_ref("EventsNow"),
            description="The events under way.",
            examples=[OpenApiExample("none", value=NOW_EXAMPLE, response_only=True)],
        ),
        *(400, 405, 406, 503),
    ),
}
ANNOUNCEMENTS: Final[dict[str, Any]] = {
    "operation_id": "announcements_list",
    "tags": ["announcements"],
    "summary": "List the announcements",
    "description": (
        "What staff tell everybody now, the newest first, at most 20; title and text in the "
        "reader's language, both in English where it has no title. Changes come live as messages "
        "of type `announcement`: one whose `status` is `withdrawn` is to be dropped."
    ),
    "parameters": [language(), *caching_headers()],
    "responses": _answers(
        OpenApiResponse(schema_ref("AnnouncementList"), description="The announcements."),
        *(400, 405, 406, 503),
    ),
}
KINDS: Final[dict[str, Any]] = {
    "operation_id": "kinds_list",
    "tags": ["kinds"],
    "summary": "List the kinds of event",
    "description": (
        "Every kind that an event may have: name and description in the reader's language, what "
        "exactly is computed, the fields of its facts with their units, and how its significance "
        "is found."
    ),
    "parameters": [language(), *caching_headers()],
    "responses": _answers(
        OpenApiResponse(schema_ref("KindList"), description="The kinds, family by family."),
        *(400, 405, 406, 503),
    ),
}
KIND: Final[dict[str, Any]] = {
    "operation_id": "kinds_detail",
    "tags": ["kinds"],
    "summary": "Show one kind of event",
    "description": "A kind by its code, which is the `event_type` of its events.",
    "parameters": [
        OpenApiParameter(
            "code",
            {"type": "string", "enum": list(EVENT_TYPES)},
            OpenApiParameter.PATH,
            description="The code of the kind.",
            examples=[OpenApiExample("full moon", value="full_moon")],
        ),
        language(),
        *caching_headers(),
    ],
    "responses": _answers(
        OpenApiResponse(schema_ref("KindPayload"), description="The kind."),
        *(400, 404, 405, 406, 503),
    ),
}
