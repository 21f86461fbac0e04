"""The file of a backup: a zip of one member a table, and a manifest that vouches for them."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from starscal.core.backup.errors import BackupError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
PIECE: Final = 1 << 20
QUICK_COMPRESSION: Final = 3
# All that zipfile and json raise over bytes that are not theirs.
DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError,
    KeyError, TypeError, ValueError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableRecord:
    """What is known of a table's rows: how many, and the hash of their text in order of the key."""

    name: str
    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds and where it was made; ``taken_at`` is the database's own time."""

    taken_at: str
    release: str
    engine: str
    postgres: str
    migrations: list[list[str]]
    tables: list[TableRecord]
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """Return when the snapshot was taken."""
        return datetime.fromisoformat(self.taken_at)

    @property
    def rows(self) -> int:
        """Return the number of rows of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def applied(self) -> set[tuple[str, str]]:
        """Return the migrations that the database had."""
        return {(app, name) for app, name in self.migrations}


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as it is written."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode() + b"\n"


def member(table: str) -> str:
    """Return the name of the member that holds a table."""
    return f"tables/{table}.copy"


@contextmanager
def archive_written(path: Path) -> Iterator[zipfile.ZipFile]:
    """Write a file that appears under its name only when it is whole and on the disk."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    try:
        with partial.open("xb") as raw:
            partial.chmod(0o600)
            with zipfile.ZipFile(
                raw, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK_COMPRESSION
            ) as archive:
                yield archive
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    folder_synced(path.parent)


def folder_synced(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def manifest_written(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Close the archive with its manifest and the manifest's own hash."""
    content = manifest_bytes(manifest)
    archive.writestr(MANIFEST, content)
    archive.writestr(SEAL, hashlib.sha256(content).hexdigest())


def manifest_read(archive: zipfile.ZipFile) -> Manifest:
    """Return the manifest. Raises: BackupError if it is damaged or of another format."""
    content = archive.read(MANIFEST)
    if hashlib.sha256(content).hexdigest() != archive.read(SEAL).decode():
        raise BackupError("The checksum of the manifest is wrong; this backup is damaged.")
    told: dict[str, Any] = json.loads(content)
    if told["format"] != FORMAT:
        raise BackupError(f"The backup has format {told['format']}; this release reads {FORMAT}.")
    return Manifest(**{**told, "tables": [TableRecord(**table) for table in told["tables"]]})


@contextmanager
def archive_opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Lend an archive all of whose checksums are right. Raises: BackupError."""
    with damage_told(path), zipfile.ZipFile(path) as archive:
        manifest = manifest_read(archive)
        for table in manifest.tables:
            _verify(archive, table)
    with zipfile.ZipFile(path) as archive:
        yield archive, manifest


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Say of whatever a damaged file leads to that the file is damaged."""
    try:
        yield
    except BackupError:
        raise
    except DAMAGE as error:
        raise BackupError(f"{path} is no whole backup: {error}") from error


def _verify(archive: zipfile.ZipFile, table: TableRecord) -> None:
    tally = Tally()
    member_read(archive, table.name, tally.add)
    if tally.hexdigest != table.sha256 or tally.rows != table.rows:
        raise BackupError(f"The checksum of {table.name} is wrong; this backup is damaged.")


def member_read(archive: zipfile.ZipFile, table: str, take: Callable[[bytes], object]) -> None:
    """Hand over the rows of a table piece by piece."""
    with archive.open(member(table)) as rows:
        while piece := rows.read(PIECE):
            take(piece)


class Tally:
    """Count and hash the rows that pass; COPY's text has one line a row."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.rows = 0

    def add(self, piece: bytes | memoryview) -> None:
        """Take the next piece."""
        self._hash.update(piece)
        self.rows += bytes(piece).count(b"\n")

    @property
    def hexdigest(self) -> str:
        """Return the hash of all that passed."""
        return self._hash.hexdigest()
