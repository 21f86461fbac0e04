"""Measure the list of the API: kept as bytes, made from values, made from instances.

    python -m bench.list_api                       # in one process: CPU time a request, ratios
    python -m bench.list_api --url http://127.0.0.1:8000 --rate 80 --seconds 20   # a running role

The first form starts private servers for itself and computes half a year if there is less; the
ways take turns, and the best of the rounds counts. The second asks a running web server in an
open loop: requests start by the clock, whatever became of those before, and a latency is counted
from the moment at which its request was due. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from starscal.devservices.environment import servers_for

LANGUAGES: Final = ("en", "de", "ru", "ja", "hi")
CONNECTIONS: Final = 64
TIMEOUT_S: Final = 10.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def kept_paths() -> list[str]:
    """Return a few addresses that are asked for again and again."""
    return [f"/api/v1/events?lang={language}&limit=50" for language in LANGUAGES]


def fresh_paths(rate: float, seconds: float) -> list[str]:
    """Return addresses that nobody asked for before: no list of them is kept."""
    count = int(rate * seconds) + 1
    salt = time.time_ns() // 1_000_000 % 86_400_000
    return [
        f"/api/v1/events?lang={LANGUAGES[n % len(LANGUAGES)]}&limit=50"
        f"&start=2026-11-{n % 28 + 1:02}T{salt // 3_600_000:02}:{n % 60:02}:{salt // 1000 % 60:02}"
        f".{n % 1000:03}{salt % 1000:03}Z"
        for n in range(count)
    ]


def http_load(
    base_url: str, rate: float, seconds: float, paths: Iterable[str] | None = None
) -> dict[str, Any]:
    """Ask ``base_url`` in an open loop; return p50, p95, p99 in milliseconds and the statuses.

    ``paths`` are asked for in turn; by default a few lists that can be kept.
    """
    return asyncio.run(_load(base_url.rstrip("/"), rate, seconds, paths or kept_paths()))


async def _load(base_url: str, rate: float, seconds: float, paths: Iterable[str]) -> dict[str, Any]:
    import httpx  # noqa: PLC0415 - the other form does without

    statuses: Counter[int] = Counter()
    waits_s: list[float] = []

    async def one(due: float, path: str) -> None:
        try:
            answer = await client.get(base_url + path)
            statuses[answer.status_code] += 1
        except httpx.HTTPError:
            statuses[0] += 1
        waits_s.append(time.perf_counter() - due)

    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(timeout=TIMEOUT_S, limits=limits) as client:
        began = time.perf_counter()
        tasks = []
        for number, path in zip(range(int(rate * seconds)), cycle(paths), strict=False):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(one(due, path)))
        await asyncio.gather(*tasks)
    shares = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
    figures = {name: round(percentile(waits_s, share) * 1000, 1) for name, share in shares.items()}
    return {**figures, "requests": len(waits_s), "statuses": dict(statuses)}


def cpu_ms(work: Callable[[], object], times: int) -> float:
    """Return the CPU time of this process for one piece of work."""
    started = time.process_time()
    for _time in range(times):
        work()
    return (time.process_time() - started) / times * 1000


class Paths:
    """The three ways to answer one request, through all middleware."""

    def __init__(self, address: str) -> None:
        from django.test import Client  # noqa: PLC0415 - after the settings are there

        self.client = Client(headers={"accept-encoding": "gzip"})
        self.address = address

    def ask(self) -> int:
        answer = self.client.get(self.address, HTTP_HOST="localhost")
        if answer.status_code != 200:
            raise SystemExit(f"{self.address}: {answer.status_code}")
        return len(answer.content)

    def kept(self) -> int:
        return self.ask()

    def made(self) -> int:
        from events.api.kept_lists import KEPT  # noqa: PLC0415

        KEPT.clear()
        return self.ask()

    def instances(self) -> int:
        """Answer as before: every row an instance of the model."""
        from events import pages  # noqa: PLC0415

        usual = pages.rows_stored
        pages.rows_stored = _instances
        try:
            return self.made()
        finally:
            pages.rows_stored = usual


def _instances(request: Any) -> list[Any]:
    from django.conf import settings  # noqa: PLC0415

    from events.models import TRANSLATED_FIELDS  # noqa: PLC0415
    from events.overridden import SET, SIDES  # noqa: PLC0415
    from events.pages import rows_wanted  # noqa: PLC0415
    from events.stored_rows import COLUMNS  # noqa: PLC0415
    from starscal.core.i18n import column  # noqa: PLC0415

    languages = dict.fromkeys((request.language, settings.LANGUAGE_CODE))
    words = [column(field, code) for field in TRANSLATED_FIELDS for code in languages]
    query = rows_wanted(request, request.part)
    return list(query.only(*COLUMNS[:-2], *SET, *SIDES, "astronomical_data", *words))


def in_process(rounds: int, times: int) -> dict[str, Any]:
    """Measure the three ways in turns; the best round of each counts."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ["RATE_LIMITS"] = "api-anonymous=1000000/60"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("compute", "--months", "6", verbosity=0)
    found: dict[str, Any] = {}
    for limit in (50, 200):
        paths = Paths(f"/api/v1/events?lang=de&limit={limit}")
        ways = {"kept": paths.kept, "made": paths.made, "instances": paths.instances}
        best = dict.fromkeys(ways, float("inf"))
        for _round in range(rounds):
            for name, way in ways.items():
                way()
                best[name] = min(best[name], cpu_ms(way, times))
        sys.stdout.write(
            f"{limit:4} events: kept {best['kept']:6.2f} ms, made {best['made']:6.2f} ms, "
            f"from instances {best['instances']:6.2f} ms of CPU a request\n"
        )
        found |= {f"{name}_{limit}_cpu_ms": round(ms, 2) for name, ms in best.items()}
        found[f"kept_{limit}_vs_made"] = round(best["kept"] / best["made"], 3)
        found[f"made_{limit}_vs_instances"] = round(best["made"] / best["instances"], 3)
    return found


def main(argv: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.list_api")
    parser.add_argument("--url")
    parser.add_argument("--rate", type=float, default=80.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--fresh", action="store_true", help="ask for lists that are not kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, default=40)
    asked = parser.parse_args(argv)
    if asked.url:
        paths = fresh_paths(asked.rate, asked.seconds) if asked.fresh else None
        found = http_load(asked.url, asked.rate, asked.seconds, paths)
    else:
        servers_for([Path(__file__).name, "bench"])
        found = in_process(asked.rounds, asked.times)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
