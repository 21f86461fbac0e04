"""Store more of the sky."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events.kinds import COMPUTED
from events.progress import Progress
from events.selectors import spans_missing
from events.services.bulk import events_tidy
from events.services.generation import sky_generate
from events.services.window import SPAN_END_YEAR, SPAN_FIRST_YEAR
from events.windows import Span
from starscal.core import clock
from starscal.core.health_checks import migrations_missing


class Command(BaseCommand):
    help = "Compute the events of some years, or of the next months, and store them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=int, metavar="YEAR")
        parser.add_argument("--to", dest="last", type=int, metavar="YEAR", help="inclusive")
        parser.add_argument("--months", type=int, help="this many months from this one on")
        parser.add_argument(
            "--again", action="store_true", help="also what is stored already, to compare"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if migrations_missing():
            raise CommandError("The database lacks migrations: run `manage.py migrate` first.")
        span = _span(options["first"], options["last"], options["months"], clock.now())
        families = tuple(COMPUTED)
        gaps = (
            [(families, span)] if options["again"] else spans_missing(span=span, families=families)
        )
        whole = sum((gap.end - gap.start for _families, gap in gaps), timedelta())
        progress = Progress(self.stderr, whole=whole)
        created = updated = 0
        for part, result in sky_generate(gaps=gaps):
            created += result.created
            updated += result.updated
            progress.show(part, events=result.seen)
        if created or updated:
            events_tidy()
        self.stdout.write(f"{created} events new, {updated} changed.")


def _span(first: int | None, last: int | None, months: int | None, at: datetime) -> Span:
    if months is not None:
        if first or last:
            raise CommandError("Give either --months or --from and --to.")
        return _months_ahead(at, months)
    if first is None or last is None:
        raise CommandError("Give --from YEAR and --to YEAR, or --months N.")
    if not SPAN_FIRST_YEAR <= first <= last < SPAN_END_YEAR:
        raise CommandError(
            f"Years go from {SPAN_FIRST_YEAR} to {SPAN_END_YEAR - 1}, and --from is not after --to."
        )
    return Span(datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC))


def _months_ahead(at: datetime, months: int) -> Span:
    if not 1 <= months <= 2412:
        raise CommandError("--months takes 1 to 2412.")
    start = datetime(at.year, at.month, 1, tzinfo=UTC)
    year, month = divmod(start.month - 1 + months, 12)
    end = datetime(start.year + year, month + 1, 1, tzinfo=UTC)
    return Span(start, min(end, datetime(SPAN_END_YEAR, 1, 1, tzinfo=UTC)))
