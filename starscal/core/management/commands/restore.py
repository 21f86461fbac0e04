"""Put a backup into an empty database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from starscal.core.backup.errors import BackupError
from starscal.core.backup.restoration import backup_restore


class Command(BaseCommand):
    help = "Put a backup into the empty database of DATABASE_URL; end again what was ended since."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            restored = backup_restore(path=options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        manifest = restored.manifest
        ended = ", ".join(f"{name}: {rows} rows" for name, rows in restored.ended.items())
        self.stdout.write(
            f"{manifest.rows} rows of {len(manifest.tables)} tables as of {manifest.taken_at}, "
            f"every checksum right. {restored.journal} lines of the journal; ended again: "
            f"{ended or 'nothing'}."
        )
