"""What tests of files of texts share: carrying texts away and bringing them back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from events.exchange.csv_files import COLUMNS, csv_pieces
from events.exchange.files import file_read
from events.exchange.po_files import po_pieces
from events.formulas import guarded
from events.models.desk import DeskJob
from events.selectors_exchange import TextsAsked, texts_exported
from events.services.imports import import_confirm, import_propose
from events.services.jobs import desk_job_step

FOREVER_S = 600.0
SPAN = (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC))
Row = dict[str, str]


def asked(language: str, **more: Any) -> TextsAsked:
    return TextsAsked(language, *SPAN, **more)


def carried(language: str, form: str = "csv", **more: Any) -> bytes:
    """Return the file that somebody carries away."""
    batches = texts_exported(asked(language, **more))
    pieces = csv_pieces(batches) if form == "csv" else po_pieces(batches, language=language)
    return "".join(pieces).encode()


def rows_of(data: bytes) -> list[Row]:
    """Return the rows of a table as a spreadsheet shows them."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def table(rows: list[Row]) -> bytes:
    """Return rows as a file again, as they stand in a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def changed(data: bytes, words: Mapping[tuple[str, str], str]) -> bytes:
    """Return a table with other texts in some cells, named by key and field."""
    rows = rows_of(data)
    for row in rows:
        text = words.get((row["key"], row["field"]))
        row["text"] = row["text"] if text is None else guarded(text)
    return table(rows)


def proposed(data: bytes, actor: User) -> DeskJob:
    return import_propose(reading=file_read(data), name="moons.csv", actor=actor)


def imported(data: bytes, actor: User, at: datetime) -> DeskJob:
    """Bring a file back and have it carried out."""
    job = import_confirm(job_id=proposed(data, actor).pk, actor=actor)
    while desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S):
        pass
    job.refresh_from_db()
    return job
