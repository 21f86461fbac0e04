"""The signing keys of this process, read again when their folder changes."""

from __future__ import annotations

import threading
import time
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.tokens.keys import Jwk, SigningKey, SigningKeyError, key_load, keys_split
from accounts.tokens.store import keys_read, signing_key
from starscal.core import clock

LOOKS_EVERY_S: Final = 2.0


class KeyRing:
    """Keys by their id. ``given`` are the keys of the environment, which never change."""

    def __init__(self, folder: Path | None, given: list[SigningKey]) -> None:
        self.folder = folder
        self.given = given
        self.keys: list[SigningKey] = []
        self.by_kid: dict[str, SigningKey] = {}
        self._seen: int | None = None
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
        """Read the folder again if it has changed; ask at most every two seconds."""
        if self.folder is None or time.monotonic() - self._looked_at < LOOKS_EVERY_S:
            return
        with self._lock:
            self._looked_at = time.monotonic()
            try:
                seen = self.folder.stat().st_mtime_ns
            except FileNotFoundError:
                return
            if seen != self._seen:
                self._take([*self.given, *keys_read(self.folder)])
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
