"""System checks of what the database must be able to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.db.utils import DatabaseError


@register(Tags.database)
def trigrams_in_every_script(
    *, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Refuse a cluster whose locale knows no letters beyond ASCII: search would find nothing."""
    if not databases:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT show_trgm('луна')")
            found = cursor.fetchone()
    except DatabaseError:
        return []  # before the first migration the extension is not there yet
    if found and found[0]:
        return []
    return [
        Error(
            "PostgreSQL's locale knows no Cyrillic letters, so search fails in six languages.",
            hint="Create the cluster with initdb --locale=C.UTF-8.",
            id="core.E001",
        )
    ]
