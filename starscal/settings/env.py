"""Read the environment once, typed, with errors that name the variable and what it takes."""

from __future__ import annotations

import os
import re
from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def required(name: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment.")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} takes 1 or 0, not {value!r}.")


def whole(name: str, default: int, *, least: int = 0) -> int:
    value = text(name) or str(default)
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} takes a whole number from {least}, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def socket_url(name: str) -> str:
    """Read the address of a WebSocket."""
    value = text(name)
    if value and not re.fullmatch(r"wss?://[\w.:\[\]-]+/[\w./-]*", value, re.ASCII):
        raise ImproperlyConfigured(
            f"{name} takes an address such as wss://live.example.org/ws/v1/live, not {value!r}."
        )
    return value


def rates(name: str) -> dict[str, tuple[int, int]]:
    """Read limits as ``login-address=30/600,api-user=600/60``: tokens by seconds to refill."""
    found = {}
    for word in words(name):
        limit, _, rate = word.partition("=")
        tokens, _, seconds = rate.partition("/")
        if not (_positive(tokens) and _positive(seconds)):
            raise ImproperlyConfigured(f"{name} takes name=tokens/seconds, not {word!r}.")
        found[limit.strip()] = (int(tokens), int(seconds))
    return found


def networks(name: str) -> list[str]:
    """Read addresses and networks in CIDR form."""
    found = words(name)
    for word in found:
        try:
            ip_network(word, strict=False)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} takes addresses and networks (10.0.0.0/8), not {word!r}."
            ) from None
    return found


def _positive(value: str) -> bool:
    return value.strip().isdecimal() and int(value) > 0
