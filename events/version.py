"""What a stored window was computed with: another version means it may be computed again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from django.conf import settings

from astronomy import calendar_names, provider
from events import kinds, texts
from starscal.core import formats


@cache
def engine_version() -> str:
    """Return the kernel's name and a digest of definitions, kinds and texts in ten languages."""
    digest = hashlib.sha256()
    for family in sorted(kinds.COMPUTED):
        digest.update(f"{family}={kinds.COMPUTED[family].definition_id};".encode())
    for path in (*_writers(), *_modules(kinds)):
        digest.update(path.read_bytes())
    for root in settings.LOCALE_PATHS:
        digest.update(texts_digest(Path(root)).encode())
    return f"{provider.ephemeris().name}:{digest.hexdigest()[:16]}"


def texts_digest(locale: Path) -> str:
    """Return a digest of what the catalogues hold for the texts of events, and of nothing else."""
    digest = hashlib.sha256()
    for path in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        digest.update(path.parts[-3].encode())
        for entry in sorted(_entries(path)):
            digest.update(entry.encode())
    return digest.hexdigest()


def _writers() -> list[Path]:
    """Return the modules whose texts are stored with events."""
    return [*_modules(texts), Path(calendar_names.__file__), Path(formats.__file__)]


def _modules(package: ModuleType) -> list[Path]:
    return sorted(Path(str(package.__file__)).parent.glob("*.py"))


def _entries(catalogue: Path) -> Iterator[str]:
    """Yield the entries that these modules use, without the notes for translators."""
    used_by = {path.relative_to(settings.BASE_DIR).as_posix() for path in _writers()}
    for entry in catalogue.read_text(encoding="utf-8").split("\n\n"):
        lines = entry.splitlines()
        places = {place for line in lines if line.startswith("#:") for place in line.split()}
        if used_by & places:
            yield "\n".join(line for line in lines if not line.startswith("#"))
