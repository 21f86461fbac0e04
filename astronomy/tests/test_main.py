"""The command line, in process and as a person runs it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from astronomy.__main__ import BAD_INPUT, CLOSED_PIPE, main
from astronomy.finders import FAMILIES, find_occurrences
from astronomy.sampling import Sky

ROOT = Path(__file__).parents[2]
FIELDS = ["key", "kind", "family", "bodies", "tt", "utc", "ut1", "uncertainty_s", "details"]
YEAR = ["find", "--start", "2026-01-01", "--end", "2027-01-01"]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "astronomy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_prints_a_json_line_an_event() -> None:
    done = _run(*YEAR, "--family", "solar_eclipses", "--family", "lunar_eclipses")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [line["utc"][:10] for line in lines] == [
        "2026-02-17",
        "2026-03-03",
        "2026-08-12",
        "2026-08-28",
    ]
    for line in lines:
        assert list(line) == FIELDS
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", line["tt"])
        for scale in ("utc", "ut1"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line[scale])
        assert all(re.fullmatch(r"[a-z]+", body) for body in line["bodies"])


def test_it_needs_no_django() -> None:
    code = "import sys, astronomy.__main__; print(*(n for n in sys.modules if 'django' in n))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


@pytest.mark.slow
def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{sys.executable} -W error -m astronomy find --start 1990-01-01 --end 2020-01-01"
    done = subprocess.run(  # noqa: S602
        f"{{ {command}; echo $? >&2; }} | head -n 1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.strip() == str(CLOSED_PIPE)


@pytest.mark.parametrize(
    "family",
    [
        [],
        pytest.param(["--family", "all"], marks=pytest.mark.slow),
        ["--family", "all", "--family", "seasons"],
    ],
)
def test_all_families_are_the_default(
    family: list[str], sky: Sky, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*YEAR, *family]) == 0
    printed = [json.loads(line)["key"] for line in capsys.readouterr().out.splitlines()]
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert printed == [found.key for found in find_occurrences(sky, start, end, FAMILIES)]


@pytest.mark.parametrize(
    ("start", "count"),
    [("2026-08-12T17:00:00Z", 2), ("2026-08-12T18:50:00+01:00", 0), ("2026-08-12T17:00", 2)],
    ids=["utc", "offset", "no-zone"],
)
def test_whole_instants_are_accepted(
    start: str, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new moon of 2026-08-12 is at 17:37 UTC, the eclipse greatest at 17:46."""
    families = ["--family", "moon_phases", "--family", "solar_eclipses"]
    assert main(["find", "--start", start, "--end", "2026-08-12T19:00:00+00:00", *families]) == 0
    assert len(capsys.readouterr().out.splitlines()) == count


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--start", "2027-01-01", "--end", "2026-01-01"], "2026-01-01T00:00:00"),
        (["--start", "1899-12-31", "--end", "1901-01-01"], "1900-01-01 to 2101-01-01"),
        (["--start", "2100-01-01", "--end", "2101-01-02"], "1900-01-01 to 2101-01-01"),
        (["--start", "2026-01-01", "--end", "2027-01-01", "--kernel", "/nowhere"], "/nowhere"),
        (["--start", "0001-01-01", "--end", "9999-12-31"], "1900-01-01 to 2101-01-01"),
    ],
    ids=["inverted", "early", "late", "kernel", "everything"],
)
def test_a_bad_request_is_one_line_and_status_2(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["find", *arguments]) == BAD_INPUT
    output = capsys.readouterr()
    assert output.out == ""
    assert len(output.err.splitlines()) == 1
    assert named in output.err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["find", "--start", "2026-02-30", "--end", "2027-01-01"], "YYYY-MM-DD"),
        (["find", "--start", "nan", "--end", "2027-01-01"], "'nan'"),
        ([*YEAR, "--family", "tides"], "moon_phases"),
        (["find", "--start", "2026-01-01"], "--end"),
        ([], "find"),
        (["fly"], "find"),
    ],
    ids=["date", "nan", "family", "end", "nothing", "command"],
)
def test_a_bad_argument_is_one_line_and_status_2(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    output = capsys.readouterr()
    assert caught.value.code == BAD_INPUT
    assert len(output.err.splitlines()) == 1
    assert named in output.err
