"""What the front page of the admin says of the texts: how complete they are."""

from __future__ import annotations

from typing import Any

from events.kinds import COMPUTED_KINDS, kind_name
from events.selectors_desk import MARKS, KindTexts, completeness, totals_by_language
from starscal.core.pages import NATIVE_NAMES, html_tag


def dashboard() -> dict[str, Any]:
    """Return a row a language, and a row a kind that has something to tell."""
    kinds = completeness()
    sums = totals_by_language(kinds)
    total = sum(kind.total for kind in kinds)
    return {
        "languages": [
            {"code": code, "tag": html_tag(code), "name": name, "total": total, **sums[code]}
            for code, name in NATIVE_NAMES.items()
        ],
        "kinds": [
            {
                "code": kind.kind, "name": kind_name(kind.kind), "total": kind.total,
                "cells": _cells(kind), "has_page": kind.kind in COMPUTED_KINDS,
            }
            for kind in kinds
        ],
    }  # fmt: skip


def _cells(kind: KindTexts) -> list[dict[str, Any]]:
    none = dict.fromkeys(MARKS, 0)
    return [
        {"code": code, **kind.marks.get(code, none), "all_well": not any(_wanting(kind, code))}
        for code in NATIVE_NAMES
    ]


def _wanting(kind: KindTexts, code: str) -> list[int]:
    """Return the counts of texts that somebody should look after."""
    marks = kind.marks.get(code, {})
    return [marks.get(name, 0) for name in MARKS if name != "own"]
