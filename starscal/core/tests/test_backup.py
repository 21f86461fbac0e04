"""Backups: refused when damaged, newer or in the way; the newest kept; the journal."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.backup import journal
from starscal.core.backup.archive import archive_opened, archive_written, manifest_bytes
from starscal.core.backup.creation import backup_create, backups_kept, backups_prune
from starscal.core.backup.errors import BackupError
from starscal.core.backup.restoration import backup_restore
from starscal.core.exceptions import ApplicationError
from starscal.core.models import Stream

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def backup(transactional_db: None, tmp_path: Path) -> Path:
    Stream.objects.create(name="any")
    return backup_create(folder=tmp_path, at=NOON)[0]


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Return a copy of an archive with other members."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    copy = path.with_name("changed.backup")
    with zipfile.ZipFile(copy, "w") as new:
        for name, content in members.items():
            new.writestr(name, content)
    return copy


def other_row(members: dict[str, bytes]) -> None:
    members["tables/core_stream.copy"] = members["tables/core_stream.copy"].replace(b"any", b"Any")


def missing_table(members: dict[str, bytes]) -> None:
    del members["tables/core_stream.copy"]


def other_manifest(members: dict[str, bytes]) -> None:
    members["manifest.json"] = members["manifest.json"].replace(b'"rows": 1', b'"rows": 2')


def no_manifest(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


@pytest.mark.parametrize("damage", [other_row, missing_table, other_manifest, no_manifest])
def test_a_changed_backup_is_refused(
    backup: Path, damage: Callable[[dict[str, bytes]], None]
) -> None:
    with (
        pytest.raises(BackupError, match=r"damaged|no whole backup"),
        archive_opened(rewritten(backup, damage)),
    ):
        pass


@pytest.mark.parametrize("cut", [0, 10, -1, -500])
def test_a_cut_backup_is_refused(backup: Path, cut: int) -> None:
    backup.write_bytes(backup.read_bytes()[:cut])
    with pytest.raises(BackupError), archive_opened(backup):
        pass


def is_noticed(path: Path, content: bytes, place: int) -> bool:
    """Flip a bit of a backup's bytes and say whether it is refused; lend its manifest if not."""
    flipped = bytearray(content)
    flipped[place] ^= 0x10
    path.write_bytes(flipped)
    try:
        with archive_opened(path):
            return False
    except BackupError:
        return True


