"""The query parameters of the events API as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from astronomy.api.place_parameters import VISIBLE_FROM
from astronomy.finders.ingresses import SIGNS
from events.api.parameters import LIMIT_DEFAULT, LIMIT_MOST
from events.kinds import EVENT_BODIES, EVENT_FAMILIES, EVENT_TYPES
from events.searching import LEAST, MOST, WORDS_MOST
from starscal.core.api.openapi import response_header

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


def filters() -> list[OpenApiParameter]:
    return [*choice(), *_span()]


def choice() -> list[OpenApiParameter]:
    return [*_kinds(), *_facts(), *_measures()]


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


def language() -> OpenApiParameter:
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


def reader() -> list[OpenApiParameter]:
    return [
        language(),
        OpenApiParameter(
            "tz",
            str,
            QUERY,
            description="An IANA time zone; adds the local times with offset beside UTC.",
            examples=[OpenApiExample("Kolkata", value="Asia/Kolkata")],
        ),
    ]


LIVE_FILTERS: Final = [*_kinds()[:2], _measures()[0]]  # what messages can be chosen by
READER: Final = reader()


CURSOR: Final = OpenApiParameter(
    "cursor",
    str,
    QUERY,
    description="From `next` or `previous` of another page, with the same filters.",
)
LIMIT: Final = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": LIMIT_MOST, "default": LIMIT_DEFAULT},
    QUERY,
    description="The most events on a page.",
)
LINK: Final = response_header("Link", "`rel=next` and `rel=prev` (RFC 8288).", 200, 304)
