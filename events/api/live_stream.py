"""The stream of events where no event loop serves it: what is new, then come again.

In the web server of `manage.py up` an ASGI application answers before Django does
(`events/streams.py`). Under WSGI nobody may hold a thread, so that the answer ends where the log
ends; a client of Server-Sent Events connects again by itself and misses nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.tokens.access import AccessClaims
from events.api import documented
from events.api.stream_parameters import LAST_EVENT_ID, OFFERED, read_stream
from events.hub import personal_stream
from events.live.conversation import SNAPSHOTS
from events.live.log import Message
from events.live.parsing import Cursor
from events.live.passport import PRIVATE_STREAMS
from events.live.rows import Row
from events.live.sse import CONTENT_TYPE, event_text, retry_text, written
from events.live.stream import StreamWish
from events.payloads import instant_text
from starscal.core.api.openapi import problem_responses
from starscal.core.api.problems import DETAILS
from starscal.core.api.renderers import EventStreamRenderer, ProblemRenderer, json_bytes
from starscal.core.api.requests import django_request
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import OutboxMessage
from starscal.core.streams import stream_open

MOST: Final = 500  # messages an answer; the next one goes on
RETRY_MS: Final = 5_000
EXAMPLE: Final = (
    "retry: 2000\n\n"
    "id: 0b5bd9a5-0ae1-4c3b-9f6e-3f8f3c1d3a11:42\n"
    "event: event\n"
    'data: {"op":"event","stream":"events","prev":41,"seq":42,"type":"event.published"}\n\n'
)
CURSOR_TEXT: Final = (
    "a place in the stream, as `epoch:seq`: an `id` received, or `cursors` of the list"
)
OPERATION: Final[dict[str, Any]] = {
    "operation_id": "live_stream",
    "tags": ["live"],
    "summary": "Follow a stream",
    "description": (
        "Server-Sent Events with the frames of the live socket (AsyncAPI: `/api/v1/asyncapi.json`, "
        "`/api/v1/docs/live/`), named by their `op`; an error is named `refusal`. The answer goes "
        "on until one side ends it; where the server keeps no connections open it ends with what "
        "is new, and the client comes again. `me` needs an access token in `Authorization`."
    ),
    "parameters": [
        OpenApiParameter(
            "stream",
            {"type": "string", "enum": list(OFFERED), "default": OFFERED[0]},
            OpenApiParameter.QUERY,
            description="The stream to follow; one a connection.",
        ),
        *documented.LIVE_FILTERS,
        OpenApiParameter(
            "cursor",
            str,
            OpenApiParameter.QUERY,
            description=f"Where to go on: {CURSOR_TEXT}. By default the newest message.",
        ),
        OpenApiParameter(
            LAST_EVENT_ID,
            str,
            OpenApiParameter.HEADER,
            description=f"Where to go on, before `cursor`: {CURSOR_TEXT}. Browsers send it.",
        ),
        *documented.READER,
    ],
    "responses": {
        (200, "text/event-stream"): OpenApiResponse(
            {"type": "string"},
            description="The stream.",
            examples=[OpenApiExample("message", value=EXAMPLE, response_only=True)],
        ),
        **problem_responses(400, 401, 405, 406, 503),
    },
}


class LiveStreamView(APIView):
    """Tell what is new since a place in a stream."""

    permission_classes = (AllowAny,)
    renderer_classes = (EventStreamRenderer, ProblemRenderer)

    @extend_schema(**OPERATION)
    def get(self, request: Request) -> HttpResponseBase:
        wish = read_stream(django_request(request))
        text = "".join(told(wish, log_name(request, wish)))
        headers = {"Cache-Control": "no-store"}
        return HttpResponse(text, content_type=CONTENT_TYPE, headers=headers)


def log_name(request: Request, wish: StreamWish) -> str:
    """Return what the log calls a stream. Errors: auth.missing_header."""
    if wish.stream not in PRIVATE_STREAMS:
        return wish.stream
    if not isinstance(request.auth, AccessClaims):
        raise ApplicationError(ErrorCode.AUTH_MISSING, DETAILS[ErrorCode.AUTH_MISSING])
    return personal_stream(str(request.user.pk))


def told(wish: StreamWish, name: str) -> Iterator[str]:
    """Write what a stream holds after the place of a wish."""
    newest = stream_open(name=name)
    end = str(newest.epoch), newest.seq
    rows = rows_after(name, wish, end)
    start = end if rows is None or wish.cursor is None else wish.cursor
    yield retry_text(RETRY_MS)
    yield event_text(welcome(wish, start), start)
    if rows is None:
        yield event_text(reset(wish, end), end)
    prev = last = start[1]
    for row in rows or ():
        last = row.seq
        if wish.filter.lets_through(row.kind, row.subject):
            yield written("event", row.frame(wish.voice, prev), (end[0], row.seq))
            prev = row.seq
    yield event_text({"op": "cursor", "stream": wish.stream, "seq": last}, (end[0], last))


def welcome(wish: StreamWish, start: Cursor) -> dict[str, Any]:
    return {
        "op": "welcome",
        "session": uuid.uuid4().hex,
        "heartbeat_s": RETRY_MS / 1000,
        "cursors": {wish.stream: start},
        "lang": wish.voice.language,
        "fallback": wish.voice.fallback,
        "tz": wish.zone,
    }


def reset(wish: StreamWish, end: Cursor) -> dict[str, Any]:
    snapshot = SNAPSHOTS[wish.stream]
    return {"op": "reset", "stream": wish.stream, "cursor": end, "snapshot": snapshot}


def rows_after(name: str, wish: StreamWish, end: Cursor) -> list[Row] | None:
    """Return the messages after the place of a wish; None if they are not kept any more."""
    epoch, seq = wish.cursor or end
    if epoch != end[0] or seq > end[1]:
        return None
    found = OutboxMessage.objects.filter(stream_id=name, seq__gt=seq, seq__lte=end[1])
    rows = [_row(wish.stream, message) for message in found.order_by("seq")[:MOST]]
    is_whole = rows[0].seq == seq + 1 if rows else seq == end[1]
    return rows if is_whole else None


def _row(stream: str, message: OutboxMessage) -> Row:
    at, body = instant_text(message.created_at), json_bytes(message.body)
    return Row(stream, Message(message.seq, message.key, message.kind, at, body))
