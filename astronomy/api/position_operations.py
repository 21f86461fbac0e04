"""The operations on positions as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from astronomy.api.local_operations import reader_parameters
from astronomy.api.place_parameters import POINT, place_parameters
from astronomy.api.position_parameters import INSTANTS_MOST, JD_SPAN, SEGMENT_DAYS_MOST, Scale
from astronomy.positions import BODY_CODES, SEGMENT_BODIES, Correction, Frame, Origin
from starscal.core.api.openapi import (
    NOT_MODIFIED,
    Schema,
    caching_headers,
    problem_responses,
    schema_ref,
)

QUERY: Final = OpenApiParameter.QUERY
TAGS: Final = ["sky"]
_INSTANT: Final = (
    "A date (its midnight in UTC) or an instant; one without zone is read as UTC. Between "
    "1900-01-01 and 2101-01-01."
)


def _parameter(
    name: str, schema: Any, description: str, example: Any = None, **more: Any
) -> OpenApiParameter:
    examples = [OpenApiExample(str(example), value=example)] if example is not None else None
    return OpenApiParameter(name, schema, QUERY, description=description, examples=examples, **more)


def _codes(values: Any) -> Schema:
    return {"type": "string", "enum": [str(value) for value in values]}


def _several(name: str, values: Any, description: str, example: list[str]) -> OpenApiParameter:
    schema = {"type": "array", "items": _codes(values)}
    return _parameter(name, schema, description, example, explode=True, style="form")


def _range(least: float, most: float) -> Schema:
    return {"type": "number", "minimum": least, "maximum": most}


def _span(*, required: bool) -> list[OpenApiParameter]:
    begin, end = f"From here on, inclusive. {_INSTANT}", f"Up to here, exclusive. {_INSTANT}"
    return [
        _parameter("start", str, begin, "2026-08-12", required=required),
        _parameter("end", str, end, "2026-09-01", required=required),
    ]


def _answers(name: str, description: str) -> Any:
    return {
        (200, "application/json"): OpenApiResponse(schema_ref(name), description=description),
        304: OpenApiResponse(description=NOT_MODIFIED),
        **problem_responses(400, 405, 406, 503),
    }


POSITIONS: Final[dict[str, Any]] = {
    "operation_id": "sky_positions",
    "tags": TAGS,
    "summary": "Positions of bodies",
    "description": (
        "Positions from DE440 at one instant, or a series of at most "
        f"{INSTANTS_MOST} instants. All frames are right-handed; a left-handed scene negates z of "
        "every vector, once. Outer planets are the barycentres of their systems. What is asked "
        "of fixed instants may be kept by caches."
    ),
    "parameters": [
        _parameter("at", str, f"One instant; by default now. {_INSTANT}", "2026-08-12T17:45:00Z"),
        *_span(required=False),
        _parameter(
            "step", str, "The step of a series: a number with s, m, h or d; by default 1d.", "6h"
        ),
        _several(
            "bodies",
            BODY_CODES,
            "Only these; repeated, or separated by commas. The Earth is among heliocentric "
            "positions, the Sun among all others.",
            ["moon", "mars"],
        ),
        _parameter(
            "origin",
            _codes(Origin),
            "Where from; by default geocentric, or topocentric where a place is given.",
        ),
        _parameter(
            "frame",
            _codes(Frame),
            "The frame of the vectors, by default ecliptic_j2000. Right ascension and longitude "
            "are of its epoch.",
        ),
        _parameter(
            "correction",
            _codes(Correction),
            "apparent (light time, aberration, deflection) by default; astrometric (light time) "
            "or, geocentric only, geometric. Heliocentric positions are geometric.",
        ),
        _parameter(
            "refraction",
            _codes(("false", "true")),
            "Whether the altitude is lifted by the standard atmosphere; by default false.",
        ),
        *place_parameters(POINT, needed=False),
        *reader_parameters(),
        *caching_headers(),
    ],
    "responses": _answers("PositionList", "Positions, an entry an instant."),
}
STATE: Final[dict[str, Any]] = {
    "operation_id": "sky_state",
    "tags": TAGS,
    "summary": "The state of a 3D scene",
    "description": (
        "Sun at the origin, heliocentric Earth and planets, geocentric Moon, in the right-handed "
        "ecliptic of J2000; the Moon's right ascension and declination, the points below Sun and "
        "Moon, and sidereal time, in radians."
    ),
    "parameters": [
        _parameter("at", str, f"The instant; by default now. {_INSTANT}", "2026-08-12T17:45:00Z"),
        _parameter("jd", _range(*JD_SPAN), "The instant as a Julian date.", 2461265.24),
        _parameter(
            "scale",
            _codes(Scale),
            "The time scale of jd: utc (by default; UT1 before 1972) or tt.",
        ),
        *reader_parameters(),
        *caching_headers(),
    ],
    "responses": _answers("SceneStateBody", "The state."),
}
SEGMENTS: Final[dict[str, Any]] = {
    "operation_id": "sky_segments",
    "tags": TAGS,
    "summary": "Segments to interpolate a scene",
    "description": (
        f"Chebyshev coefficients over at most {SEGMENT_DAYS_MOST} days, with a bound of their "
        "error, so that a scene needs to ask once. `astronomy/segments.js` evaluates them."
    ),
    "parameters": [
        *_span(required=True),
        _several(
            "bodies",
            SEGMENT_BODIES,
            "Only these series; repeated, or separated by commas.",
            ["earth", "moon"],
        ),
        *reader_parameters(),
        *caching_headers(),
    ],
    "responses": _answers("SegmentList", "The segments."),
}
