"""The operations of the calendars as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from astronomy.api.local_operations import QUERY, STATUSES
from astronomy.api.local_parameters import DAYS_MOST
from astronomy.api.place_parameters import place_parameters
from astronomy.calendars.ayanamsa import AYANAMSAS, TRUE_CHITRA
from starscal.core.api.openapi import (
    NOT_MODIFIED,
    caching_headers,
    problem_responses,
    schema_ref,
)

_DATE: Final = {"type": "string", "format": "date"}


def _days() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(
            "date",
            _DATE,
            QUERY,
            description="One civil day of 1900 to 2100; by default today in the calendar's zone.",
            examples=[OpenApiExample("a new year", value="2026-02-17")],
        ),
        OpenApiParameter(
            "start", _DATE, QUERY, description="The first of several days, instead of `date`."
        ),
        OpenApiParameter(
            "end",
            _DATE,
            QUERY,
            description=f"The last of them, included; at most {DAYS_MOST} days in all.",
        ),
        OpenApiParameter(
            "lang",
            str,
            QUERY,
            description="The language of the names and of problems; else `Accept-Language`.",
        ),
    ]


def _operation(name: str, schema: str, summary: str, text: str, *more: Any) -> dict[str, Any]:
    return {
        "operation_id": f"sky_calendar_{name}",
        "tags": ["sky"],
        "summary": summary,
        "description": text,
        "parameters": [*_days(), *more, *caching_headers()],
        "responses": {
            (200, "application/json"): OpenApiResponse(
                schema_ref(schema), description="One entry a day."
            ),
            304: OpenApiResponse(description=NOT_MODIFIED),
            **problem_responses(*STATUSES),
        },
    }


CHINESE: Final = _operation(
    "chinese",
    "ChineseDateList",
    "The Chinese calendar",
    "Dates of the Chinese lunisolar calendar, solar terms and festivals. A month begins on the "
    "civil day of the new moon; the month that holds the winter solstice is the 11th; of 13 "
    "months between two such months the first without a major term is a leap month. Civil days "
    "are those of UTC+8 from 1929 on and of the local mean time of Beijing before.",
)
HINDU: Final = _operation(
    "hindu",
    "HinduDateList",
    "The Hindu calendar at a place",
    "The panchanga: tithi, nakshatra, yoga and karana that prevail at sunrise and when they end, "
    "the lunar month, ekadashi, purnima and amavasya, and festivals. Without a place it is that of "
    "the central station of the calendar of India (82°30′ E, 23°11′ N). Give `lat` and `lon` "
    "together. Where the Sun does not rise there is no panchanga, and `reason` says so.",
    *place_parameters(needed=False),
    OpenApiParameter(
        "tz",
        str,
        QUERY,
        description="The IANA zone whose civil days are meant; by default Asia/Kolkata.",
        examples=[OpenApiExample("Kolkata", value="Asia/Kolkata")],
    ),
    OpenApiParameter(
        "ayanamsa",
        {"type": "string", "enum": list(AYANAMSAS), "default": TRUE_CHITRA},
        QUERY,
        description=(
            "Where sidereal longitudes begin: `true_chitra` puts Spica, as it appears, at 180 "
            "degrees; `lahiri` keeps the point whose true longitude was 23°15′ on 1956-03-21."
        ),
        examples=[OpenApiExample("frozen", value="lahiri")],
    ),
)
ARMENIAN: Final = _operation(
    "armenian",
    "ArmenianDateList",
    "The Armenian calendar",
    "Dates of the old Armenian calendar (years of 365 days since 552 July 11, Julian) and, from "
    "1924 on, feasts of the Armenian Church: days after Easter by the Gregorian computus, or the "
    "Sunday nearest to a date.",
)
CHRISTIAN: Final = _operation(
    "christian",
    "ChristianDateList",
    "Western and Orthodox feasts",
    "Movable feasts by the churches' own rules: days after Easter by the Gregorian (Western) and "
    "the Julian (Orthodox) computus, on the Gregorian date, with the date of the Julian calendar.",
)
