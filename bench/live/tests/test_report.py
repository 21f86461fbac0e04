from pathlib import Path

import pytest

from bench.live.peers.table import PEERS, Place
from bench.live.report import page, row, targets
from bench.live.results import bests, ratios
from bench.live.tests.figures import measured

ROUNDS = [
    measured("ours"),
    measured("raw", cpu_ms=6.0, p95_ms=5.0),
    measured("stock", cpu_ms=480.0, delivered_per_s=2_400.0, lost=17_000),
]


def test_the_page_has_a_line_for_each_server() -> None:
    text = page(ROUNDS)

    assert "| StarsCalendars | 12.00 | 80,000 |" in text
    assert "| Channels, pub/sub layer | 480.00 | 2,400 |" in text
    assert "| 17,000 | 0 | 0 |" in text
    assert "best of 1" in text


def test_targets_say_what_is_reached_and_what_is_not() -> None:
    reached = {title: verdict for title, _, _, verdict in targets(bests(ROUNDS), ratios(ROUNDS))}

    assert reached["delivered a second"] == "yes"
    assert reached["CPU over raw"] == "no"
    assert reached["p95 over raw"] == "no"
    assert reached["CPU over stock Channels, pub/sub layer"] == "yes"
    assert "CPU over Node ws" not in reached


def test_a_page_without_ours_has_no_targets() -> None:
    assert "Target" not in page(ROUNDS[1:])


def test_each_run_is_one_line() -> None:
    assert "\n" not in row(ROUNDS[2])
    assert "lost 17000" in row(ROUNDS[2])


@pytest.mark.parametrize("name", PEERS)
def test_commands_have_no_blanks_left_to_fill(name: str) -> None:
    place = Place(4711, Path("/run/control"), Path("/run/redis"), Path("/run/built"))

    commands = PEERS[name].commands(place)

    assert not any("{" in word for command in commands for word in command)
    assert any("4711" in word for word in commands[0])
    assert any("/run/control" in word for command in commands for word in command)


def test_the_chart_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="requirements-bench.txt is not installed")
    from bench.live.chart import draw

    draw(bests(ROUNDS), tmp_path / "chart.png")

    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
