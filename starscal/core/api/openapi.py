"""Parts of the OpenAPI document: schemas made from our typed dictionaries, shared answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import (
    Any,
    Final,
    Literal,
    NotRequired,
    TypeAlias,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from starscal.core.api.problems import CONTENT_TYPE, TYPE_PREFIX, Problem, ProblemError
from starscal.core.exceptions import STATUS, ErrorCode

Schema: TypeAlias = dict[str, Any]

_BASIC: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Any: {},
}
STATUS_TEXTS: Final[Mapping[int, str]] = {
    400: "A parameter is unknown or has a value that is not allowed; `errors` names each.",
    401: "The request does not say who asks, or not validly; see `WWW-Authenticate`.",
    403: "Who asks may not do this.",
    404: "There is nothing at this address.",
    405: "The resource does not answer this method; `Allow` names those it does.",
    406: "The resource is not available in a format that the client accepts.",
    409: "The state of the resource does not allow this; `code` says why.",
    412: "The resource has changed since the client loaded it.",
    413: "The body is too large.",
    415: "The body is of a type that the resource does not take.",
    428: "The request must say which version it changes (`If-Match`).",
    429: "Too many requests; try again after `Retry-After` seconds.",
    503: "A part of the service is not reachable; try again after `Retry-After` seconds.",
}
NOT_MODIFIED: Final = "The client has this representation already (`If-None-Match`)."
PROBLEM_NOTES: Final[Mapping[str, Any]] = {
    "type": "Where the kind of problem is explained; it stays the same in every language.",
    "title": "The kind of problem, in the reader's language.",
    "status": "The HTTP status.",
    "detail": "What is wrong here and what is allowed, in the reader's language.",
    "instance": "The path that was asked for.",
    "code": "A stable code to switch on.",
    "request_id": "Quote this when you report a problem; it stands in our logs.",
    "errors": "One entry for each thing to put right.",
    "parameter": "The name of the query parameter.",
    "pointer": "A JSON pointer (RFC 6901) into the body.",
}


class ProblemKind(TypedDict):
    """One kind of problem."""

    type: str
    code: str
    status: int
    title: str
    detail: str


class ProblemKindList(TypedDict):
    """Every kind of problem."""

    results: list[ProblemKind]


def schema_of(kind: Any, notes: Mapping[str, str | Schema], *, closed: bool = True) -> Schema:
    """Return the JSON schema of a TypedDict; ``notes`` describe its fields by name.

    A note is a description, or a piece of schema to lay over what the type says.
    """
    hints = get_type_hints(kind, include_extras=True)
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip().partition("\n")[0],
        "properties": {name: _noted(schema_for(t), notes.get(name)) for name, t in hints.items()},
        "required": [name for name, t in hints.items() if get_origin(t) is not NotRequired],
        **({"additionalProperties": False} if closed else {}),
    }


def schema_for(kind: Any) -> Schema:
    """Return the JSON schema of a type as our payloads use them."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is NotRequired:
        return schema_for(parts[0])
    if origin in {Union, UnionType}:
        return _union([schema_for(part) for part in parts])
    if origin is Literal:
        return {"type": "string", "enum": list(parts)}
    if origin is list:
        return {"type": "array", "items": schema_for(parts[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_for(parts[1])}
    if is_typeddict(kind):
        return {"$ref": f"#/components/schemas/{kind.__name__}"}
    return dict(_BASIC[kind])


def _union(parts: list[Schema]) -> Schema:
    if all(set(part) == {"type"} for part in parts):
        return {"type": [part["type"] for part in parts]}
    return {"anyOf": parts}


def _noted(schema: Schema, note: str | Schema | None) -> Schema:
    if note is None:
        return schema
    return schema | (note if isinstance(note, dict) else {"description": note})


def schema_ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schemas and headers that every part of the API shares (a hook of spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    problem = schema_of(Problem, PROBLEM_NOTES, closed=False)
    problem["properties"]["code"]["enum"] = [str(code) for code in ErrorCode]
    schemas["Problem"] = problem
    schemas["ProblemError"] = schema_of(ProblemError, PROBLEM_NOTES)
    schemas["ProblemKind"] = schema_of(ProblemKind, PROBLEM_NOTES)
    schemas["ProblemKindList"] = schema_of(ProblemKindList, {})
    return result


def problem_responses(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Return the documented problem answers of an operation by status; all may say 429."""
    return {
        (status, CONTENT_TYPE): OpenApiResponse(
            schema_ref("Problem"),
            description=f"{STATUS_TEXTS[status]} Codes: {', '.join(_codes(status))}.",
            examples=[_example(status)],
        )
        for status in sorted({*statuses, 429})
    }


def _codes(status: int) -> list[str]:
    return [f"`{code}`" for code in ErrorCode if STATUS.get(code, 400) == status]


def _example(status: int) -> OpenApiExample:
    code = next(code for code in ErrorCode if STATUS.get(code, 400) == status)
    return OpenApiExample(
        str(code),
        value={
            "type": f"{TYPE_PREFIX}{code}",
            "title": str(code.name.replace("_", " ").capitalize()),
            "status": status,
            "detail": STATUS_TEXTS[status],
            "instance": "/api/v1/events",
            "code": str(code),
            "request_id": "01J9Z0T3",
        },
        response_only=True,
        media_type=CONTENT_TYPE,
        status_codes=[str(status)],
    )


def response_header(name: str, description: str, *statuses: int) -> OpenApiParameter:
    """Return a header that an operation's answers carry."""
    return OpenApiParameter(
        name,
        str,
        OpenApiParameter.HEADER,
        description=description,
        response=list(statuses) or [200],
    )


def rate_limit_headers() -> list[OpenApiParameter]:
    """Return the headers in which an answer tells what is left to the caller."""
    return [
        response_header(
            "RateLimit", "What is left (`r`), and in how many seconds it is whole again (`t`).", 200
        ),
        response_header("RateLimit-Policy", "Tokens (`q`) and seconds to refill (`w`).", 200),
    ]


def caching_headers() -> list[OpenApiParameter]:
    """Return the headers of every answer that a cache may keep."""
    return [
        response_header("ETag", "A strong tag of this representation.", 200, 304),
        response_header("Cache-Control", "How long caches may keep the answer.", 200, 304),
        response_header("Content-Language", "The language of the answer.", 200, 304),
        response_header("Vary", "What else the answer depends on.", 200, 304),
        *rate_limit_headers(),
        OpenApiParameter(
            "If-None-Match",
            str,
            OpenApiParameter.HEADER,
            description="The `ETag` of an earlier answer: the same again is answered 304.",
        ),
    ]
