"""Put a backup into an empty database, without what was ended since."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.functions import RandomUUID
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from starscal.core.audit import audit_record
from starscal.core.backup.archive import Manifest, TableRecord, archive_opened, member_read
from starscal.core.backup.creation import table_record
from starscal.core.backup.errors import BackupError
from starscal.core.backup.journal import journal_obeyed, journal_since
from starscal.core.backup.tables import (
    LEFT_OUT,
    Table,
    rows_delete,
    rows_in,
    sequences_advance,
    session_settled,
    tables_found,
    tables_with_rows,
)
from starscal.core.models import Stream

# What migrations themselves, and processes that only wait for work, put into a new database.
FILLED_BY_MIGRATIONS: Final = frozenset(
    {
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "core_stream",
        "django_content_type",
    }
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore: rows put back, lines of the journal, rows each app ended again."""

    manifest: Manifest
    journal: int
    ended: dict[str, int]


def backup_restore(*, path: Path) -> Restored:
    """Put a backup into the empty database that the settings name.

    Changes: every table; each Stream gets a new epoch, so that clients load a snapshot; sessions
    end; what the journal says was ended since is ended again. One transaction, checked against
    the manifest row by row before it commits; then the migrations that came after the backup.
    Raises: BackupError for a damaged file, migrations that this release does not know, or a
    database that is not empty; nothing has changed then.
    """
    with archive_opened(path) as (archive, manifest):
        _require_known(manifest)
        _schema_prepared(manifest)
        with transaction.atomic():
            session_settled()
            _tables_loaded(archive, manifest)
            restored = _aftermath(manifest)
    ContentType.objects.clear_cache()
    call_command("migrate", interactive=False, verbosity=0)
    return restored


def _require_known(manifest: Manifest) -> None:
    ours = set(MigrationLoader(None).disk_migrations)
    newer = sorted(manifest.applied - ours)
    if newer:
        names = ", ".join(f"{app}.{name}" for app, name in newer)
        raise BackupError(f"The backup is of a newer release; this one does not know {names}.")


def _schema_prepared(manifest: Manifest) -> None:
    """Bring a database without tables to the backup's migrations; require that others have them."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    if not applied and not tables_found():
        MigrationExecutor(connection).migrate(_last_of_each_app(manifest))
        return
    if applied != manifest.applied:
        raise BackupError(
            "The database has other migrations than the backup: give one without tables."
        )
    names = [table.name for table in tables_found() if table.name not in FILLED_BY_MIGRATIONS]
    filled = tables_with_rows(names)
    if filled:
        raise BackupError(f"The database is not empty: there are rows in {', '.join(filled)}.")


def _last_of_each_app(manifest: Manifest) -> list[tuple[str, str]]:
    """Return those of the backup's migrations on which no other of the same app builds."""
    graph = MigrationLoader(None).graph
    return sorted(
        key
        for key in manifest.applied
        if not any(
            child.key in manifest.applied and child.key[0] == key[0]
            for child in graph.node_map[key].children
        )
    )


def _tables_loaded(archive: ZipFile, manifest: Manifest) -> None:
    tables = {table.name: table for table in tables_found()}
    if set(tables) != {record.name for record in manifest.tables}:
        raise BackupError("The tables of the backup are not those of its migrations.")
    rows_delete(tables_with_rows([*tables, *LEFT_OUT - {"django_migrations"}]))
    for record in manifest.tables:
        _table_loaded(archive, tables[record.name], record)
    sequences_advance()


def _table_loaded(archive: ZipFile, table: Table, record: TableRecord) -> None:
    ordered = Table(table.name, record.columns, table.key)
    rows_in(ordered, partial(member_read, archive, record.name))
    if table_record(ordered) != record:
        raise BackupError(f"{record.name} does not read back as it was; nothing was restored.")


def streams_begin_anew() -> None:
    """Give every stream another epoch, so that cursors of the time before load a snapshot."""
    Stream.objects.update(epoch=RandomUUID())


def _aftermath(manifest: Manifest) -> Restored:
    streams_begin_anew()
    entries = journal_since(at=manifest.moment)
    ended = journal_obeyed(entries)
    audit_record(
        actor="restore",
        action="database.restore",
        object_type="database",
        object_id=manifest.taken_at,
        changes={"rows": manifest.rows, "ended": ended},
    )
    return Restored(manifest, len(entries), ended)
