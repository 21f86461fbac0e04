"""Make a backup, and keep the newest ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from starscal.core.backup.archive import (
    Manifest,
    TableRecord,
    Tally,
    archive_written,
    manifest_written,
    member,
)
from starscal.core.backup.engine import engine_name
from starscal.core.backup.errors import BackupError
from starscal.core.backup.journal import journal_prune
from starscal.core.backup.tables import Table, rows_out, session_settled, tables_found

PREFIX: Final = "starscal-"
SUFFIX: Final = ".backup"
STAMP: Final = "%Y%m%dT%H%M%SZ"
ABANDONED: Final = timedelta(days=1)  # a file that is half written for so long
SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def backup_create(*, folder: Path, at: datetime) -> tuple[Path, Manifest]:
    """Write everything that one snapshot of the database sees, and return where.

    Changes nothing in the database, and waits for nobody: one transaction, read only. The file
    appears under its name when it is whole. Raises: BackupError if one of this second is there.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{PREFIX}{at.astimezone(UTC):{STAMP}}{SUFFIX}"
    if path.exists():
        raise BackupError(f"{path} is there already.")
    with archive_written(path) as archive, transaction.atomic():
        manifest = _archived(archive)
    return path, manifest


def _archived(archive: ZipFile) -> Manifest:
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        cursor.execute("SELECT now(), current_setting('server_version')")
        taken_at, postgres = cursor.fetchone()
    session_settled()
    manifest = Manifest(
        taken_at=taken_at.isoformat(),
        release=settings.RELEASE,
        engine=engine_name(),
        postgres=postgres,
        migrations=sorted(map(list, MigrationRecorder(connection).applied_migrations())),
        tables=[_table_archived(archive, table) for table in tables_found()],
    )
    manifest_written(archive, manifest)
    return manifest


def _table_archived(archive: ZipFile, table: Table) -> TableRecord:
    tally = Tally()
    with archive.open(member(table.name), "w", force_zip64=True) as rows:

        def take(piece: bytes | memoryview) -> None:
            tally.add(piece)
            rows.write(piece)

        rows_out(table, take)
    return TableRecord(table.name, list(table.columns), tally.rows, tally.hexdigest)


def table_record(table: Table) -> TableRecord:
    """Return what a backup would say of a table now."""
    tally = Tally()
    rows_out(table, tally.add)
    return TableRecord(table.name, list(table.columns), tally.rows, tally.hexdigest)


def backups_kept(*, folder: Path) -> list[Path]:
    """Return the backups of a folder, newest first."""
    return sorted(folder.glob(f"{PREFIX}*{SUFFIX}"), reverse=True)


def backups_prune(*, folder: Path, keep: int, at: datetime) -> list[Path]:
    """Remove all but the newest ``keep`` backups, and files that were never finished.

    Months of the journal that none of the kept needs go with them.
    """
    kept, old = backups_kept(folder=folder)[:keep], backups_kept(folder=folder)[keep:]
    for path in (*old, *_abandoned(folder, at)):
        path.unlink(missing_ok=True)
    if kept:
        journal_prune(oldest=_moment(kept[-1]))
    return old


def _abandoned(folder: Path, at: datetime) -> list[Path]:
    before = (at - ABANDONED).timestamp()
    return [path for path in folder.glob("*.partial") if path.stat().st_mtime < before]


def _moment(path: Path) -> datetime:
    stamp = path.name.removeprefix(PREFIX).removesuffix(SUFFIX)
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
