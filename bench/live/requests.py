"""Requests to the API by the clock, whatever became of those before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from starscal.devservices.waiting import pause

PER_S: Final = 80
CLIENTS: Final = 16  # of an address each: the service counts requests by address
TIMEOUT_S: Final = 10.0
ALIKE: Final = "/api/v1/events?limit=50&lang=en"
OF_ITS_OWN: Final = "/api/v1/events?limit=50&lang=en&start=2026-12-01T{:02}:{:02}:{:02}Z"


class Answers(NamedTuple):
    """How long answers took from the moment when they were due, and how many were none."""

    milliseconds: list[float]
    failed: int

    @property
    def p95_ms(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[int(len(ordered) * 0.95)] if ordered else float("inf")


def paths(count: int, *, alike: bool) -> list[str]:
    """Return what to ask for: the same each time, or each time what nobody asked for before."""
    if alike:
        return [ALIKE] * count
    moments = ((place // 3600 % 24, place // 60 % 60, place % 60) for place in range(count))
    return [OF_ITS_OWN.format(*moment) for moment in moments]


@contextmanager
def asking(url: str, wanted: list[str]) -> Iterator[list[Answers]]:
    """Ask meanwhile; the list is filled at the end."""
    found: list[Answers] = []
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        shares = [
            pool.submit(_asked, url, number, wanted[number::CLIENTS], began)
            for number in range(CLIENTS)
        ]
        yield found
        parts = [share.result() for share in shares]
    times = [time_ms for part in parts for time_ms in part.milliseconds]
    found.append(Answers(times, sum(part.failed for part in parts)))


def _asked(url: str, number: int, wanted: list[str], began: float) -> Answers:
    """Be one client: every so many requests are its own."""
    parts = urlsplit(url)
    address = (f"127.9.0.{number + 1}", 0)
    line = HTTPConnection(
        parts.hostname or "", parts.port, timeout=TIMEOUT_S, source_address=address
    )
    times, failed = [], 0
    for place, path in enumerate(wanted):
        due = began + (place * CLIENTS + number) / PER_S
        pause(max(0.0, due - time.monotonic()))
        if _is_answered(line, path):
            times.append((time.monotonic() - due) * 1000)
        else:
            failed += 1
    line.close()
    return Answers(times, failed)


def _is_answered(line: HTTPConnection, path: str) -> bool:
    try:
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
    except (OSError, HTTPException):
        line.close()
        return False
    return answer.status == 200
