"""Read what a client says: JSON of a known form, or a refusal that says what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import orjson
from django.utils.translation import gettext_lazy as _

from astronomy.local_sky import place_rounded
from astronomy.observer.place import Place
from events.kinds import EVENT_FAMILIES, EVENT_TYPES
from events.live.filters import EventFilter
from events.live.identity import Credential
from events.live.refusals import Close, RefusalError, bad_frame

TEXT_LIMIT = 100
TOKEN_LIMIT = 4096
LIST_LIMIT = 100
SEQ_LIMIT = 2**63 - 1
STREAMS_DEFAULT = ("events",)
ZONES = frozenset(available_timezones())
Cursor = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Wish:
    """The streams a client wants, from where, and how much of them."""

    streams: tuple[str, ...]
    cursors: Mapping[str, Cursor] = field(default_factory=dict)
    filter: EventFilter | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    wish: Wish
    lang: str = ""
    tz: str = ""
    credential: Credential | None = None


@dataclass(frozen=True, slots=True)
class Subscribe:
    wish: Wish


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ack:
    stream: str
    seq: int


@dataclass(frozen=True, slots=True)
class Lang:
    lang: str


@dataclass(frozen=True, slots=True)
class Auth:
    credential: Credential


@dataclass(frozen=True, slots=True)
class Pong:
    pass


ClientFrame = Hello | Subscribe | Unsubscribe | Ack | Lang | Auth | Pong
Fields = dict[str, Any]


def frame_parse(text: str) -> ClientFrame:
    """Return what a frame says. Raises RefusalError with close code 4400 for anything else."""
    try:
        fields = orjson.loads(text)
    except ValueError:
        raise bad_frame(_("A frame is one JSON object.")) from None
    if not isinstance(fields, dict):
        raise bad_frame(_("A frame is one JSON object."))
    op = fields.pop("op", None)
    if not isinstance(op, str) or op not in FORMS:
        known = ", ".join(FORMS)
        raise RefusalError(
            Close.BAD_FRAME,
            "op.unknown",
            _("The field op takes one of: %(known)s."),
            known=known,
        )
    allowed, read = FORMS[op]
    if not fields.keys() <= allowed:
        raise bad_frame(
            _("A frame %(op)s takes these fields: %(known)s."),
            op=op,
            known=", ".join(sorted({"op", *allowed})),
        )
    return read(fields)


def _hello(fields: Fields) -> Hello:
    tz = _text(fields, "tz", "")
    if tz and tz not in ZONES:
        raise RefusalError(
            Close.BAD_FRAME,
            "tz.unknown",
            _("The field tz takes a name of the IANA time zone database, such as Asia/Yerevan."),
        )
    shown = _credential(fields) if fields.keys() & CREDENTIAL_FIELDS else None
    return Hello(_wish(fields, STREAMS_DEFAULT), _text(fields, "lang", ""), tz, shown)


def _subscribe(fields: Fields) -> Subscribe:
    return Subscribe(_wish(fields, None))


def _unsubscribe(fields: Fields) -> Unsubscribe:
    return Unsubscribe(_streams(fields, None))


def _ack(fields: Fields) -> Ack:
    return Ack(_text(fields, "stream", None), _seq(fields.get("seq")))


def _lang(fields: Fields) -> Lang:
    return Lang(_text(fields, "lang", None))


def _auth(fields: Fields) -> Auth:
    return Auth(_credential(fields))


def _pong(_fields: Fields) -> Pong:
    return Pong()


def _credential(fields: Fields) -> Credential:
    given = {name: fields[name] for name in CREDENTIAL_FIELDS & fields.keys()}
    if len(given) != 1 or not all(_is_text(value, TOKEN_LIMIT) for value in given.values()):
        raise bad_frame(
            _("Sign in with one of these fields: %(known)s; a text of up to %(most)s characters."),
            known="ticket, token",
            most=TOKEN_LIMIT,
        )
    return Credential(**given)


def _wish(fields: Fields, default: tuple[str, ...] | None) -> Wish:
    return Wish(_streams(fields, default), _cursors(fields), _filter(fields))


def _text(fields: Fields, name: str, default: str | None) -> str:
    value = fields.get(name, default)
    if not _is_text(value):
        raise bad_frame(
            _("The field %(name)s takes a text of up to %(most)s characters."),
            name=name,
            most=TEXT_LIMIT,
        )
    return str(value)


def _is_text(value: object, most: int = TEXT_LIMIT) -> bool:
    return isinstance(value, str) and len(value) <= most and "\0" not in value


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    values = fields.get(name, [])
    fits = isinstance(values, list) and len(values) <= LIST_LIMIT
    if not fits or not all(map(_is_text, values)):
        raise bad_frame(
            _("The field %(name)s takes a list of up to %(most)s texts."),
            name=name,
            most=LIST_LIMIT,
        )
    return tuple(dict.fromkeys(values))


def _streams(fields: Fields, default: tuple[str, ...] | None) -> tuple[str, ...]:
    """Read ``streams``, or the short form ``stream`` for a single one."""
    if "stream" in fields:
        return (_text(fields, "stream", None),)
    if "streams" not in fields and default is not None:
        return default
    named = _texts(fields, "streams")
    if not named:
        raise bad_frame(_("The field streams must name at least one stream."))
    return named


def _seq(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= SEQ_LIMIT:
        raise bad_frame(_("The field seq takes a whole number from 0."))
    return value


def _cursors(fields: Fields) -> dict[str, Cursor]:
    cursors = fields.get("cursors", {})
    if not isinstance(cursors, dict) or len(cursors) > LIST_LIMIT:
        raise _bad_cursor()
    return {name: _cursor(value) for name, value in cursors.items() if value is not None}


def _cursor(value: object) -> Cursor:
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[0], str):
        raise _bad_cursor()
    try:
        return str(UUID(value[0])), _seq(value[1])
    except ValueError:
        raise _bad_cursor() from None


def _bad_cursor() -> RefusalError:
    return bad_frame(
        _('The field cursors takes an object such as {"events": ["<epoch>", 17]}, as received.')
    )


def _filter(fields: Fields) -> EventFilter | None:
    if fields.get("filter") is None:
        return None
    wanted = fields["filter"]
    if not isinstance(wanted, dict) or not wanted.keys() <= FILTER_FIELDS:
        raise bad_frame(
            _("The field filter takes an object with these fields: %(known)s."),
            known=", ".join(sorted(FILTER_FIELDS)),
        )
    return EventFilter(
        event_types=_known(wanted, "event_type", EVENT_TYPES),
        families=_known(wanted, "family", EVENT_FAMILIES),
        min_significance=_significance(wanted.get("min_significance")),
        place=_place(wanted.get("place")),
    )


def _known(fields: Fields, name: str, allowed: tuple[str, ...]) -> frozenset[str]:
    values = frozenset(_texts(fields, name))
    if not values <= set(allowed):
        raise bad_frame(
            _("The field %(name)s takes a list of these: %(known)s."),
            name=name,
            known=", ".join(allowed),
        )
    return values


def _significance(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise bad_frame(_("The field min_significance takes a whole number from 1 to 5."))
    return value


def _place(value: object) -> Place | None:
    if value is None:
        return None
    fields = value if isinstance(value, dict) else {}
    numbers = [fields.get(name) for name in ("lat", "lon")]
    if len(fields) == len(numbers) and all(type(number) in {int, float} for number in numbers):
        try:
            return place_rounded(Place(*numbers))  # type: ignore[arg-type] # checked just now
        except ValueError:
            pass  # beyond the limits, as anything else that is no place
    raise bad_frame(
        _(
            "The field place takes an object with lat and lon: degrees from -90 to 90 and from "
            "-180 to 180."
        )
    )


FILTER_FIELDS = frozenset({"event_type", "family", "min_significance", "place"})
CREDENTIAL_FIELDS = frozenset({"token", "ticket"})
WISH_FIELDS = frozenset({"stream", "streams", "filter", "cursors"})
FORMS: Mapping[str, tuple[frozenset[str], Callable[[Fields], ClientFrame]]] = {
    "hello": (WISH_FIELDS | CREDENTIAL_FIELDS | {"lang", "tz"}, _hello),
    "subscribe": (WISH_FIELDS, _subscribe),
    "unsubscribe": (frozenset({"stream", "streams"}), _unsubscribe),
    "ack": (frozenset({"stream", "seq"}), _ack),
    "lang": (frozenset({"lang"}), _lang),
    "auth": (CREDENTIAL_FIELDS, _auth),
    "pong": (frozenset(), _pong),
}
