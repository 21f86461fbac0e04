"""Every frame of the live feed as a type: what clients say and what the server says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NotRequired, TypedDict

from events.kinds import EVENT_FAMILIES, EVENT_TYPES
from events.live.codes import ERRORS
from events.live.conversation import KNOWN, SNAPSHOTS
from events.live.parsing import LIST_LIMIT, SEQ_LIMIT, TEXT_LIMIT, TOKEN_LIMIT
from starscal.core.api.openapi import Schema, schema_of, schema_ref

Notes = Mapping[str, str | Schema]


class Hello(TypedDict):
    """Say what you want; the first frame, within five seconds."""

    op: Literal["hello"]
    streams: NotRequired[list[str]]
    stream: NotRequired[str]
    lang: NotRequired[str]
    tz: NotRequired[str]
    filter: NotRequired[Any]
    cursors: NotRequired[Any]
    token: NotRequired[str]
    ticket: NotRequired[str]


class Ack(TypedDict):
    """Say what has arrived: everything up to a number."""

    op: Literal["ack"]
    stream: str
    seq: int


class Subscribe(TypedDict):
    """Follow more streams, or the same with another filter from the next message on."""

    op: Literal["subscribe"]
    streams: NotRequired[list[str]]
    stream: NotRequired[str]
    filter: NotRequired[Any]
    cursors: NotRequired[Any]


class Unsubscribe(TypedDict):
    """Leave streams."""

    op: Literal["unsubscribe"]
    streams: NotRequired[list[str]]
    stream: NotRequired[str]


class Lang(TypedDict):
    """Read on in another language, from the next frame."""

    op: Literal["lang"]
    lang: str


class Auth(TypedDict):
    """Sign in, or show a fresh token before the time of the last one ends."""

    op: Literal["auth"]
    token: NotRequired[str]
    ticket: NotRequired[str]


class Pong(TypedDict):
    """Answer a ping."""

    op: Literal["pong"]


class Filter(TypedDict):
    """Which messages to get; what is left out does not matter, several fields must all match."""

    event_type: NotRequired[list[str]]
    family: NotRequired[list[str]]
    min_significance: NotRequired[int | None]
    place: NotRequired[Any]


class Welcome(TypedDict):
    """Where this connection starts, and how it was understood."""

    op: Literal["welcome"]
    session: str
    heartbeat_s: float
    cursors: Any
    lang: str
    fallback: bool
    tz: str
    user: NotRequired[str]
    in_s: NotRequired[int]


class SignedIn(TypedDict):
    """Whose connection this is, and for how long."""

    op: Literal["auth"]
    user: str
    in_s: int


class Expiring(TypedDict):
    """The time of the token ends soon: say auth with a fresh one."""

    op: Literal["expiring"]
    in_s: int


class Event(TypedDict):
    """A message of a stream."""

    op: Literal["event"]
    stream: str
    prev: int
    seq: int
    key: str
    type: str
    at: str
    data: Any


class Cursor(TypedDict):
    """Everything up to a number was said or filtered out."""

    op: Literal["cursor"]
    stream: str
    seq: int


class Sky(TypedDict):
    """Where the bodies are at a full minute; the newest replaces."""

    op: Literal["sky"]
    at: str
    data: Any


class Ping(TypedDict):
    """The server is there; answer with pong."""

    op: Literal["ping"]


class Reset(TypedDict):
    """The stream cannot be continued from where you were: load the snapshot."""

    op: Literal["reset"]
    stream: str
    cursor: Any
    snapshot: str


class Error(TypedDict):
    """What was wrong; most are followed by the end of the connection."""

    op: Literal["error"]
    code: str
    detail: str


class HiddenEvent(TypedDict):
    """An event that is public no longer: drop it."""

    id: str
    key: str
    slug: str
    status: Literal["hidden"]
    revision: int


CoverageData = TypedDict("CoverageData", {"from": str, "to": str, "families": list[str]})
CoverageData.__doc__ = "A span was computed: fetch its events."


class ProfileData(TypedDict):
    """Which fields of the own profile have changed; the new language, if that is among them."""

    fields: list[str]
    etag: str
    language: NotRequired[str]


class SubscriptionData(TypedDict):
    """Whether the person is a member of the Telegram channel now."""

    subscribed: bool
    checked_at: str


CLIENT: Final[Mapping[str, type]] = {
    "hello": Hello, "ack": Ack, "subscribe": Subscribe, "unsubscribe": Unsubscribe, "lang": Lang,
    "auth": Auth, "pong": Pong,
}  # fmt: skip
SERVER: Final[Mapping[str, type]] = {
    "welcome": Welcome, "auth": SignedIn, "expiring": Expiring, "cursor": Cursor, "ping": Ping,
    "reset": Reset, "error": Error, "sky": Sky,
}  # fmt: skip

_SEQ: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": SEQ_LIMIT}
_UUID: Final = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_NO_NUL: Final[Schema] = {"pattern": r"^[^\u0000]*$"}
_STREAM: Final[Schema] = {"type": "string", "enum": list(KNOWN), "description": "A stream."}
_STREAMS: Final[Schema] = {
    "type": "array",
    "items": {"type": "string", "enum": list(KNOWN)},
    "minItems": 1,
    "maxItems": LIST_LIMIT,
}
CURSOR: Final[Schema] = {
    "type": "array",
    "items": [{"type": "string", "format": "uuid", "pattern": _UUID}, _SEQ],
    "additionalItems": False,
    "minItems": 2,
    "description": "[epoch, seq]: a place in a stream.",
}
_CURSORS: Final[Schema] = {
    "type": "object",
    "maxProperties": LIST_LIMIT,
    "additionalProperties": {"anyOf": [schema_ref("Place"), {"type": "null"}]},
    "description": "Where to go on, by stream, as received; without one at the newest message.",
}
_DETAIL: Final[Schema] = {"description": "In the reader's language."}
_SHOWN: Final[Schema] = {**_NO_NUL, "maxLength": TOKEN_LIMIT}
CLIENT_NOTES: Final[Notes] = {
    "streams": {**_STREAMS, "description": "The streams to follow."},
    "stream": {**_STREAM, "description": "The short form of streams for a single one."},
    "lang": {
        **_NO_NUL,
        "maxLength": TEXT_LIMIT,
        "description": "Any spelling of a language tag; an unknown one is answered in English.",
    },
    "tz": {
        **_NO_NUL,
        "maxLength": TEXT_LIMIT,
        "description": "A name of the IANA time zone database; it is echoed, all times are UTC.",
    },
    "filter": {
        "anyOf": [schema_ref("Filter"), {"type": "null"}],
        "description": "Which messages of `events` to get.",
    },
    "cursors": _CURSORS,
    "token": {**_SHOWN, "description": "An access token; not beside a ticket."},
    "ticket": {**_SHOWN, "description": "A ticket, good once, from /api/v1/auth/ws-ticket."},
    "seq": {**_SEQ, "description": "The newest message that has arrived."},
}
FILTER_NOTES: Final[Notes] = {
    "event_type": {
        "items": {"type": "string", "enum": list(EVENT_TYPES)},
        "maxItems": LIST_LIMIT,
        "description": "Only these kinds of event.",
    },
    "family": {
        "items": {"type": "string", "enum": list(EVENT_FAMILIES)},
        "maxItems": LIST_LIMIT,
        "description": "Only these families of kinds.",
    },
    "min_significance": {
        "minimum": 1,
        "maximum": 5,
        "description": "Only events of at least this significance; changes always pass.",
    },
    "place": {
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "lat": {"type": "number", "minimum": -90, "maximum": 90},
                    "lon": {"type": "number", "minimum": -180, "maximum": 180},
                },
                "required": ["lat", "lon"],
                "additionalProperties": False,
            },
            {"type": "null"},
        ],
        "description": "Only what can be seen from there, north and east positive; changes pass.",
    },
}
SERVER_NOTES: Final[Notes] = {
    "session": "A name of this connection, for reports of problems.",
    "heartbeat_s": {"exclusiveMinimum": 0, "description": "How often the server pings."},
    "cursors": {
        "type": "object",
        "additionalProperties": schema_ref("Place"),
        "description": "Where this connection starts, by stream.",
    },
    "lang": "The language of the texts.",
    "fallback": "True where the language stands in for one, or a script, that is not known.",
    "tz": "The zone of hello, or UTC.",
    "user": {"format": "uuid", "description": "Whose connection it is; only after signing in."},
    "in_s": {"minimum": 0, "description": "Seconds until the token ends."},
    "stream": _STREAM,
    "prev": {**_SEQ, "description": "The newest earlier number that your filter let through."},
    "seq": {**_SEQ, "description": "The number in the stream; it has no holes."},
    "key": "The identity of the message; the same change is never said under two.",
    "at": {"format": "date-time", "description": "When it was committed, UTC."},
    "data": {"type": "object", "description": "As `GET /api/v1/sky/state` gives it."},
    "cursor": schema_ref("Place"),
    "snapshot": {"enum": sorted(SNAPSHOTS.values()), "description": "What to load."},
    "code": {"enum": sorted(ERRORS), "description": "A stable code to switch on."},
    "detail": _DETAIL,
}
HIDDEN_NOTES: Final[Notes] = {
    "id": {"format": "uuid", "description": "The id of the event."},
    "key": "The identity of the event.",
    "slug": "Its readable name.",
    "revision": "Rises with every change.",
}
COVERAGE_NOTES: Final[Notes] = {
    "from": {"format": "date-time", "description": "Inclusive."},
    "to": {"format": "date-time", "description": "Exclusive."},
    "families": {"items": {"type": "string", "enum": list(EVENT_FAMILIES)}},
}
PROFILE_NOTES: Final[Notes] = {
    "fields": "The names of what has changed.",
    "etag": "The tag of the profile as it is now.",
    "language": "The language chosen, empty for none; a connection that named none goes on in it.",
}
SUBSCRIPTION_NOTES: Final[Notes] = {
    "subscribed": "Whether the person is a member now.",
    "checked_at": "When Telegram said so.",
}


def client_schema(frame: type) -> Schema:
    """Return the schema of a frame of clients, as strict as the server reads it."""
    schema = schema_of(frame, CLIENT_NOTES)
    names = set(schema["properties"])
    if frame in {Ack, Lang}:
        return _with(schema, "stream", _STREAM) if frame is Ack else schema
    if "streams" in names and frame is not Hello:
        schema["anyOf"] = [{"required": ["streams"]}, {"required": ["stream"]}]
    if frame is Auth:
        schema["oneOf"] = [{"required": ["token"]}, {"required": ["ticket"]}]
    if frame is Hello:
        schema["not"] = {"required": ["token", "ticket"]}
    return schema


def server_schema(frame: type) -> Schema:
    """Return the schema of a frame of the server."""
    return schema_of(frame, SERVER_NOTES)


def event_schema(kind: str, data: Schema, streams: tuple[str, ...]) -> Schema:
    """Return the schema of the messages of a type."""
    schema = _with(server_schema(Event), "type", {"const": kind, "description": "The type."})
    schema["properties"]["data"] = data
    return _with(schema, "stream", {**_STREAM, "enum": list(streams)})


def _with(schema: Schema, name: str, laid_over: Schema) -> Schema:
    properties = {**schema["properties"], name: {**schema["properties"][name], **laid_over}}
    return {**schema, "properties": properties}
