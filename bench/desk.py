"""Measure the desk's list of events on a large table: whole requests, every filter.

Starts servers of its own, computes some years, copies them by SQL until there are as many events as
asked for, with drafts, hidden ones and texts of people strewn in, and asks for every page as a
signed-in curator does. One JSON line is printed; the exit status is 1 if the 95th percentile of a
page misses 300 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from starscal.devservices.layout import Layout  # noqa: E402
from starscal.devservices.postgres import FAST, private_postgres  # noqa: E402
from starscal.devservices.valkey import FLEETING, private_valkey  # noqa: E402

LIMIT_MS: Final = 300.0
FRONT: Final = {"front page": "/admin/", "jobs": "/admin/events/deskjob/"}
QUEUES: Final = {
    name: f"/admin/events/event/desk/{name}/" for name in ("review", "stale", "waiting")
}


def servers(stack: ExitStack) -> None:
    """Start PostgreSQL and Valkey in a folder that goes with them."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="starscal-desk-"))
    layout = Layout(state=Path(folder))
    layout.prepare()
    log = stack.enter_context((layout.logs / "servers.log").open("wb"))
    postgres = private_postgres(layout, options=FAST)
    stack.callback(postgres.abandon, postgres.start(log=log))
    valkey = private_valkey(layout, options=FLEETING)
    stack.callback(valkey.stop, valkey.start(log=log))
    os.environ.update(
        DATABASE_URL=postgres.url, REDIS_URL=valkey.url, STARSCAL_STATE_DIR=folder,
        DJANGO_SETTINGS_MODULE="starscal.settings.test", DB_STATEMENT_TIMEOUT_MS="0",
    )  # fmt: skip


def measured(client: Any, address: str, rounds: int) -> dict[str, float]:
    """Return the percentiles of a page in milliseconds, and the processor time of this process."""
    times, began = [], 0.0
    for number in range(rounds + 1):
        if number == 1:  # the first fills caches and compiles templates
            began = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        start = time.perf_counter()
        answer = client.get(address)
        times.append(1000.0 * (time.perf_counter() - start))
        assert answer.status_code == 200, (address, answer.status_code)
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime - began
    return {
        "p50_ms": round(statistics.median(times[1:]), 1),
        "p95_ms": round(statistics.quantiles(times[1:], n=20)[18], 1),
        "python_ms": round(1000.0 * spent / rounds, 1),
    }


def main() -> None:
    """Fill a database, ask for every page, print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=600_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with ExitStack() as stack:
        servers(stack)
        import django  # noqa: PLC0415 - the servers' addresses come first

        django.setup()
        from bench.desk_world import curator_signed_in, pages, world_fill  # noqa: PLC0415

        count = world_fill(options.events)
        client = curator_signed_in()
        listed = {**pages(), **QUEUES, **FRONT}
        rows = {n: measured(client, address, options.rounds) for n, address in listed.items()}
        django.db.connections.close_all()
    missed = [name for name, row in rows.items() if row["p95_ms"] > LIMIT_MS]
    slowest = max(row["p95_ms"] for row in rows.values())
    print(json.dumps({"events": count, "slowest_p95_ms": slowest, "missed": missed, "pages": rows}))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
