"""Events as a table for spreadsheets and programs (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any, Final

import orjson

from events.formulas import guarded
from events.payloads import EventPayload
from starscal.core.plain_text import text_cleaned

BOM: Final = "\ufeff"  # without it spreadsheets read another encoding than UTF-8
FACTS: Final = (
    "id", "key", "slug", "event_type", "family", "bodies", "occurs_at", "begins_at", "ends_at",
    "all_day",
)  # fmt: skip
LOCAL: Final = ("timezone", "occurs_at", "begins_at", "ends_at")
MORE: Final = (
    "uncertainty_s", "significance", "quantum_resonance", "status", "origin", "revision", "stored",
    "title", "description", "reflection", "lang_used", "fallback", "link", "url",
    "image", "series", "astronomical_data", "overridden",
)  # fmt: skip
Address = Callable[[str], str]


def header(*, local: bool) -> list[str]:
    """Return the names of the columns; ``local`` says whether there is a zone to write times in."""
    zone = [name if name == "timezone" else f"local_{name}" for name in LOCAL] if local else []
    return [*FACTS, *zone, *MORE]


def table_text(rows: Iterable[list[str]]) -> str:
    """Write rows, each line ended as RFC 4180 has it."""
    sheet = io.StringIO(newline="")
    csv.writer(sheet, lineterminator="\r\n").writerows(rows)
    return sheet.getvalue()


def row_of(payload: EventPayload, address: Address) -> list[str]:
    """Return the cells of an event, in the order of the header."""
    image = payload["image"]
    values: dict[str, Any] = {
        "overridden": None,
        **payload,
        "url": address(payload["slug"]),
        "image": image["url"] if image else None,
    }
    local: dict[str, Any] = {**payload.get("local", {})}
    zone = [local[name] for name in LOCAL] if local else []
    cells = [*(values[name] for name in FACTS), *zone, *(values[name] for name in MORE)]
    return [_cell(value) for value in cells]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, dict):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return guarded(text_cleaned(value)) if isinstance(value, str) else str(value)
