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
        LOG_LEVEL="WARNING",
    )  # fmt: skip


def spent_s(backend: int) -> float:
    """Return the processor time of this process and of the database's one that serves it."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def measured(client: Any, address: str, rounds: int, backend: int) -> dict[str, float]:
    """Return the percentiles of a page in milliseconds, and the processor time it took."""
    times, began = [], 0.0
    for number in range(rounds + 1):
        if number == 1:  # the first fills caches and compiles templates
            began = spent_s(backend)
        start = time.perf_counter()
        answer = client.get(address)
        times.append(1000.0 * (time.perf_counter() - start))
        assert answer.status_code == 200, (address, answer.status_code)
    spent = spent_s(backend) - began
    return {
        "p50_ms": round(statistics.median(times[1:]), 1),
        "p95_ms": round(statistics.quantiles(times[1:], n=20)[18], 1),
        "cpu_ms": round(1000.0 * spent / rounds, 1),
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
        from bench.desk_world import (  # noqa: PLC0415
            backend_pid,
            curator_signed_in,
            pages,
            world_fill,
        )
        from starscal.core.garbage import loaded_put_by  # noqa: PLC0415

        count = world_fill(options.events)
        client = curator_signed_in()
        loaded_put_by()  # as servers do before they serve
        listed = {**pages(), **QUEUES, **FRONT}
        backend = backend_pid()
        rows = {
            name: measured(client, address, options.rounds, backend)
            for name, address in listed.items()
        }
        django.db.connections.close_all()
    missed = [name for name, row in rows.items() if row["p95_ms"] > LIMIT_MS]
    most = {
        f"most_{unit}": max(row[unit] for row in rows.values()) for unit in ("p95_ms", "cpu_ms")
    }
    print(json.dumps({"events": count, **most, "missed": missed, "pages": rows}))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