def test_any_flipped_byte_of_what_is_kept_is_noticed(backup: Path) -> None:
    """Kept without compression, every byte of a member counts."""
    plain = rewritten(backup, lambda _members: None)
    with zipfile.ZipFile(plain) as archive:
        starts = [(info, info.header_offset + len(info.FileHeader())) for info in archive.filelist]
    places = [start + byte for info, start in starts for byte in range(info.file_size)]
    content = plain.read_bytes()
    for place in places[:: len(places) // 60]:
        assert is_noticed(plain, content, place), place


def test_any_flipped_byte_is_noticed_or_without_effect(backup: Path) -> None:
    """Compression and the frame of the archive have bits that say nothing."""
    with archive_opened(backup) as (_archive, manifest):
        whole = manifest_bytes(manifest)
    content = backup.read_bytes()
    for place in range(0, len(content), len(content) // 60):
        if not is_noticed(backup, content, place):
            with archive_opened(backup) as (_archive, manifest):
                assert manifest_bytes(manifest) == whole


def test_a_backup_of_a_newer_release_is_refused(backup: Path) -> None:
    def newer(members: dict[str, bytes]) -> None:
        told = json.loads(members["manifest.json"])
        told["migrations"].append(["events", "9999_from_tomorrow"])
        members["manifest.json"] = json.dumps(told).encode()
        members["manifest.sha256"] = hashlib.sha256(members["manifest.json"]).hexdigest().encode()

    with pytest.raises(BackupError, match=r"events\.9999_from_tomorrow"):
        backup_restore(path=rewritten(backup, newer))


def test_a_database_with_rows_is_left_alone(backup: Path) -> None:
    audit_record(actor="x", action="y", object_type="z", object_id="1")
    with pytest.raises(CommandError, match="not empty: there are rows in core_auditentry"):
        call_command("restore", str(backup))
    assert Stream.objects.filter(name="any").exists()


def test_a_database_of_other_migrations_is_left_alone(backup: Path) -> None:
    with archive_opened(backup) as (_archive, manifest):
        older = replace(manifest, migrations=manifest.migrations[:-1])

    def as_older(members: dict[str, bytes]) -> None:
        members["manifest.json"] = manifest_bytes(older)
        members["manifest.sha256"] = hashlib.sha256(members["manifest.json"]).hexdigest().encode()

    with pytest.raises(BackupError, match="other migrations"):
        backup_restore(path=rewritten(backup, as_older))


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "starscal-x.backup"
    with suppress(InterruptedError), archive_written(path) as writing:
        writing.writestr("a", b"b")
        assert not path.exists()
        raise InterruptedError
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_reads_a_backup(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_backup_sees_one_snapshot_and_names_what_it_is(backup: Path) -> None:
    with archive_opened(backup) as (_archive, manifest):
        rows = {table.name: table.rows for table in manifest.tables}
    assert rows["core_stream"] == Stream.objects.count()
    assert manifest.engine
    assert manifest.applied
    assert abs(manifest.moment - clock.now()) < timedelta(minutes=1)
    assert "django_session" not in rows


def test_the_newest_are_kept_with_the_journal_they_need(settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_DIR = tmp_path
    for month in range(1, 7):
        (tmp_path / f"starscal-2026{month:02d}15T120000Z.backup").touch()
        (tmp_path / f"journal-2026-{month:02d}.jsonl").touch()
    (tmp_path / "starscal-x.1.partial").touch()
    old = NOON.timestamp()
    os.utime(tmp_path / "starscal-x.1.partial", (old, old))
    backups_prune(folder=tmp_path, keep=2, at=NOON + timedelta(days=2))
    assert [path.name[9:15] for path in backups_kept(folder=tmp_path)] == ["202606", "202605"]
    assert [path.name for path in journal.journal_files()] == [
        "journal-2026-05.jsonl",
        "journal-2026-06.jsonl",
    ]
    assert not list(tmp_path.glob("*.partial"))


def test_the_command_says_what_it_wrote(
    transactional_db: None, tmp_path: Path, capsys: Any
) -> None:
    call_command("backup", "--to", str(tmp_path), "--keep", "1")
    assert " rows of " in capsys.readouterr().out
    assert len(backups_kept(folder=tmp_path)) == 1


def test_keeping_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="At least one"):
        call_command("backup", "--to", str(tmp_path), "--keep", "0")


def test_the_trail_journals_what_must_not_come_back(
    db: None, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path / "new"
    audit_record(actor="a", action="user.delete", object_type="user", object_id="17")
    audit_record(actor="a", action="event.update", object_type="event", object_id="18")
    (entry,) = journal.journal_since(at=clock.now())
    assert (entry.kind, entry.object_id) == ("user.delete", "17")
    (path,) = journal.journal_files()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_torn_line_hides_no_other(db: None, settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_DIR = tmp_path
    journal.journal_append(kind="user.delete", object_id="1")
    with journal.journal_files()[0].open("ab") as file:
        file.write(b'{"at": "2026-')
    journal.journal_append(kind="user.delete", object_id="2")
    assert [entry.object_id for entry in journal.journal_since(at=NOON)] == ["1", "2"]


def test_without_a_journal_nothing_is_deleted(db: None, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.BACKUP_DIR = tmp_path / "file" / "folder"
    with pytest.raises(ApplicationError) as refusal:
        audit_record(actor="a", action="user.delete", object_type="user", object_id="17")
    assert refusal.value.status == 503
    assert connection.in_atomic_block  # the caller's transaction rolls back
