import pytest

from bench.live.machine import BenchError, cores_divided, ticks_of


def test_the_server_has_a_core_of_its_own() -> None:
    cores = cores_divided(frozenset({0, 1, 3}))

    assert cores.server == {3}
    assert cores.others == {0, 1}


def test_one_core_is_not_enough() -> None:
    with pytest.raises(BenchError, match="two cores"):
        cores_divided(frozenset({0}))


def test_time_is_read_behind_a_name_with_blanks_and_brackets() -> None:
    stat = "71 (a) (b) S 1 71 71 0 -1 4194304 500 0 3 0 120 34 0 0 20 0 5 0 900 1 2 3"

    assert ticks_of(stat) == 154
