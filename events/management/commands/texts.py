"""Carry texts of events away and bring them back: `manage.py texts export|import`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.usernames import username_fold
from events.exchange.csv_files import csv_pieces
from events.exchange.files import MOST_BYTES, file_read
from events.exchange.po_files import po_pieces
from events.kinds import COMPUTED_KINDS, EVENT_FAMILIES
from events.models.desk import DeskJob
from events.selectors_exchange import STATES, TextsAsked, texts_exported
from events.services.imports import import_confirm, import_propose
from events.services.jobs import BUDGET_S, desk_job_step
from starscal.core import clock
from starscal.core.exceptions import ApplicationError
from starscal.core.i18n import LOCALES, language_normalize

FORMATS: Final = ("csv", "po")
PAUSE_S: Final = 0.1


class Command(BaseCommand):
    help = "Write texts of events into a CSV or PO file, or take them back from one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        _export_arguments(ways.add_parser("export", help="write a file"))
        bring = ways.add_parser("import", help="take a file back, as somebody with the rights")
        bring.add_argument("file", help="- reads the standard input")
        bring.add_argument("--actor", required=True, metavar="USERNAME")
        bring.add_argument("--dry-run", action="store_true", help="say what would change")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["way"] == "export":
                self._export(options)
            else:
                self._import(options)
        except ApplicationError as refusal:
            raise CommandError(str(refusal.message)) from None

    def _export(self, options: dict[str, Any]) -> None:
        asked = _asked(options)
        batches = texts_exported(asked)
        if options["format"] == "po":
            pieces: Iterable[str] = po_pieces(batches, language=asked.language)
        else:
            pieces = csv_pieces(batches)
        if options["out"] is None:
            for piece in pieces:
                sys.stdout.buffer.write(piece.encode())
            return
        with options["out"].open("wb") as file:
            file.writelines(piece.encode() for piece in pieces)

    def _import(self, options: dict[str, Any]) -> None:
        actor = User.objects.filter(username_folded=username_fold(options["actor"])).first()
        if actor is None or not actor.is_active:
            raise CommandError("There is no active account of this name.")
        name = options["file"]
        reading = file_read(_read(name))
        job = import_propose(reading=reading, name=Path(name).name, actor=actor)
        self._told(job)
        if options["dry_run"] or not job.asked["texts"]:
            return
        job = import_confirm(job_id=job.pk, actor=actor)
        while job.is_open:
            if not desk_job_step(job_id=job.pk, at=clock.now(), budget_s=BUDGET_S):
                Event().wait(PAUSE_S)  # a worker has it in hand, or it has ended
            job.refresh_from_db()
        self.stdout.write(
            f"{job.done} events written, {job.skipped} unchanged, {job.refused} refused."
        )
        self._refusals(job.refusals)

    def _told(self, job: DeskJob) -> None:
        for line, place, reason in job.asked["refusals"]:
            self.stderr.write(f"{line}: {place}: {reason}")
        told = ("texts", "unchanged", "empty", "fuzzy", "refused")
        counts = ", ".join(f"{name} {job.asked[name]}" for name in told)
        self.stdout.write(f"To change: {counts}.")

    def _refusals(self, refusals: dict[str, int]) -> None:
        for sentence, count in refusals.items():
            self.stderr.write(f"{count}: {sentence}")


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error.strerror}.") from None


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--language", required=True, type=_language, metavar="LANGUAGE")
    parser.add_argument("--format", choices=FORMATS, default="csv")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY",
                        help="inclusive; a year from now if none is given")  # fmt: skip
    parser.add_argument("--kind", action="append", choices=sorted(COMPUTED_KINDS), default=[],
                        metavar="KIND", help="several times for several")  # fmt: skip
    parser.add_argument("--family", choices=sorted(EVENT_FAMILIES), default="", metavar="FAMILY")
    parser.add_argument("--state", choices=STATES, default="all")
    parser.add_argument("--out", type=Path, metavar="FILE", help="instead of the standard output")


def _language(tag: str) -> str:
    code = language_normalize(tag)
    if code is None:
        raise CommandError(f"--language takes one of: {', '.join(LOCALES)}.")
    return code


def _asked(options: dict[str, Any]) -> TextsAsked:
    first = options["first"] or clock.now().date()
    last = options["last"] or first + timedelta(days=365)
    if not date.min < first <= last < date.max:
        raise CommandError("--from is not after --to.")
    return TextsAsked(
        language=options["language"],
        start=datetime(first.year, first.month, first.day, tzinfo=UTC),
        end=datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1),
        kinds=tuple(options["kind"]),
        family=options["family"],
        state=options["state"],
    )
