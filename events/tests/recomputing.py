"""Recompute a stretch of the sky in a process of its own: what T18 starts twice, and kills.

python -m events.tests.recomputing START END FAMILY…
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

import django


def recompute(start: str, end: str, families: list[str]) -> dict[str, int]:
    """Compute, store what differs, and return what that wrote."""
    from events.services.generation import sky_generate
    from events.windows import Span

    span = Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
    results = [result for _part, result in sky_generate(gaps=[(families, span)])]
    return {
        "created": sum(result.created for result in results),
        "updated": sum(result.updated for result in results),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(recompute(sys.argv[1], sys.argv[2], sys.argv[3:])))  # noqa: T201
