"""Listen to a stream of Server-Sent Events from a running server, with the standard library."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, Self
from urllib.parse import urlencode, urlsplit

PATH: Final = "/api/v1/live"
ACCEPT: Final = "text/event-stream, application/problem+json"
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
