"""What a stored window was computed with: another version means it may be computed again."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

from astronomy import provider
from events import kinds, texts


@cache
def engine_version() -> str:
    """Return the kernel's name and a digest of definitions, kinds and texts in ten languages."""
    digest = hashlib.sha256()
    for family in sorted(kinds.COMPUTED):
        digest.update(f"{family}={kinds.COMPUTED[family].definition_id};".encode())
    for path in _text_files():
        digest.update(path.read_bytes())
    return f"{provider.ephemeris().name}:{digest.hexdigest()[:16]}"


def _text_files() -> list[Path]:
    sources = (
        path for room in (kinds, texts) for path in Path(str(room.__file__)).parent.glob("*.py")
    )
    catalogues = (
        path
        for root in settings.LOCALE_PATHS
        for path in Path(root).glob("*/LC_MESSAGES/django.po")
    )
    return [*sorted(sources), *sorted(catalogues)]
