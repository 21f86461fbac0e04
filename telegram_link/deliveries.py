"""The webhook as an ASGI application: updates are stored on the event loop, without a thread.

Only what is right is taken here: a POST with the secret and an update that the database stores.
All else, and all else of the site, goes on to Django, where ``webhook`` refuses it.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from io import BytesIO
from typing import Any, Final

import orjson
import psycopg
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.urls import ResolverMatch, resolve

from events.live.log import connect
from starscal.core.context import context_of, request_id_accept
from starscal.core.request_context import HEADER, begin, finish
from starscal.core.security import SecurityHeadersMiddleware
from telegram_link.bot.reading import update_number
from telegram_link.configuration import WEBHOOK_PATH, webhook_enabled
from telegram_link.services.updates import updates_store_async
from telegram_link.webhook import LONGEST_BODY

Scope = dict[str, Any]
Event = Mapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Application = Callable[[Scope, Any, Any], Awaitable[None]]
Connection = psycopg.AsyncConnection[Any]
OUTAGES: Final = (psycopg.Error, OSError)
SECRET: Final = b"x-telegram-bot-api-secret-token"


class Storage:
    """One connection of a loop; what comes while it writes goes with the next statement."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._waiting: list[tuple[object, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def store(self, update: object) -> None:
        """Return when an update is stored. Raises: OUTAGES."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, stored))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await stored

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            fault = await self._write([update for update, _stored in batch])
            for _update, stored in batch:
                if stored.done():  # whoever waited has gone
                    continue
                if fault is None:
                    stored.set_result(None)
                else:
                    stored.set_exception(fault)

    async def _write(self, updates: list[object]) -> Exception | None:
        """Store updates; return what went wrong, after which the next has a fresh connection."""
        try:
            if self._connection is None:
                self._connection = await connect()
            await updates_store_async(connection=self._connection, updates=updates)
        except OUTAGES as error:
            lost, self._connection = self._connection, None
            if lost is not None:
                await lost.close()
            return error
        return None


class TelegramDeliveries:
    """Take updates at the webhook's address; give everything else to the application."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.storage = Storage()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != WEBHOOK_PATH or not is_from_telegram(scope):
            await self.application(scope, receive, send)
            return
        request = ASGIRequest(scope, BytesIO())
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            await self.application(scope, receive, send)  # which knows the way
            return
        pieces: list[Event] = []
        body = await body_read(receive, pieces)
        if body is None or not await self._taken(request, body, send):
            await self.application(scope, replayed(pieces, receive), send)

    async def _taken(self, request: ASGIRequest, body: bytes, send: Send) -> bool:
        """Store an update and say so; False if it is none, or cannot be stored."""
        update = update_of(body)
        if update is None:
            return False
        with context_of(request_id_accept(request.headers.get(HEADER, ""))):
            tally = begin()
            try:
                await self.storage.store(update)
            except OUTAGES:
                return False
            request.resolver_match = here()
            answer = guarded(request, HttpResponse(headers={"Cache-Control": "no-store"}))
            finish(request, answer, tally)
        headers = [(k.lower().encode("latin1"), v.encode("latin1")) for k, v in answer.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return True


def is_from_telegram(scope: Scope) -> bool:
    """Say whether a request has the secret, once; nothing of its body is read before."""
    if scope["method"] != "POST" or not webhook_enabled():
        return False
    secret = settings.TELEGRAM_WEBHOOK_SECRET.encode()
    sent = [value for name, value in scope["headers"] if name == SECRET]
    return len(sent) == 1 and hmac.compare_digest(sent[0], secret)


async def body_read(receive: Receive, pieces: list[Event]) -> bytes | None:
    """Return a body and keep its pieces; None of one that is too large or broke off."""
    size, more = 0, True
    while more:
        piece = await receive()
        pieces.append(piece)
        size += len(piece.get("body", b""))
        if piece["type"] != "http.request" or size > LONGEST_BODY:
            return None
        more = piece.get("more_body", False)
    return b"".join(piece.get("body", b"") for piece in pieces)


def replayed(pieces: list[Event], receive: Receive) -> Receive:
    """Return what gives the pieces that were read already, then what comes after them."""
    left = iter(pieces)

    async def again() -> Event:
        piece = next(left, None)
        return await receive() if piece is None else piece

    return again


def update_of(body: bytes) -> object | None:
    """Return the update of a body, or None if it is none."""
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return None if update_number(update) is None else update


@cache
def here() -> ResolverMatch:
    return resolve(WEBHOOK_PATH)


def guarded(request: ASGIRequest, answer: HttpResponse) -> HttpResponse:
    """Give an answer the headers that the middleware gives all others."""
    SecurityMiddleware(_nothing).process_response(request, answer)
    SecurityHeadersMiddleware(_nothing).process_response(request, answer)
    return answer


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
