"""What processes hold, and what the second table says of it."""

import os
import socket

from bench.live.figures import Figure
from bench.live.memory import family, family_pss, open_sockets, pss_bytes
from bench.live.requests import CLIENTS, paths


def test_a_process_knows_its_memory_and_its_sockets() -> None:
    before = open_sockets(os.getpid())
    with socket.socket():
        assert open_sockets(os.getpid()) == before + 1
    assert pss_bytes(os.getpid()) > 1_000_000
    assert os.getpid() in family(os.getppid())
    assert sum(family_pss(os.getpid()).values()) > 1_000_000


def test_a_figure_is_measured_by_its_target() -> None:
    assert Figure("a", "A", 2.0, 2).cells() == ("A", "2", "≤ 2", "yes")
    assert Figure("a", "A", 2.01, 2).cells() == ("A", "2.01", "≤ 2", "no")
    assert Figure("a", "A", 1234.5).cells() == ("A", "1,234", "—", "")


def test_requests_are_alike_or_each_its_own() -> None:
    assert len(set(paths(10 * CLIENTS, alike=True))) == 1
    assert len(set(paths(700, alike=False))) == 700
