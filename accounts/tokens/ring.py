"""The signing keys of this process, read again when their folder changes."""

from __future__ import annotations

import threading
import time
from functools import cache
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.tokens.keys import Jwk, SigningKey, SigningKeyError, key_load, keys_split
from accounts.tokens.store import keys_read, signing_key
from starscal.core import clock

LOOKS_EVERY_S: Final = 2.0

log = structlog.stdlib.get_logger("starscal.keys")


class KeyRing:
    """Keys by their id. ``given`` are the keys of the environment, which never change."""

    def __init__(self, folder: Path | None, given: list[SigningKey]) -> None:
        self.folder = folder
        self.given = given
        self.keys: list[SigningKey] = []
        self.by_kid: dict[str, SigningKey] = {}
        self._seen: list[str] = []
        self._looked_at = float("-inf")
        self._lock = threading.Lock()
        self._take(given)

    def signer(self) -> SigningKey:
        """Return the key to sign with.

        Errors: ImproperlyConfigured without any.
        """
        self._look()
        if not self.keys:
            raise ImproperlyConfigured(
                "There is no key to sign tokens with: run `manage.py keys generate`, "
                "or set TOKEN_KEYS."
            )
        return signing_key(self.keys, clock.now())

    def find(self, kid: str) -> SigningKey | None:
        self._look()
        return self.by_kid.get(kid)

    def public(self) -> list[Jwk]:
        self._look()
        return [key.jwk for key in self.keys]

    def _look(self) -> None:
        """Read the folder again if it has changed; ask at most every two seconds.

        A file that is no key, or one that goes while we read, ends no token of the others.
        """
        if self.folder is None or time.monotonic() - self._looked_at < LOOKS_EVERY_S:
            return
        with self._lock:
            self._looked_at = time.monotonic()
            try:
                self._read(self.folder)
            except (OSError, SigningKeyError) as error:
                if self.keys:  # which stay good
                    log.error("keys.not_read", error=type(error).__name__)  # noqa: TRY400 - no trace
                elif self.folder.exists():
                    raise

    def _read(self, folder: Path) -> None:
        """Take the keys if there are others. Names tell it; times of a folder are too coarse."""
        seen = sorted(path.name for path in folder.iterdir())
        if seen != self._seen:
            self._take([*self.given, *keys_read(folder)])
            self._seen = seen

    def _take(self, keys: list[SigningKey]) -> None:
        self.keys = keys
        self.by_kid = {key.kid: key for key in keys}


@cache
def key_ring() -> KeyRing:
    """Return the ring of this process.

    Errors: ImproperlyConfigured for a key of the environment that cannot be read.
    """
    try:
        given = [key_load(pem) for pem in keys_split(settings.TOKEN_KEYS)]
    except SigningKeyError as error:
        raise ImproperlyConfigured(f"TOKEN_KEYS: {error}") from None
    folder = settings.TOKEN_KEYS_DIR
    return KeyRing(Path(folder) if folder else None, given)
