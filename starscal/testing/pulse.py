"""Feel the pulse of a server from a process of its own, so that no load of the test slows it.

python -m starscal.testing.pulse http://127.0.0.1:8000/livez

Asks every 50 ms until its input ends, then prints how long each answer took, in seconds, as JSON.
"""

from __future__ import annotations

import http.client
import json
import select
import subprocess
import sys
import time
from typing import Final, Self
from urllib.parse import urlsplit

from starscal.devservices.layout import CHECKOUT

EVERY_S: Final = 0.05
LEAST_ASKED: Final = 100  # so that a percentile is one
TIMEOUT_S: Final = 30


class Pulse:
    """A process that asks for the health of a server while the block runs."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.waits_s: list[float] = []

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "starscal.testing.pulse", self.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=CHECKOUT,
        )
        if self.process.stdout is None or self.process.stdout.readline() != b"ready\n":
            raise RuntimeError("The process that feels the pulse did not start.")
        return self

    def __exit__(self, *_error: object) -> None:
        told, _nothing = self.process.communicate(timeout=120)
        self.waits_s = json.loads(told)

    @property
    def p99_ms(self) -> float:
        """Return what 99 of 100 answers stay below."""
        waits = sorted(self.waits_s)
        return round(waits[int(len(waits) * 0.99)] * 1000, 1)


def felt(url: str) -> list[float]:
    """Ask until standard input ends, and often enough for a percentile."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=TIMEOUT_S)
    waits: list[float] = []
    ended = False
    while not ended or len(waits) < LEAST_ASKED:
        waits.append(asked(line, parts.path))
        ended = ended or bool(select.select([sys.stdin], [], [], EVERY_S)[0])
    return waits


def asked(line: http.client.HTTPConnection, path: str) -> float:
    """Return how long an answer took; one that is not well ends the process."""
    started = time.monotonic()
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return time.monotonic() - started


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdout.write(json.dumps(felt(sys.argv[1])))
