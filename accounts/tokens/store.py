"""A folder of signing keys: one file each, named by when it starts to sign. Pure: no Django."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from accounts.tokens.keys import SigningKey, SigningKeyError, key_generate, key_load, key_pem

STAMP: Final = "%Y%m%dT%H%M%SZ"
SUFFIX: Final = ".pem"
# A verifier keeps the list of public keys for five minutes: a key is listed ten before it signs.
ANNOUNCED_FOR: Final = timedelta(minutes=10)
# A token lives for ten minutes: its key is listed for an hour after the last one it signed.
KEPT_FOR: Final = timedelta(hours=1)


def keys_read(folder: Path) -> list[SigningKey]:
    """Return the keys of a folder, the one that signs from latest on first.

    Raises: SigningKeyError naming the file that is no key; an absent folder has none.
    """
    return sorted(
        (_key_read(path) for path in folder.glob(f"*{SUFFIX}")),
        key=lambda key: key.signs_from,
        reverse=True,
    )


def keys_ensure(folder: Path) -> bool:
    """Create a first key where there is none, and say whether it was created."""
    with _locked(folder):
        if keys_read(folder):
            return False
        _key_write(folder, key_generate(signs_from=_second(datetime.now(UTC))))
        return True


def keys_rotate(folder: Path, *, at: datetime, soon: bool = True) -> SigningKey:
    """Add a key that will sign, and remove those that no living token was signed with.

    ``soon`` leaves verifiers ten minutes to learn of it; without, it signs at once (a key leaked).
    """
    with _locked(folder):
        keys_retire(folder, at=at)
        key = key_generate(signs_from=_second(at + ANNOUNCED_FOR if soon else at))
        _key_write(folder, key)
        return key


def keys_retire(folder: Path, *, at: datetime) -> list[str]:
    """Remove the keys that were followed by another more than an hour ago."""
    keys = keys_read(folder)
    gone = [key for newer, key in pairwise(keys) if newer.signs_from + KEPT_FOR < at]
    for key in gone:
        _path(folder, key).unlink()
    return [key.kid for key in gone]


def key_remove(folder: Path, kid: str) -> bool:
    """Remove one key at once: no token that it signed is accepted any more."""
    with _locked(folder):
        found = [key for key in keys_read(folder) if key.kid == kid]
        for key in found:
            _path(folder, key).unlink()
        return bool(found)


def signing_key(keys: Sequence[SigningKey], at: datetime) -> SigningKey:
    """Return the newest key that signs already; the oldest stands in where none does yet."""
    return next((key for key in keys if key.signs_from <= at), keys[-1])


def _key_read(path: Path) -> SigningKey:
    try:
        starts = datetime.strptime(path.name[:16], STAMP).replace(tzinfo=UTC)
        return key_load(path.read_bytes(), signs_from=starts)
    except ValueError as error:
        raise SigningKeyError(f"{path.name} is no signing key: {error}") from None


def _key_write(folder: Path, key: SigningKey) -> None:
    """Write a key so that it is never half there and never readable by others."""
    path = _path(folder, key)
    draft = path.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key_pem(key))
    draft.replace(path)


def _path(folder: Path, key: SigningKey) -> Path:
    return folder / f"{key.signs_from.strftime(STAMP)}-{key.kid}{SUFFIX}"


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change the folder, which only its owner can open."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
