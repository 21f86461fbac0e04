"""Look after the keys that sign access tokens: `manage.py keys generate|rotate|list|remove`."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.tokens.keys import SigningKeyError
from accounts.tokens.store import (
    ANNOUNCED_FOR,
    key_remove,
    keys_ensure,
    keys_read,
    keys_rotate,
    signing_key,
)
from starscal.core import clock


class Command(BaseCommand):
    help = "Create, rotate, list or remove the keys in TOKEN_KEYS_DIR that sign access tokens."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("generate", help="create a first key where there is none")
        rotate = actions.add_parser("rotate", help="add a key; the old ones stay valid for a while")
        rotate.add_argument(
            "--now", action="store_true", help="sign with it at once, not in ten minutes"
        )
        actions.add_parser("list", help="show the keys without their secret parts")
        remove = actions.add_parser("remove", help="end a key and every token it signed, at once")
        remove.add_argument("kid")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.TOKEN_KEYS_DIR:
            raise CommandError("Set TOKEN_KEYS_DIR to the folder of the keys.")
        folder = Path(settings.TOKEN_KEYS_DIR)
        action = getattr(self, f"_{options['action']}")
        try:
            action(folder, options)
        except (SigningKeyError, OSError) as error:
            raise CommandError(str(error)) from None

    def _generate(self, folder: Path, _options: dict[str, Any]) -> None:
        created = keys_ensure(folder)
        self.stdout.write("A key was created." if created else "There is a key already.")

    def _rotate(self, folder: Path, options: dict[str, Any]) -> None:
        key = keys_rotate(folder, at=clock.now(), soon=not options["now"])
        self.stdout.write(f"{key.kid} signs from {_written(key.signs_from)}.")
        if not options["now"]:
            minutes = int(ANNOUNCED_FOR.total_seconds() // 60)
            self.stdout.write(f"Verifiers have {minutes} minutes to learn of it.")

    def _list(self, folder: Path, _options: dict[str, Any]) -> None:
        keys, now = keys_read(folder), clock.now()
        for key in keys:
            state = "next" if key.signs_from > now else "verifies"
            state = "signs" if key is signing_key(keys, now) else state
            self.stdout.write(f"{key.kid}  {_written(key.signs_from)}  {state}")

    def _remove(self, folder: Path, options: dict[str, Any]) -> None:
        if len(keys_read(folder)) < 2:
            raise CommandError("This is the only key: rotate --now first.")
        if not key_remove(folder, options["kid"]):
            raise CommandError("There is no such key; `manage.py keys list` shows them.")
        self.stdout.write("Removed.")


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
