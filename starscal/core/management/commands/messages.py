"""Keep the message catalogues: compile, check, count and extract, without GNU gettext."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from starscal.core.catalogues import catalogues_compile
from starscal.core.catalogues.checking import (
    Defect,
    Tally,
    catalogues_check,
    catalogues_extract,
    catalogues_tallies,
    defects_counted,
    glossary_uses,
)
from starscal.core.catalogues.glossary_page import glossary_page_write


class Command(BaseCommand):
    help = "Keep the message catalogues of all languages; needs no database and no Redis."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        build = actions.add_parser("compile", help="build .mo files where they are stale")
        build.add_argument("--force", action="store_true", help="build all of them")
        actions.add_parser("check", help="list defects; ends with 1 if there are any")
        actions.add_parser("stats", help="count what is translated")
        actions.add_parser("extract", help="bring the catalogues to the texts of the code")
        terms = actions.add_parser("glossary", help="count terms and deviations by language")
        terms.add_argument("--write", action="store_true", help="write docs/glossary.md")

    def handle(self, *_args: Any, action: str, **options: Any) -> None:
        if action == "compile":
            written = catalogues_compile(force=options["force"])
            self.stdout.write(f"{written} catalogues compiled.")
        elif action == "check":
            self.check_catalogues()
        elif action == "stats":
            self.list_tallies(catalogues_tallies())
        elif action == "glossary":
            self.report_glossary(write=options["write"])
        else:
            self.list_tallies(catalogues_extract())

    def check_catalogues(self) -> None:
        defects = catalogues_check()
        for defect in defects:
            self.stdout.write(str(defect))
        self.stdout.write(summary(defects, catalogues_tallies()))
        if defects:
            raise CommandError(f"{len(defects)} defects.")

    def report_glossary(self, *, write: bool) -> None:
        if write:
            changed = glossary_page_write()
            self.stdout.write(f"docs/glossary.md {'written' if changed else 'is up to date'}.")
            return
        for use in glossary_uses():
            self.stdout.write(
                f"{use.language.code:8} {use.texts:5} texts {use.terms:5} terms "
                f"{len(use.deviations):4} deviations"
            )
            for deviation in use.deviations:
                self.stdout.write(f"  {deviation}")

    def list_tallies(self, tallies: list[Tally]) -> None:
        for tally in tallies:
            share = tally.translated / tally.total if tally.total else 1.0
            self.stdout.write(
                f"{tally.language.code:8} {tally.translated:5} of {tally.total:5} {share:7.1%}"
            )


def summary(defects: list[Defect], tallies: list[Tally]) -> str:
    """Return one line that says how the catalogues stand."""
    counts = defects_counted(defects)
    lacking = {defect.language.code for defect in defects if defect.kind in {"drift", "incomplete"}}
    complete = sum(tally.complete and tally.language.code not in lacking for tally in tallies)
    shown = {
        "fuzzy": "fuzzy",
        "drift": "drifted",
        "placeholders_kept": "placeholder defects",
        "plural": "plural defects",
        "glossary": "glossary deviations",
    }
    parts = [f"{counts.get(kind, 0)} {label}" for kind, label in shown.items()]
    rest = sum(count for kind, count in counts.items() if kind not in shown)
    listed = ", ".join([*parts, f"{rest} other defects"])
    return f"{complete} of {len(tallies)} complete, {listed}."
