"""Let so many requests work at once, others wait their turn, and send away who waits too long.

Every request of Django works in a thread of its own; a crowd of them would take turns at the
interpreter until nobody gets anywhere, the probes of health least of all. What hashes a password
waits in a lane of its own: a crowd that signs in keeps no reader waiting.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from django.conf import settings

from starscal.core.csp import DATA_POLICY
from starscal.core.views import OPERATIONS

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

RETRY_AFTER_S = b"5"
BUSY = b"The service is busy. Try again in a few seconds.\n"
HASHING: Final = re.compile(
    r"POST /(api/v1/auth/(token|register|deactivate|password/.+)|api/v1/me/email"
    r"|admin/(login|password_change)/"
    r"|[^/]+/account/(sign-in|register|password|email|deactivate|delete|reset/.+)/)"
    r"|DELETE /api/v1/me"
)
PREPARING: Final = 2  # requests that may come and go beside those at the hasher


class BusyError(Exception):
    """A lane is full, or its turn did not come in time."""


class Lane:
    """So many at work, so many behind them, each for so long at most."""

    def __init__(self, *, at_once: int, wait_s: float, line: int = 10_000) -> None:
        self.places = asyncio.Semaphore(at_once)
        self.wait_s = wait_s
        self.line = line
        self.waiting = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place. Waiting costs no thread. Raises: BusyError."""
        await self._take()
        try:
            yield
        finally:
            self.places.release()

    async def _take(self) -> None:
        if not self.places.locked():
            await self.places.acquire()
            return
        if self.waiting >= self.line:
            raise BusyError
        self.waiting += 1
        try:
            await asyncio.wait_for(self.places.acquire(), self.wait_s)
        except TimeoutError:
            raise BusyError from None
        finally:
            self.waiting -= 1


class Turnstile:
    """Stand before an application. The probes of an installation pass freely."""

    def __init__(self, application: Application, *, common: Lane, hashing: Lane) -> None:
        self.application = application
        self.common = common
        self.hashing = hashing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request when it is its turn, or answer 503."""
        if scope["path"] == "/livez" and scope["method"] in {"GET", "HEAD"}:
            await send_text(send, 200, b"ok\n")  # asks no thread, for it asks nobody else either
            return
        if scope["path"] in OPERATIONS:
            await self.application(scope, receive, send)
            return
        try:
            async with self.lane(scope).place():
                await self.application(scope, receive, send)
        except BusyError:
            await send_text(send, 503, BUSY, (b"retry-after", RETRY_AFTER_S))

    def lane(self, scope: Scope) -> Lane:
        """Return where a request waits."""
        hashes = HASHING.fullmatch(f"{scope['method']} {scope['path']}")
        return self.hashing if hashes else self.common


async def send_text(send: Send, status: int, text: bytes, *headers: tuple[bytes, bytes]) -> None:
    """Answer with a line of text that nobody keeps."""
    all_headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", DATA_POLICY.encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": text})


def turnstile(application: Application) -> Turnstile:
    """Return the turnstile that the settings ask for."""
    common = Lane(at_once=settings.HTTP_AT_ONCE, wait_s=settings.HTTP_WAIT_S)
    hashing = Lane(
        at_once=settings.HASHER_SLOTS + PREPARING,
        wait_s=settings.SIGN_IN_WAIT_S,
        line=settings.HASHER_LINE,
    )
    return Turnstile(application, common=common, hashing=hashing)
