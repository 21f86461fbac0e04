"""Let so many requests work at once, others wait their turn, and send away who waits too long.

Every request of Django works in a thread of its own; a crowd of them would take turns at the
interpreter until nobody gets anywhere, the probes of health least of all.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings

from starscal.core.csp import DATA_POLICY
from starscal.core.views import OPERATIONS

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

RETRY_AFTER_S = b"5"
BUSY = b"The service is busy. Try again in a few seconds.\n"


class Turnstile:
    """Stand before an application. The probes of an installation pass freely."""

    def __init__(self, application: Application, *, at_once: int, wait_s: float) -> None:
        self.application = application
        self.places = asyncio.Semaphore(at_once)
        self.wait_s = wait_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request when it is its turn, or answer 503."""
        if scope["path"] == "/livez" and scope["method"] in {"GET", "HEAD"}:
            await send_text(send, 200, b"ok\n")  # asks no thread, for it asks nobody else either
            return
        if scope["path"] in OPERATIONS:
            await self.application(scope, receive, send)
            return
        try:
            await asyncio.wait_for(self.places.acquire(), self.wait_s)
        except TimeoutError:
            await send_text(send, 503, BUSY, (b"retry-after", RETRY_AFTER_S))
            return
        try:
            await self.application(scope, receive, send)
        finally:
            self.places.release()


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
    return Turnstile(application, at_once=settings.HTTP_AT_ONCE, wait_s=settings.HTTP_WAIT_S)
