"""One call of the Bot API over HTTP: what is sent, how much is read, what the answer means."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any, Final

import httpx

from telegram_link.client.errors import (
    BadRequest,
    BotApiError,
    Conflict,
    Forbidden,
    RetryAfter,
    Trouble,
    Unauthorized,
)
from telegram_link.client.quiet import loggers_silence, scrubbed

TIMEOUT_S: Final = 10.0  # for an answer; with what goes before it less than a lease of the sender
CONNECT_S: Final = 4.0  # for a place in the pool, for the connection, and for TLS
WRITE_S: Final = 5.0
LARGEST_ANSWER: Final = 4 * 1024 * 1024  # a hundred updates of the largest kind
CONNECTIONS: Final = 40  # more than threads that send at once
IDLE_S: Final = 60.0  # how long a connection is kept for the next call
UNTOLD_RETRY_S: Final = 5
LONGEST_RETRY_S: Final = 86_400
NOT_FOUND: Final = 404  # of the whole address: calls that exist are refused otherwise
ASTRAY: Final = "Not Found: TELEGRAM_API_BASE or the token is wrong."
REFUSALS: Final = {401: Unauthorized, 403: Forbidden, 409: Conflict}


@dataclass(frozen=True, slots=True)
class Reply:
    """The status and the body of an answer."""

    status: int
    body: bytes


class Wire:
    """Connections to the Bot API that threads share. Its representation has no token."""

    def __init__(self, token: str, base: str) -> None:
        loggers_silence()
        self._token = token
        self._http = httpx.Client(
            base_url=f"{base}/bot{token}/",
            timeout=TIMEOUT_S,
            headers={"Accept-Encoding": "identity"},  # what is read is what was capped
            verify=tls(),
            follow_redirects=False,
            trust_env=False,  # a proxy of the environment would read the token over plain HTTP
            limits=httpx.Limits(
                max_connections=CONNECTIONS,
                max_keepalive_connections=CONNECTIONS,
                keepalive_expiry=IDLE_S,
            ),
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        photo: bytes | None,
        patience_s: float,
    ) -> Any:
        """Return the result of a call; ``patience_s`` is how long the answer may take.

        Raises: a BotApiError, and no other, without the exception of the HTTP library, which
        carries the address and with it the token.
        """
        request = _encoded(parameters, photo)
        problem: str
        try:
            reply = self._exchange(method, request, patience_s)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            problem = f"{type(error).__name__} in {method}"
        else:
            return self._result(reply)
        raise Trouble(problem)

    def _exchange(self, method: str, request: dict[str, Any], patience_s: float) -> Reply:
        until = monotonic() + patience_s
        timeout = httpx.Timeout(connect=CONNECT_S, pool=CONNECT_S, write=WRITE_S, read=patience_s)
        with self._http.stream("POST", method, timeout=timeout, **request) as response:
            body = bytearray()
            for piece in response.iter_raw():
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise Trouble("The answer is too large.")
                if monotonic() > until:
                    raise Trouble("The answer takes too long.")
            return Reply(response.status_code, bytes(body))

    def _result(self, reply: Reply) -> Any:
        if reply.status == NOT_FOUND:
            raise Unauthorized(ASTRAY)
        answer = _parsed(reply)
        if answer.get("ok") is True and reply.status == httpx.codes.OK and "result" in answer:
            return answer["result"]
        raise self._error(reply, answer)

    def _error(self, reply: Reply, answer: dict[str, Any]) -> BotApiError:
        """Return what a refusal means; a status without Telegram's own words is Trouble."""
        code, told = answer.get("error_code"), answer.get("description")
        if answer.get("ok") is not False or not isinstance(code, int) or not isinstance(told, str):
            return Trouble(f"The answer of status {reply.status} makes no sense.")
        told = scrubbed(told, self._token)
        hints = answer.get("parameters")
        hints = hints if isinstance(hints, dict) else {}
        if code == httpx.codes.TOO_MANY_REQUESTS:
            return RetryAfter(told, _seconds(hints.get("retry_after")))
        if code in REFUSALS:
            return REFUSALS[code](told)
        if 400 <= code < 500:
            moved = hints.get("migrate_to_chat_id")
            return BadRequest(told, moved if isinstance(moved, int) else 0)
        return Trouble(told)


@cache
def tls() -> ssl.SSLContext:
    """Return what all connections are checked with; reading the authorities takes 30 ms."""
    return httpx.create_ssl_context(trust_env=False)


def _encoded(parameters: Mapping[str, Any], photo: bytes | None) -> dict[str, Any]:
    """Return the body of a request: JSON, or a form with a file."""
    given = {name: value for name, value in parameters.items() if value is not None}
    if photo is None:
        return {
            "content": json.dumps(given).encode(),  # ASCII, so that any text can be sent
            "headers": {"Content-Type": "application/json"},
        }
    fields = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
    }
    return {"data": fields, "files": {"photo": ("figure.png", photo, "image/png")}}


def _parsed(reply: Reply) -> dict[str, Any]:
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Trouble(f"The answer of status {reply.status} is no JSON object.")
    return answer


def _seconds(told: object) -> int:
    if not isinstance(told, int) or told < 1:
        return UNTOLD_RETRY_S
    return min(told, LONGEST_RETRY_S)
