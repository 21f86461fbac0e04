"""Recompute a stretch of the sky in processes of their own: what T18 starts twice, and kills.

python -m events.tests.recomputing START END FAMILY…

It makes itself ready once and forks a process for each name on a line that it reads; all names of a
line run at once. Of each it says the process, then what the run wrote, then how it ended.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime

import django


def recompute(start: str, end: str, families: Sequence[str]) -> dict[str, int]:
    """Compute, store what differs, and return what that wrote."""
    from events.services.generation import sky_generate
    from events.windows import Span

    span = Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
    results = [result for _part, result in sky_generate(gaps=[(families, span)])]
    return {
        "created": sum(result.created for result in results),
        "updated": sum(result.updated for result in results),
    }


def say(**told: object) -> None:
    print(json.dumps(told), flush=True)  # noqa: T201


def serve(start: str, end: str, *families: str) -> None:
    """Fork for each name; the child returns from here as well, and ends as any process does."""
    for line in sys.stdin:
        runs = {}
        for name in line.split():
            pid = os.fork()
            if pid == 0:
                os.environ["PGAPPNAME"] = name
                say(run=name, **recompute(start, end, families))
                return
            runs[pid] = name
            say(run=name, pid=pid)
        for _run in runs:
            pid, status = os.wait()
            say(run=runs[pid], status=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    django.setup()
    import events.services.generation  # noqa: F401 - once, not in every child

    serve(*sys.argv[1:])
