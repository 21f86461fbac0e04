"""What a stream of events may be asked for: the list's filters, as far as messages have them."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from events.hub import STREAMS
from events.kinds import EVENT_FAMILIES, EVENT_TYPES
from events.live.filters import EventFilter
from events.live.parsing import Cursor
from events.live.passport import PRIVATE_STREAMS
from events.live.rows import Voice
from events.live.sse import cursor_parse
from events.live.stream import StreamWish
from starscal.core.api.parameters import QueryReader, quoted

OFFERED: Final = (*STREAMS, *sorted(PRIVATE_STREAMS))
FILTERS: Final = ("event_type", "family", "min_significance")
KNOWN: Final = ("stream", *FILTERS, "cursor", "lang", "tz")
REPEATABLE: Final = frozenset({"event_type", "family"})
LAST_EVENT_ID: Final = "Last-Event-ID"


def read_stream(request: HttpRequest) -> StreamWish:
    """Return what a stream is asked for. Errors: parameter.unknown, parameter.invalid."""
    query = QueryReader(request, known=KNOWN, repeatable=REPEATABLE)
    zone = query.zone("tz")
    wish = StreamWish(
        stream=_stream(query),
        filter=_filter(query),
        cursor=_cursor(request, query),
        voice=Voice(
            getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
            getattr(request, "language_fallback", False),
        ),
        zone=zone.key if zone else "UTC",
        asked=query.text("lang") or "",
        header=request.headers.get("Accept-Language", ""),
    )
    query.finish()
    return wish


def _stream(query: QueryReader) -> str:
    if query.text("stream") is None:
        return STREAMS[0]
    named = query.choices("stream", OFFERED)
    if len(named) > 1:
        query.refuse("stream", _("Give this parameter once."))
    return named[0] if named else STREAMS[0]


def _filter(query: QueryReader) -> EventFilter:
    least: int | None = None
    if query.text("min_significance") is not None:
        least = query.whole("min_significance", least=1, most=5, default=1)
    return EventFilter(
        event_types=frozenset(query.choices("event_type", EVENT_TYPES)),
        families=frozenset(query.choices("family", EVENT_FAMILIES)),
        min_significance=least,
    )


def _cursor(request: HttpRequest, query: QueryReader) -> Cursor | None:
    """Read where to go on: a browser that connects again says it in a header."""
    for name, text in (
        (LAST_EVENT_ID, request.headers.get(LAST_EVENT_ID)),
        ("cursor", query.text("cursor")),
    ):
        if text:
            found = cursor_parse(text)
            if found is None:
                query.refuse(
                    name,
                    _("%(value)s is not a place in a stream; give one as received: epoch:seq.")
                    % {"value": quoted(text)},
                )
            return found
    return None
