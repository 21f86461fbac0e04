"""The operations of the events API as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from astronomy.api.place_parameters import VISIBLE_FROM
from astronomy.finders.ingresses import SIGNS
from events.api.parameters import CALENDAR_DAYS, LIMIT_DEFAULT, LIMIT_MOST
from events.kinds import EVENT_BODIES, EVENT_FAMILIES, EVENT_TYPES
from events.searching import LEAST, MOST, WORDS_MOST
from starscal.core.api.openapi import (
    NOT_MODIFIED,
    Schema,
    caching_headers,
    problem_responses,
    response_header,
    schema_ref,
)

QUERY: Final = OpenApiParameter.QUERY
VISIBLE_TEXT: Final = (
    "Only what can be seen from a place: `lat,lon` or `lat,lon,elevation`, in degrees (north and "
    "east positive) and metres. An eclipse, a transit or an occultation with any phase or contact "
    "above the horizon; of other events all bodies up at the same time within 12 hours, planets "
    "and stars with the Sun 6 degrees down, radiants with it 12 down, the Moon 7 degrees from the "
    "Sun. What nobody sees, such as seasons, signs, aspects, apsides, calendars, the new Moon and "
    "gatherings, is left out. It is what `visible` says in the circumstances of an event. A page "
    "may be short, even empty; `next` leads on."
)
SIGN_TEXT: Final = (
    "Only events whose facts have any of these signs of the tropical zodiac: the sign that is "
    "entered, or the one in which a body of the event stands by its longitude (phases of the Moon, "
    "seasons, aspects, stations, nodes, conjunctions with the Sun, solar terms). Eclipses have no "
    "longitude in their facts"
)
SEARCH_TEXT: Final = (
    "Words to look for in the title: all of them in the language of the answer, or all of them in "
    "English, in any case and order. Words of three letters are found anywhere in the title, "
    "shorter ones where a word begins, Chinese and Japanese characters anywhere. At least two "
    f"letters or digits, at most {WORDS_MOST} words. Only what is stored is searched: "
    "`coverage.stored` says which parts of the range that is, and nothing is computed."
)


INSTANT_TEXT: Final = (
    "A date (its midnight in UTC) or an instant; one without zone is read as UTC. Between "
    "1900-01-01 and 2101-01-01."
)


def _chosen(
    name: str, values: tuple[str, ...], description: str, example: str, *chosen: str
) -> OpenApiParameter:
    """Return a parameter that takes several values; they pass if one of them fits."""
    return OpenApiParameter(
        name,
        {"type": "array", "items": {"type": "string", "enum": list(values)}},
        QUERY,
        description=f"{description}; repeated, or separated by commas.",
        examples=[OpenApiExample(example, value=list(chosen))],
        explode=True,
        style="form",
    )


def _filters() -> list[OpenApiParameter]:
    return [*_kinds(), *_facts(), *_measures(), *_span()]


def _kinds() -> list[OpenApiParameter]:
    bodies = "Only events in which any of these takes part"
    families = ("solar_eclipses", "lunar_eclipses")
    return [
        _chosen("event_type", EVENT_TYPES, "Only these kinds", "moons", "new_moon", "full_moon"),
        _chosen("family", EVENT_FAMILIES, "Only these families", "eclipses", *families),
        _chosen("body", EVENT_BODIES, bodies, "giants", "jupiter", "saturn"),
    ]


def _facts() -> list[OpenApiParameter]:
    return [
        _chosen("sign", SIGNS, SIGN_TEXT, "fire", "aries", "leo", "sagittarius"),
        OpenApiParameter(
            "q",
            {"type": "string", "minLength": LEAST, "maxLength": MOST},
            QUERY,
            description=SEARCH_TEXT,
            examples=[OpenApiExample("words", value="full moon")],
        ),
    ]


def _measures() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(
            "min_significance",
            {"type": "integer", "minimum": 1, "maximum": 5, "default": 1},
            QUERY,
            description="Only events that matter at least so much: 5 is what people travel for, "
            "3 what is seen without looking for it, 1 everything.",
        ),
        OpenApiParameter(
            "min_resonance",
            {"type": "number", "minimum": 0, "maximum": 1},
            QUERY,
            description="Only events to which curators gave at least this quantum resonance.",
        ),
        OpenApiParameter(
            VISIBLE_FROM,
            str,
            QUERY,
            description=VISIBLE_TEXT,
            examples=[OpenApiExample("Berlin", value="52.52,13.405,34")],
        ),
    ]


def _span() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(
            "start",
            str,
            QUERY,
            description=f"From here on, inclusive; by default now. {INSTANT_TEXT}",
            examples=[OpenApiExample("date", value="2026-08-12")],
        ),
        OpenApiParameter(
            "end",
            str,
            QUERY,
            description=f"Up to here, exclusive. {INSTANT_TEXT}",
            examples=[OpenApiExample("instant", value="2026-08-13T00:00:00Z")],
        ),
    ]


def _language() -> OpenApiParameter:
    return OpenApiParameter(
        "lang",
        str,
        QUERY,
        description=(
            "The language of the words, in any spelling (`pt`, `zh-CN`, `PT_br`, `rus`); an "
            "unknown one gives English with `fallback: true`. By default the language of the "
            "account that the access token belongs to decides, else `Accept-Language`."
        ),
        examples=[OpenApiExample("German", value="de")],
    )


def _reader() -> list[OpenApiParameter]:
    return [
        _language(),
        OpenApiParameter(
            "tz",
            str,
            QUERY,
            description="An IANA time zone; adds the local times with offset beside UTC.",
            examples=[OpenApiExample("Kolkata", value="Asia/Kolkata")],
        ),
    ]


LIVE_FILTERS: Final = [*_kinds()[:2], _measures()[0]]  # what messages can be chosen by
READER: Final = _reader()


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
        "stands highest around midnight and sets around sunrise."
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
        *_filters(),
        OpenApiParameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": LIMIT_MOST, "default": LIMIT_DEFAULT},
            QUERY,
            description="The most events on a page.",
        ),
        OpenApiParameter(
            "cursor",
            str,
            QUERY,
            description="From `next` or `previous` of another page, with the same filters.",
        ),
        *_reader(),
        *caching_headers(),
        response_header("Link", "`rel=next` and `rel=prev` (RFC 8288).", 200, 304),
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
        *_reader(),
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
    "parameters": [*_filters(), *_reader(), *caching_headers()],
    "responses": _answers(
        OpenApiResponse({"type": "string"}, description="The calendar."),
        *(400, 405, 406, 503),
        media="text/calendar",
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
    "parameters": [_language(), *caching_headers()],
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
    "parameters": [_language(), *caching_headers()],
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
        _language(),
        *caching_headers(),
    ],
    "responses": _answers(
        OpenApiResponse(schema_ref("KindPayload"), description="The kind."),
        *(400, 404, 405, 406, 503),
    ),
}
