"""Measure every read of the events' table in the database: percentiles and plan nodes.

Asks the database that `manage.py compute --from 1900 --to 2100` filled, at random moments of these
years. What is counted is what PostgreSQL itself says of planning and execution. One JSON line a
read is printed, slowest last; the exit status is 1 if one misses 10 ms at the 95th percentile or
scans the whole table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from starscal.devservices.environment import servers_for  # noqa: E402

servers_for(["manage.py", "bench-queries"])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")

import django  # noqa: E402

django.setup()

from events.models import Event  # noqa: E402
from events.tests.list_queries import READS, Read, plans  # noqa: E402

LIMIT_MS: Final = 10.0
FIRST: Final = datetime(1900, 2, 1, tzinfo=UTC)
DAYS: Final = 199 * 365


def measured(name: str, read: Read, moments: list[datetime]) -> dict[str, Any]:
    """Return a row of the table; the moments are the same for every read."""
    read(moments[0])
    found = [plan for at in moments for plan in plans(read, at)]
    times = sorted(plan.milliseconds for plan in found)
    cuts = statistics.quantiles(times, n=20)
    return {
        "read": name,
        "p50_ms": round(cuts[9], 2),
        "p95_ms": round(cuts[18], 2),
        "max_ms": round(times[-1], 2),
        "nodes": sorted({node for plan in found for node in plan.nodes}),
        "scans_table": any("events_event" in plan.tables_scanned for plan in found),
    }


def main() -> None:
    """Print one JSON line a read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="moments at which to read")
    options = parser.parse_args()
    dice = random.Random(7)  # noqa: S311 - the same moments in every run
    moments = [FIRST + timedelta(days=dice.uniform(0, DAYS)) for _ in range(options.rounds)]
    rows = [measured(name, read, moments) for name, read in READS.items()]
    for row in sorted(rows, key=lambda row: float(row["p95_ms"])):
        print(json.dumps(row), flush=True)
    missed = [row["read"] for row in rows if row["p95_ms"] >= LIMIT_MS or row["scans_table"]]
    print(json.dumps({"events": Event.objects.count(), "missed": missed}))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
