"""Write a backup of the database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from starscal.core import clock
from starscal.core.backup.creation import backup_create, backups_prune
from starscal.core.backup.errors import BackupError

KEPT = 14


def count(text: str) -> int:
    """Read how many to keep."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("At least one backup is kept.")
    return number


class Command(BaseCommand):
    help = "Write everything into one checked file, and keep the newest ones."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--keep", type=count, default=KEPT, metavar="N")
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="instead of BACKUP_DIR")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder = options["to"] or Path(settings.BACKUP_DIR)
        at = clock.now()
        try:
            path, manifest = backup_create(folder=folder, at=at)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        removed = backups_prune(folder=folder, keep=options["keep"], at=at)
        self.stdout.write(
            f"{path}: {manifest.rows} rows of {len(manifest.tables)} tables, "
            f"{path.stat().st_size / 1e6:.1f} MB; {len(removed)} older removed."
        )
