"""``manage.py verify``: what it prints, how it ends, and the page it writes."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from astronomy.verification import CHECKS, FAMILIES, Check, Result, Sample, judged, tables
from astronomy.verification.report import Made, number, page, summary, text_table

PAGE = Path(project.BASE_DIR) / "docs" / "verification.md"
MADE = Made(date(2026, 1, 2), "DE440", {"skyfield": "1", "numpy": "2"})


def _run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify", *arguments, stdout=out)
    return out.getvalue()


def _result(check: Check, error: float) -> Result:
    fixed = Check(
        check.family,
        check.quantity,
        check.reference,
        check.unit,
        check.limit,
        lambda _material: Sample(2, np.array([error, -error])),
    )
    return judged(fixed, None)  # type: ignore[arg-type]  # which this comparison has no need of


def test_it_prints_a_table_of_each_family_and_what_it_comes_to() -> None:
    printed = _run("--family", "transits", "--family", "seasons")
    lines = printed.splitlines()
    assert [line for line in lines if line in FAMILIES] == ["seasons", "transits"]
    assert sum(line.endswith("  pass") for line in lines) == 4
    assert lines[-1] == "All 4 gates pass; 546 comparisons."


def test_it_prints_json_for_machines() -> None:
    told = json.loads(_run("--family", "transits", "--json"))
    assert told["ephemeris"] == "DE440"
    assert set(told["versions"]) == {"jplephem", "numpy", "skyfield"}
    greatest = told["results"][0]
    assert (greatest["rows"], greatest["found"], greatest["extra"]) == (15, 15, 0)
    assert greatest["maximum"] <= greatest["limit"] == 60.0
    assert greatest["passed"] is True


@pytest.fixture
def other_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Read the tables from a copy, which a test may change."""
    folder = Path(shutil.copytree(tables.FOLDER, tmp_path / "tables"))
    monkeypatch.setattr(tables, "FOLDER", folder)
    tables.read_table.cache_clear()
    yield folder
    tables.read_table.cache_clear()


def test_it_ends_with_status_1_where_a_gate_fails(other_tables: Path) -> None:
    """Two minutes in one row of the table are enough."""
    path = other_tables / "transits.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("1907-11-14T12:07Z", "1907-11-14T12:09Z"), encoding="utf-8")
    with pytest.raises(CommandError, match="1 of 2 gates fail; 30 comparisons") as caught:
        _run("--family", "transits")
    assert caught.value.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--family", "tides"], "invalid choice: 'tides'"),
        (["--family", "seasons", "--write-docs"], "--write-docs takes all families"),
    ],
)
def test_bad_arguments_are_told(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        _run(*arguments)


@pytest.mark.slow
def test_everything_passes_and_is_written(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path
    printed = _run("--write-docs")
    assert printed.splitlines()[-1].startswith(f"All {len(CHECKS)} gates pass; ")
    assert "FAIL" not in (tmp_path / "docs" / "verification.md").read_text(encoding="utf-8")


def test_without_a_folder_for_the_page_it_says_so(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path / "image"
    with pytest.raises(CommandError, match="There is no folder"):
        _run("--write-docs")


def test_the_page_has_a_row_for_every_check_and_none_else() -> None:
    written = PAGE.read_text(encoding="utf-8")
    results = written.partition("## Results")[2].partition("## Sources")[0]
    rows: list[tuple[str, str, str]] = []
    family = ""
    for line in results.splitlines():
        family = line.removeprefix("### ") if line.startswith("### ") else family
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 11 and re.fullmatch(r"\d+", cells[1]):
            rows.append((family, cells[0], cells[8]))
            assert cells[10] == "pass"
    assert rows == [(check.family, check.quantity, check.gate) for check in CHECKS]


def test_the_page_names_every_table_and_the_versions() -> None:
    text = page([_result(CHECKS[0], 1.0)], MADE)
    assert "1 gates pass" in text
    assert "Computed on 2026-01-02 with DE440, numpy 2, skyfield 1." in text
    assert "| `rise_set.csv` | US Naval Observatory" in text


def test_a_failure_is_plain_to_see() -> None:
    result = _result(CHECKS[0], 1e6)
    assert "FAIL" in text_table([result])
    assert summary([result]) == "1 of 1 gates fail; 2 comparisons."
    assert result.to_json()["passed"] is False


def test_nothing_found_is_a_failure_and_has_no_figures() -> None:
    empty = Check("a", "b", "c", "s", 1.0, lambda _material: Sample(0, np.array([])))
    result = judged(empty, None)  # type: ignore[arg-type]  # which this comparison has no need of
    assert not result.passed
    assert result.to_json()["maximum"] is None
    assert number(result.maximum) == "-"
