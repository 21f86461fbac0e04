"""What the front page of the admin says of the texts: how complete they are."""

from __future__ import annotations

from typing import Any

from events.kinds import KINDS
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
            {"code": kind.kind, "name": _name(kind), "total": kind.total, "cells": _cells(kind)}
            for kind in kinds
        ],
    }


def _name(kind: KindTexts) -> Any:
    known = KINDS.get(kind.kind)
    return known.name if known else kind.kind


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
