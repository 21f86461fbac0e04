"""Hold what is computed against the published tables."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from astronomy import provider
from astronomy.verification import FAMILIES, Check, Material, Result, checks_of, verify
from astronomy.verification.report import Made, page, summary, text_table
from starscal.core import clock

BAR_WIDTH = 32


class Command(BaseCommand):
    help = "Compute anew and compare with every reference table; ends with 1 if a gate fails."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--family", action="append", choices=FAMILIES, help="may be given several times"
        )
        parser.add_argument("--json", action="store_true", help="print a JSON object")
        parser.add_argument(
            "--write-docs", action="store_true", help="write docs/verification.md, of all families"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["write_docs"] and options["family"]:
            raise CommandError("--write-docs takes all families.")
        path = settings.BASE_DIR / "docs" / "verification.md"
        if options["write_docs"] and not path.parent.is_dir():
            raise CommandError(f"There is no folder {path.parent} to write to.")
        with provider.locked_sky() as sky:
            results = self._results(Material(sky), options["family"] or ())
            made = Made(clock.now().date(), sky.ephemeris.name, sky.ephemeris.versions)
        if options["write_docs"]:
            path.write_text(page(results, made), encoding="utf-8")
            self.stderr.write(f"Wrote docs/{path.name}.")
        if options["json"]:
            told = {**made.to_json(), "results": [result.to_json() for result in results]}
            self.stdout.write(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=2))
        else:
            self.stdout.write(text_table(results))
        if not all(result.passed for result in results):
            raise CommandError(summary(results))

    def _results(self, material: Material, families: Any) -> list[Result]:
        checks, results = checks_of(families), []
        for done, result in enumerate(verify(material, families), 1):
            results.append(result)
            self._progress(done, len(checks), result.check)
        return results

    def _progress(self, done: int, of: int, check: Check) -> None:
        if sys.stderr.isatty():
            filled = BAR_WIDTH * done // of
            bar = "#" * filled + "-" * (BAR_WIDTH - filled)
            line = f"\r[{bar}] {done} of {of} {check.code:60.60}"
            self.stderr.write(line, ending="\n" if done == of else "")
