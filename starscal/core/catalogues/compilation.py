"""Build the `.mo` files that Django reads, only where they are older than their `.po`."""

from __future__ import annotations

import os
from pathlib import Path

import polib

from starscal.core.catalogues.languages import LOCALE_DIR


def catalogues_compile(*, force: bool = False, folder: Path = LOCALE_DIR) -> int:
    """Compile what is missing or stale and return how many catalogues were written.

    Needs no settings and may run in several processes at once: a file appears whole.
    """
    stale = [
        source
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po"))
        if force or _is_stale(source, source.with_suffix(".mo"))
    ]
    for source in stale:
        _compile(source)
    return len(stale)


def _is_stale(source: Path, target: Path) -> bool:
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    partial = source.with_suffix(f".mo.{os.getpid()}")
    stamp = source.stat()
    polib.pofile(str(source)).save_as_mofile(str(partial))
    # The target is dated like its source: an edit while compiling is then seen as newer.
    os.utime(partial, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    partial.replace(source.with_suffix(".mo"))
