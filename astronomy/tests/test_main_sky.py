"""The command line of the sky of a place."""

from __future__ import annotations

import json

import pytest

from astronomy.__main__ import BAD_INPUT, main

BERLIN = ["sky", "--lat", "52.52", "--lon", "13.405", "--start", "2026-06-21", "--days", "1"]


def test_it_prints_a_json_line_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*BERLIN, "--body", "sun"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(list(line) == ["utc", "body", "event"] for line in lines)
    assert [line["event"] for line in lines if "golden" not in line["event"]] == [
        "nautical_dawn",
        "civil_dawn",
        "rise",
        "transit",
        "set",
        "civil_dusk",
        "nautical_dusk",
    ]


def test_all_bodies_are_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(BERLIN) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len({line["body"] for line in lines}) == 10


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (["--lat", "91"], "from -90 to 90"),
        (["--lon", "nan"], "from -180 to 180"),
        (["--elevation", "1000000"], "from -500 to 9000"),
        (["--horizon", "46"], "from -10 to 45"),
        (["--days", "0"], "from 1 to 3660"),
        (["--days", "100000"], "from 1 to 3660"),
        (["--start", "1899-12-31"], "1900-01-01 to 2101-01-01"),
        (["--start", "9999-12-31"], "2101-01-01"),
    ],
)
def test_a_bad_request_is_one_line_and_status_2(
    changed: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*BERLIN, *changed]) == BAD_INPUT
    output = capsys.readouterr()
    assert output.out == ""
    assert len(output.err.splitlines()) == 1
    assert named in output.err
