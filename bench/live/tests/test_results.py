from bench.live.results import bests, ratios
from bench.live.tests.figures import measured


def test_the_best_round_of_each_figure_counts_and_faults_add_up() -> None:
    rounds = [
        measured("ours", delivered_per_s=70_000.0, cpu_ms=14.0, p95_ms=20.0, lost=1),
        measured("ours", delivered_per_s=80_000.0, cpu_ms=12.0, p95_ms=30.0, lost=2, doubled=3),
    ]

    best = bests(rounds)["ours"]

    assert (best.delivered_per_s, best.cpu_ms, best.p95_ms) == (80_000.0, 12.0, 20.0)
    assert (best.lost, best.doubled) == (3, 3)


def test_ratios_are_ours_over_theirs() -> None:
    rounds = [
        measured("ours", delivered_per_s=70_000.0, cpu_ms=12.0, p95_ms=15.0, p99_ms=18.0),
        measured("raw", delivered_per_s=140_000.0, cpu_ms=6.0),
        measured("node_ws", cpu_ms=16.0),
        measured("socketio", cpu_ms=24.0),
        measured("centrifuge", cpu_ms=48.0),
        measured("stock", cpu_ms=480.0),
    ]

    assert ratios(rounds) == {
        "cpu_vs_raw": 2.0,
        "throughput_vs_raw": 0.5,
        "cpu_vs_node_ws": 0.75,
        "cpu_vs_socketio": 0.5,
        "cpu_vs_centrifuge": 0.25,
        "cpu_vs_stock": 0.025,
        "p95_ms": 15.0,
        "p99_ms": 18.0,
        "lost": 0,
    }


def test_what_was_not_measured_is_null() -> None:
    found = ratios([measured("raw")])

    assert set(found.values()) == {None}


def test_losses_of_others_are_not_ours() -> None:
    assert ratios([measured("ours"), measured("stock", lost=900)])["lost"] == 0
