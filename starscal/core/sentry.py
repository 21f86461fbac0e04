"""Send errors to Sentry where SENTRY_DSN is set; the package is an optional extra."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import structlog
from django.conf import settings

from starscal.core.scrub import scrub_value

KEPT_OF_REQUEST = ("method",)
DROPPED = ("user", "server_name", "breadcrumbs", "modules", "extra")

log = structlog.stdlib.get_logger(__name__)


class Client:
    """The package, once it is loaded."""

    sdk: Any = None


def start() -> None:
    """Load the package if there is somewhere to send to; say so in one line if it is missing."""
    if not settings.SENTRY_DSN:
        return
    if find_spec("sentry_sdk") is None:
        log.error("SENTRY_DSN is set but nothing is sent: run `pip install sentry-sdk`.")
        return
    sdk = import_module("sentry_sdk")
    sdk.init(
        dsn=settings.SENTRY_DSN,
        release=settings.RELEASE,
        default_integrations=False,  # errors come through `error_record`, once each
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=before_send,
    )
    Client.sdk = sdk


def capture(exception: BaseException, fingerprint: str) -> None:
    """Hand an exception over; the package sends it from a thread of its own."""
    if Client.sdk is None:
        return
    with Client.sdk.new_scope() as scope:
        scope.fingerprint = [fingerprint]
        scope.capture_exception(exception)


def before_send(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Leave out query strings, bodies, headers, addresses and e-mails."""
    del hint
    kept = {name: value for name, value in event.items() if name not in DROPPED}
    if "request" in kept:
        request = kept["request"]
        kept["request"] = {name: request[name] for name in KEPT_OF_REQUEST if name in request}
    if "exception" in kept:
        kept["exception"] = scrub_value(kept["exception"])
    for name in ("message", "logentry"):
        if name in kept:
            kept[name] = scrub_value(kept[name])
    return kept
