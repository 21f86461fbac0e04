"""Take what belongs to a person or opens a door out of texts that are kept: logs, samples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final

REMOVED: Final = "[removed]"
SECRET_NAMES: Final = frozenset(
    {
        "address", "api_key", "authorization", "body", "client", "cookie", "cookies", "data", "dsn",
        "email", "headers", "ip", "password", "query_string", "remote_addr", "secret", "session",
        "set-cookie", "ticket", "token",
    }
)  # fmt: skip
DEPTH: Final = 8
CHARACTERS: Final = 20_000

_ADDRESS = re.compile(
    r"(?<![\w:.])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:]*\.\d)"
)
# What a text must contain for the pattern to be tried, the pattern, what stands there instead. Each
# pattern starts at the edge of a word, so that no text takes more than one pass.
_RULES: Final = (
    ("@", re.compile(r"://[^/\s@]+@"), "://[removed]@"),
    ("@", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    ("eyJ", re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), "[token]"),
    (" ", re.compile(r"(?i)\b(bearer|basic|token)\s+[\w.~+/=-]{8,}"), r"\1 [token]"),
    # What Django signed: content, time, signature.
    (":", re.compile(r"(?<![\w-])[\w-]{16,}:\w{5,7}:[\w-]{27,}"), "[token]"),
    (":", re.compile(r"\d{6,12}:[\w-]{30,}"), "[token]"),
    # A query string of an address or path, not a question mark that ends a sentence.
    ("?", re.compile(r"(?<=[\w/])\?[\w.~%-]+=[^\s\"'<>]*"), "?[removed]"),
)


def scrub_text(text: str) -> str:
    """Remove e-mail and network addresses, tokens, passwords and query strings from a text."""
    if len(text) > CHARACTERS:
        text = f"{text[:CHARACTERS]} [cut]"
    for needle, pattern, replacement in _RULES:
        if needle in text:
            text = pattern.sub(replacement, text)
    return _ADDRESS.sub(_address_removed, text)


def scrub_value(value: Any, depth: int = 0) -> Any:
    """Remove the same from any value of a log line; nests deeper than it needs are cut."""
    if isinstance(value, str):
        return scrub_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth >= DEPTH:
        return REMOVED
    if isinstance(value, Mapping):
        return {str(key): scrub_named(str(key), item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub_value(item, depth + 1) for item in value]
    return scrub_text(str(value))


def scrub_named(name: str, value: Any, depth: int = 0) -> Any:
    """Remove a value whose name says that it is secret or personal."""
    return REMOVED if name.lower() in SECRET_NAMES else scrub_value(value, depth)


def _address_removed(found: re.Match[str]) -> str:
    """Keep this machine's own addresses and whatever only looks like an address."""
    try:
        address = ip_address(found[0])
    except ValueError:
        return found[0]
    return found[0] if address.is_loopback or address.is_unspecified else "[address]"
