"""Who may come in: pages of known sites, so many sockets an address, at paths that exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from redis.asyncio import Redis

from events.live.refusals import address_crowded, opening_too_often, person_crowded
from starscal.core.addresses import UNKNOWN, address_key, client_address
from starscal.core.limits import SOCKET_CONNECTS
from starscal.core.ratelimit import take_on_loop

SUBPROTOCOL = "starscal.v1"
PORTS = {"http": 80, "https": 443}
Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_OPEN: Counter[str] = Counter()
_OPEN_BY_USER: Counter[str] = Counter()


def header(scope: Scope, name: bytes) -> str:
    """Return a header of the handshake, or an empty text."""
    found = next((value for key, value in scope["headers"] if key == name), b"")
    return str(found.decode("latin1"))


def subprotocol_chosen(scope: Scope) -> str | None:
    """Return our subprotocol if the client offers it; without one the socket speaks it as well."""
    return SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", ()) else None


def origin_allowed(scope: Scope) -> bool:
    """Say whether the page that opens the socket may: of this site or of one in LIVE_ORIGINS.

    Programs send no Origin; they are not led by somebody else's page, and may.
    """
    origin = header(scope, b"origin")
    if not origin or "*" in settings.LIVE_ORIGINS:
        return True
    place = _origin(origin)
    if place is None:
        return False
    return place in map(_origin, settings.LIVE_ORIGINS) or _is_own(place, header(scope, b"host"))


def _is_own(place: tuple[str, str, int], host_header: str) -> bool:
    scheme, host, port = place
    own = _origin(f"{scheme}://{host_header}")
    known = validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS)
    return own == (scheme, host, port) and known


def _origin(text: str) -> tuple[str, str, int] | None:
    """Read an origin as scheme, host and port; None if it is none."""
    try:
        parts = urlsplit(text)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and port else None


async def opening_counted(scope: Scope, redis: Redis) -> None:
    """Count that an address opens a socket, over all processes; refuse one that does too often."""
    address = address_key(client_address(scope))
    if address == UNKNOWN:
        return
    verdict = await take_on_loop(SOCKET_CONNECTS, address, redis)
    if not verdict.allowed:
        raise opening_too_often(verdict.retry_after_s)


@contextmanager
def address_admitted(scope: Scope) -> Iterator[None]:
    """Count a socket with its address while it is open; refuse one too many."""
    address = address_key(client_address(scope))
    if address != UNKNOWN and _OPEN[address] >= settings.LIVE_SOCKETS_PER_ADDRESS:
        raise address_crowded(settings.LIVE_SOCKETS_PER_ADDRESS)
    _OPEN[address] += 1
    try:
        yield
    finally:
        _count_down(_OPEN, address)


def person_enter(user: str) -> None:
    """Count a socket with its user; refuse one too many. End with `person_leave`."""
    if _OPEN_BY_USER[user] >= settings.LIVE_SOCKETS_PER_USER:
        raise person_crowded(settings.LIVE_SOCKETS_PER_USER)
    _OPEN_BY_USER[user] += 1


def person_leave(user: str) -> None:
    _count_down(_OPEN_BY_USER, user)


def _count_down(counter: Counter[str], name: str) -> None:
    counter[name] -= 1
    if counter[name] <= 0:
        del counter[name]
