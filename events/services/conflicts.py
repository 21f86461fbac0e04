"""Refuse an edit that would undo, unseen, what somebody else has written in the meantime."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.models import Announcement, Event
from events.rights import LANGUAGE_OF
from starscal.core.exceptions import ApplicationError, ErrorCode

Changed = dict[str, tuple[str, str]]


def cell_text(value: Any) -> str:
    """Return a field's value as editors send it back: a text, UTC to the second, or nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return unicodedata.normalize("NFC", str(value).replace("\r\n", "\n")).strip()


def conflicts_refuse(
    *, event: Event, wanted: Mapping[str, Any], seen: Mapping[str, str], revision: int | None
) -> None:
    """Compare each cell that is to change with what the editor had before them.

    A cell that stands in ``seen`` conflicts if what is stored is neither that nor the new value;
    any other conflicts if ``revision`` is not the event's.
    Errors: event.conflict, its ``cells`` say mine and theirs; precondition.required for a plain
    field without either.
    """
    changed = cells_changed(event, wanted)
    if revision is None and not changed.keys() <= {*seen, *LANGUAGE_OF}:
        raise ApplicationError(
            ErrorCode.PRECONDITION_REQUIRED, _("Say which revision of the event you have changed.")
        )
    cells_refuse(event, changed, seen=seen, other=revision not in {None, event.revision})


def cells_changed(row: Event | Announcement, wanted: Mapping[str, Any]) -> Changed:
    """Return what would change of a row: the new value and the stored one, by name."""
    return {
        name: (mine, theirs)
        for name, value in wanted.items()
        if (mine := cell_text(value)) != (theirs := cell_text(getattr(row, name)))
    }


def cells_refuse(
    row: Event | Announcement, changed: Changed, *, seen: Mapping[str, str], other: bool = False
) -> None:
    """Refuse, with event.conflict, to change what others wrote since it was seen.

    ``other`` stands for cells that are not in ``seen``: they may have changed.
    """
    cells = {
        name: {"mine": mine, "theirs": theirs}
        for name, (mine, theirs) in changed.items()
        if (cell_text(seen[name]) != theirs if name in seen else other)
    }
    if cells:
        raise ApplicationError(
            ErrorCode.EVENT_CONFLICT,
            _(
                "Somebody else has saved this in the meantime. "
                "Compare what they wrote with yours; saving again keeps yours."
            ),
            extra={"revision": row.revision, "cells": cells},
        )


def revision_require(event: Event, revision: int | None) -> None:
    """Refuse, with event.conflict, whoever has seen another revision; None was not asked."""
    if revision is not None and revision != event.revision:
        raise ApplicationError(
            ErrorCode.EVENT_CONFLICT,
            _("Somebody else has saved this event in the meantime. Load it again."),
            extra={"revision": event.revision},
        )
