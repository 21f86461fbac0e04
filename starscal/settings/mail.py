"""Which server takes the letters."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from starscal.settings import env

PORTS: Final = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
CONSOLE: Final = "django.core.mail.backends.console.EmailBackend"
TIMEOUT_S: Final = 10


def server(url: str) -> dict[str, Any]:
    """Return Django's settings for the server at ``url``, else those of the environment."""
    if url == "console://":
        return {"EMAIL_BACKEND": CONSOLE}
    if url:
        return {"EMAIL_TIMEOUT": TIMEOUT_S, **_parsed(url)}
    return {
        "EMAIL_TIMEOUT": TIMEOUT_S,
        "EMAIL_HOST": env.text("EMAIL_HOST", "localhost"),
        "EMAIL_PORT": env.whole("EMAIL_PORT", 25, least=1),
        "EMAIL_HOST_USER": env.text("EMAIL_HOST_USER"),
        "EMAIL_HOST_PASSWORD": env.text("EMAIL_HOST_PASSWORD"),
        "EMAIL_USE_TLS": env.flag("EMAIL_USE_TLS", default=False),
        "EMAIL_USE_SSL": env.flag("EMAIL_USE_SSL", default=False),
    }


def _parsed(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in PORTS or not parts.hostname or port == 0:
        raise ImproperlyConfigured(
            "EMAIL_URL takes smtp://, smtp+tls:// or smtps:// with user:password@host:port, "
            "or console://."
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
