"""`GET /api/v1/live` as an ASGI application: Server-Sent Events without a thread.

It stands before Django and its turnstile, because a stream lasts: it asks no thread, no database
connection and no place among the requests at work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import Any, Final

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.core.exceptions import RequestAborted, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import resolve
from django.utils.cache import patch_vary_headers

from events.api.stream_parameters import read_stream
from events.hub import hub_here
from events.live.doors import Receive, Send, address_admitted, opening_counted
from events.live.identity import Credential
from events.live.passport import PRIVATE_STREAMS
from events.live.refusals import Close, RefusalError, auth_needed, auth_refused, going_down
from events.live.sse import CONTENT_TYPE, event_text
from events.live.stream import EventStream, StreamWish
from starscal.core.api.problems import RETRY_AFTER_S, application_problem, problem_response
from starscal.core.context import context_of, request_id_accept
from starscal.core.ending import tasks_ended
from starscal.core.errors import error_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import language_active
from starscal.core.metrics import live_close_count, live_streams
from starscal.core.middleware import reader_language
from starscal.core.request_context import HEADER, begin, finish
from starscal.core.security import SecurityHeadersMiddleware, TwoWayCorsMiddleware

Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

PATH: Final = "/api/v1/live"
FLUSH_S: Final = 0.05  # as for sockets: the server needs a turn of its loop to write the end
PROBLEMS: Final[Mapping[Close, ErrorCode]] = {
    Close.UNAUTHENTICATED: ErrorCode.AUTH_TOKEN_INVALID,
    Close.TOO_MANY: ErrorCode.RATE_LIMITED,
    Close.RATE: ErrorCode.RATE_LIMITED,
}
HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events back until a buffer is full
}


class LiveStreams:
    """Answer GET at the address of the stream; give everything else to the application."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != PATH or scope["method"] != "GET":
            await self.application(scope, receive, send)
            return
        request = ASGIRequest(scope, BytesIO())
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            await self.application(scope, receive, send)  # which knows the way
            return
        with context_of(request_id_accept(request.headers.get(HEADER, ""))):
            await self.answer(request, scope, receive, send)

    async def answer(
        self, request: ASGIRequest, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer with a stream, or with the problem that stands in its way."""
        tally = begin()
        request.resolver_match = resolve(PATH)
        with ExitStack() as stack:
            try:
                stream, head = await self.opened(request, scope, stack)
            except ApplicationError as error:
                with language_active(language_of(request)):
                    answer = application_problem(request, error)
            except SuspiciousOperation:
                answer = problem_response(request, ErrorCode.REQUEST_INVALID)
            except RefusalError as refusal:
                answer = refusal_problem(request, refusal)
            else:
                finish(request, guarded(request, head, stream.wish.stream), tally)
                await started(head, send)
                await conducted(stream, receive, send)
                return
        finish(request, guarded(request, answer, ""), tally)
        await started(answer, send)
        await send({"type": "http.response.body", "body": answer.content})

    async def opened(
        self, request: ASGIRequest, scope: Scope, stack: ExitStack
    ) -> tuple[EventStream, HttpResponse]:
        """Return a stream that is ready to run, and the head of its answer."""
        request.get_host()  # a name that is not ours is refused
        request.LANGUAGE_CODE, fallback = reader_language(request)
        request.language_fallback = fallback  # type: ignore[attr-defined] # as the middleware does
        with language_active(request.LANGUAGE_CODE):
            wish = read_stream(request)
        credential = credential_of(request, wish)
        stack.enter_context(address_admitted(scope))
        hub = hub_here()
        await opening_counted(scope, hub.redis)
        stream = EventStream(hub, wish)
        stack.enter_context(left_behind(stream))
        await stream.open(credential)
        stack.enter_context(live_streams.track_inprogress())
        headers = {**HEADERS, "Content-Language": stream.wish.voice.language}
        head = HttpResponse(content_type=CONTENT_TYPE, headers=headers)
        patch_vary_headers(head, ["Accept-Language", "Authorization"])
        return stream, head


def language_of(request: ASGIRequest) -> str:
    return getattr(request, "LANGUAGE_CODE", "") or settings.LANGUAGE_CODE


def credential_of(request: ASGIRequest, wish: StreamWish) -> Credential | None:
    """Return the access token of the header. Errors: what is no token, none where one is needed."""
    header = request.headers.get("Authorization", "").strip()
    if not header:
        if wish.stream in PRIVATE_STREAMS:
            raise auth_needed(wish.stream)
        return None
    scheme, _space, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise auth_refused()
    return Credential(token=token.strip())


def refusal_problem(request: ASGIRequest, refusal: RefusalError) -> HttpResponse:
    """Return what a socket would be closed with as a problem document."""
    with language_active(language_of(request)):
        detail = str(refusal.frame()["detail"])
    code = PROBLEMS.get(refusal.close, ErrorCode.UNAVAILABLE) if refusal.close else None
    if refusal.code == "auth.required":
        code = ErrorCode.AUTH_MISSING
    headers = {}
    if code == ErrorCode.RATE_LIMITED:
        headers["Retry-After"] = str(refusal.params.get("seconds", RETRY_AFTER_S))
    return problem_response(
        request, code or ErrorCode.REQUEST_INVALID, detail=detail, headers=headers
    )


def guarded(request: ASGIRequest, answer: HttpResponse, stream: str) -> HttpResponseBase:
    """Give an answer the headers that the middleware gives all others."""
    SecurityMiddleware(_nothing).process_response(request, answer)
    SecurityHeadersMiddleware(_nothing).process_response(request, answer)
    kind = CorsMiddleware if stream in PRIVATE_STREAMS else TwoWayCorsMiddleware
    return kind(_nothing).add_response_headers(request, answer)


def _nothing(_request: Any) -> HttpResponse:
    return HttpResponse()


@contextmanager
def left_behind(stream: EventStream) -> Iterator[None]:
    """Have a stream forget everything at the end."""
    try:
        yield
    finally:
        stream.leave()


async def started(answer: HttpResponse, send: Send) -> None:
    headers = [(k.lower().encode("latin1"), v.encode("latin1")) for k, v in answer.items()]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})


async def conducted(stream: EventStream, receive: Receive, send: Send) -> None:
    """Run a stream until the client goes, or until there is a reason to end it."""

    async def write(text: str) -> None:
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

    tasks = [asyncio.create_task(stream.run(write)), asyncio.create_task(gone(receive))]
    try:
        done, _running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except RefusalError as refusal:
        await ended(stream, send, refusal)
    except asyncio.CancelledError:
        await ended(stream, send, going_down())
        await asyncio.sleep(FLUSH_S)
        raise
    except (RequestAborted, OSError):
        return  # the client went while we wrote
    except Exception as error:
        error_record(exception=error, where="stream")
        raise
    finally:
        await tasks_ended(tasks)


async def gone(receive: Receive) -> None:
    """Wait until the client hangs up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def ended(stream: EventStream, send: Send, refusal: RefusalError) -> None:
    """Say why a stream ends, then end it."""
    with language_active(stream.wish.voice.language):
        frame = refusal.frame()
    if refusal.close is not None:
        live_close_count(int(refusal.close))
    await send({"type": "http.response.body", "body": event_text(frame).encode()})
