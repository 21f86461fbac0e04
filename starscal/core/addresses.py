"""Where a request comes from: the peer, unless a proxy of ours says for whom it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
UNKNOWN: Final = "unknown"
CHAIN_MOST: Final = 20  # proxies that forward for one another
PREFIX_BITS: Final = 64  # what one subscriber of IPv6 has at least


def client_address(source: HttpRequest | Mapping[str, Any]) -> str:
    """Return the address a request or a socket's scope comes from.

    Forwarded addresses count only from a peer in TRUSTED_PROXIES, and are read from the right:
    the first that is no proxy of ours is the caller, whatever the caller wrote further left.
    """
    peer, forwarded = _scope(source) if isinstance(source, Mapping) else _http(source)
    address = _parsed(peer)
    if address is None:
        return UNKNOWN
    for text in reversed(forwarded[-CHAIN_MOST:]):
        before = _parsed(text) if is_trusted(address) else None
        if before is None:
            break
        address = before
    return str(address)


def address_key(address: str) -> str:
    """Return what an address is counted by: itself, or the /64 of an IPv6 address."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, PREFIX_BITS), strict=False))
    return UNKNOWN if parsed is None else str(parsed)


def is_trusted(address: Address) -> bool:
    """Say whether an address is a proxy of this installation."""
    return any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=8)
def _networks(texts: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(ip_network(text, strict=False) for text in texts)


def _http(request: HttpRequest) -> tuple[str, list[str]]:
    peer = str(request.META.get("REMOTE_ADDR", ""))
    return peer, _listed([request.headers.get("X-Forwarded-For", "")])


def _scope(scope: Mapping[str, Any]) -> tuple[str, list[str]]:
    client = scope.get("client") or [""]
    values = [value for name, value in scope.get("headers", ()) if name == b"x-forwarded-for"]
    return str(client[0]), _listed(value.decode("latin1") for value in values)


def _listed(values: Iterable[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _parsed(text: str) -> Address | None:
    """Read an address, also as proxies write it with a port; one mapped into IPv6 is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
