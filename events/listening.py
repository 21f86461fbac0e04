"""Listen to a stream of Server-Sent Events from a running server, with the standard library."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, Self
from urllib.parse import urlencode, urlsplit

PATH: Final = "/api/v1/live"
ACCEPT: Final = "text/event-stream, application/problem+json"
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
PASSING: Final = frozenset({429, 502, 503, 504})  # what time mends
Query = Mapping[str, str | list[str]]


class Told(NamedTuple):
    """One event: its name, its frame, and the id to resume from. A heartbeat has no name."""

    name: str
    frame: dict[str, Any]
    id: str


class RefusedError(Exception):
    """The server answers with a problem instead of a stream."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail") or f"The server answers {status}.")
        self.status = status
        self.problem = problem


class EventSource:
    """One connection to a stream; iterate over it, and close it."""

    def __init__(
        self,
        url: str,
        query: Query,
        *,
        last_id: str = "",
        token: str = "",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        self.retry_s = 3.0
        self.connection = _connection(url, timeout_s)
        asked = {"Accept": ACCEPT, **(headers or {})}
        if last_id:
            asked["Last-Event-ID"] = last_id
        if token:
            asked["Authorization"] = f"Bearer {token}"
        path = urlsplit(url).path.rstrip("/") + PATH
        try:
            self.connection.request("GET", f"{path}?{urlencode(query, doseq=True)}", headers=asked)
            self.response = self.connection.getresponse()
            self._require_stream()
        except BaseException:
            self.connection.close()
            raise

    def _require_stream(self) -> None:
        if self.response.status != http.client.OK:
            raise RefusedError(self.response.status, _problem(self.response.read()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self.response.close()
        self.connection.close()

    def __iter__(self) -> Iterator[Told]:
        for fields in _blocks(self.response):
            if fields.get("retry", "").isdecimal():
                self.retry_s = int(fields["retry"]) / 1000
            if "data" in fields:
                frame = json.loads(fields["data"])
                yield Told(fields.get("event", "message"), frame, fields.get("id", ""))
            elif "retry" not in fields:
                yield Told("", {}, "")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _connection(url: str, timeout_s: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.netloc, timeout=timeout_s)
    return http.client.HTTPConnection(parts.netloc, timeout=timeout_s)


def _problem(body: bytes) -> dict[str, Any]:
    try:
        problem = json.loads(body)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _blocks(lines: Iterable[bytes]) -> Iterator[dict[str, str]]:
    """Yield the fields of each event; several lines of data are one text."""
    fields: dict[str, str] = {}
    began = False
    for line in lines:
        text = line.decode().rstrip("\r\n")
        if not text:
            if began:
                yield fields
            fields, began = {}, False
            continue
        began = True
        name, _colon, value = text.partition(":")
        if name:
            value = value.removeprefix(" ")
            fields[name] = f"{fields[name]}\n{value}" if name in fields else value


class Follower:
    """A stream followed for ever: one that is cut is taken up where it was left."""

    def __init__(self, url: str, query: Query, *, last_id: str = "", token: str = "") -> None:
        self.url, self.query, self.token = url, query, token
        self.last_id = last_id
        self.attempt = 0
        self.greeted = False

    def frames(self, note: Callable[[str], object]) -> Iterator[dict[str, Any]]:
        """Yield what is said; ``note`` hears how the connection is.

        Raises: RefusedError for what another try would not change.
        """
        while True:
            wait_s, trouble = FIRST_WAIT_S, ""
            try:
                wait_s = yield from self._connection(note)
            except RefusedError as refused:
                if refused.status not in PASSING:
                    raise
                trouble = str(refused)
            except (OSError, http.client.HTTPException) as error:
                trouble = f"No connection to {self.url}: {_reason(error)}."
            if trouble:
                wait_s = self._wait_s()
                note(f"{trouble} Again in {wait_s:.1f} s.")
            threading.Event().wait(wait_s)

    def _connection(self, note: Callable[[str], object]) -> Generator[dict[str, Any], None, float]:
        """Yield what one connection brings; return when to come again after an answer that ends.

        Raises: OSError where an answer ends that should have gone on.
        """
        with EventSource(self.url, self.query, last_id=self.last_id, token=self.token) as source:
            frame: dict[str, Any] = {}
            for told in source:
                self.last_id = told.id or self.last_id
                frame = told.frame
                if told.name == "welcome":
                    self._welcomed(note)
                elif told.name:
                    yield frame
            if frame.get("op") == "error":
                raise ConnectionResetError(frame["detail"])
            if source.response.chunked:
                raise ConnectionResetError("the server has gone")
            return source.retry_s

    def _welcomed(self, note: Callable[[str], object]) -> None:
        if self.attempt or not self.greeted:
            note(f"Listening to {self.url}, from {self.last_id}.")
        self.attempt, self.greeted = 0, True

    def _wait_s(self) -> float:
        """Return how long to wait, as the clients in clients/ do."""
        most: float = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(self.attempt, 16))
        self.attempt += 1
        return most / 2 + secrets.randbelow(1000) / 1000 * most / 2
