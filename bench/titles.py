"""Measure how long the words of events take: 50,000 titles, in ten languages.

Computes events of all families, renders their titles alone, and then titles and descriptions by the
function that generation calls, each into empty memos, and prints processor time. The catalogues are
loaded before, as they are in a worker (`python -m bench.languages` measures that). The last line is
JSON; the exit status is 1 above the limit. Needs no database.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.test")

import django

django.setup()

from astronomy import provider  # noqa: E402
from astronomy.occurrence import Occurrence  # noqa: E402
from events import rendering  # noqa: E402
from events.facts import Facts  # noqa: E402
from events.kinds import COMPUTED, KINDS  # noqa: E402
from starscal.core.i18n import language_active  # noqa: E402

TITLES: Final = 50_000
LIMIT_S: Final = 2.0
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2029, 1, 1, tzinfo=UTC)


def events_found(count: int) -> list[Occurrence]:
    """Return events of all families, evenly from three years."""
    found = provider.occurrences_between(start=FIRST, end=LAST, families=tuple(COMPUTED))
    if len(found) < count:
        raise SystemExit(f"Only {len(found)} events are computed; {count} are needed.")
    return [found[at * len(found) // count] for at in range(count)]


def titles_alone(occurrences: Sequence[Occurrence]) -> int:
    """Render every title in every language without the memo, and count them."""
    listed = [Facts.of(occurrence) for occurrence in occurrences]
    count = 0
    for language in rendering.ALL_LANGUAGES:
        with language_active(language):
            count += sum(bool(KINDS[facts.kind].title(facts)) for facts in listed)
    return count


def texts_whole(occurrences: Sequence[Occurrence]) -> int:
    """Render titles and descriptions as generation does, and count them."""
    rendering.memos_empty()
    rows = rendering.texts_rendered(occurrences)
    return sum(bool(text) for row in rows.values() for text in row.values())


def seconds(work: Callable[[Sequence[Occurrence]], int], listed: Sequence[Occurrence]) -> float:
    """Return the processor time of one run; it must write a text everywhere."""
    started = time.process_time()
    written = work(listed)
    spent = time.process_time() - started
    assert written >= len(listed) * len(rendering.ALL_LANGUAGES), "a text is empty"
    return spent


def main() -> int:
    """Print what was measured, and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="the best counts; noise only adds")
    options = parser.parse_args()
    listed = events_found(TITLES // len(rendering.ALL_LANGUAGES))
    texts_whole(listed[:1])  # loads the catalogues
    whole = min(seconds(texts_whole, listed) for _ in range(options.rounds))
    alone = min(seconds(titles_alone, listed) for _ in range(options.rounds))
    summary = {
        "titles": TITLES,
        "families": len({occurrence.family for occurrence in listed}),
        "kinds": len({occurrence.kind for occurrence in listed}),
        "titles_without_memo_cpu_s": round(alone, 3),
        "titles_and_descriptions_cpu_s": round(whole, 3),
        "limit_s": LIMIT_S,
        "passed": max(whole, alone) <= LIMIT_S,
    }
    print(json.dumps(summary))
    return 0 if summary["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
