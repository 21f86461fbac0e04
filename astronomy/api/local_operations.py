"""The operations of the sky of a place as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from astronomy.api.local_parameters import BODIES_DEFAULT, DAYS_MOST
from astronomy.api.place_parameters import place_parameters
from astronomy.bodies import BODIES
from starscal.core.api.openapi import (
    NOT_MODIFIED,
    caching_headers,
    problem_responses,
    schema_ref,
)

QUERY: Final = OpenApiParameter.QUERY
STATUSES: Final = (400, 405, 406, 503)
DEFINITION: Final = (
    "A body rises and sets when its upper limb (a planet: its centre) is on the horizon, with 34 "
    "arcminutes of refraction; it transits when its hour angle is zero. An event that does not "
    "happen on a civil day is null, and `missing` says why: `always_up` or `always_down` (the "
    "body stays above or below that altitude all day) or `no_event_today` (it falls on another "
    "day). Azimuths are from north over east, altitudes without refraction."
)


def reader_parameters() -> list[OpenApiParameter]:
    """Return the language of what an answer says of itself: the details of problems."""
    return [
        OpenApiParameter(
            "lang", str, QUERY, description="The language of problems; else `Accept-Language`."
        )
    ]


def _day_parameters() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(
            "date",
            {"type": "string", "format": "date"},
            QUERY,
            description="One civil day of the zone; by default today.",
            examples=[OpenApiExample("midsummer", value="2026-06-21")],
        ),
        OpenApiParameter(
            "start",
            {"type": "string", "format": "date"},
            QUERY,
            description="The first of several days, instead of `date`.",
        ),
        OpenApiParameter(
            "days",
            {"type": "integer", "minimum": 1, "maximum": DAYS_MOST, "default": 1},
            QUERY,
            description="How many days from `start`.",
        ),
        OpenApiParameter(
            "tz",
            str,
            QUERY,
            description="The IANA zone whose days are meant; by default UTC.",
            examples=[OpenApiExample("Berlin", value="Europe/Berlin")],
        ),
    ]


def _operation(name: str, summary: str, text: str, *more: OpenApiParameter) -> dict[str, Any]:
    return {
        "operation_id": f"sky_{name}",
        "tags": ["sky"],
        "summary": summary,
        "description": f"{text} {DEFINITION}",
        "parameters": [
            *place_parameters(note=" Computed to 0.001."),
            *_day_parameters(),
            *more,
            *reader_parameters(),
            *caching_headers(),
        ],
        "responses": {
            (200, "application/json"): OpenApiResponse(
                schema_ref(_SCHEMAS[name]), description="One entry a day."
            ),
            304: OpenApiResponse(description=NOT_MODIFIED),
            **problem_responses(*STATUSES),
        },
    }


_SCHEMAS: Final = {"rise_set": "RiseSetList", "sun": "SunDayList", "moon": "MoonDayList"}
_BODIES: Final = OpenApiParameter(
    "bodies",
    {
        "type": "array",
        "items": {"type": "string", "enum": list(BODIES)},
        "default": list(BODIES_DEFAULT),
    },
    QUERY,
    description="Repeated, or separated by commas; by default Sun and Moon.",
    examples=[OpenApiExample("evening star", value=["sun", "venus"])],
    explode=True,
    style="form",
)
RISE_SET: Final = _operation(
    "rise_set",
    "Rise, transit and set at a place",
    "Rise, transit and set of Sun, Moon and planets on civil days.",
    _BODIES,
)
SUN: Final = _operation(
    "sun",
    "The Sun at a place",
    "Rise, transit and set of the Sun, civil, nautical and astronomical twilight (its centre 6, "
    "12 and 18 degrees below the horizon), the golden hour (from 4 below to 6 above) and how long "
    "it is above the horizon on the day.",
)
MOON: Final = _operation(
    "moon",
    "The Moon at a place",
    "Rise, transit and set of the Moon, and its lit fraction, elongation and distance at noon.",
)
