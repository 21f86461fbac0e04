"""Measure live delivery: ours and the peers take turns, the best of each counts."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from bench.live.build import LIVE, build, built_folder
from bench.live.crowds import ROWS as CROWDS
from bench.live.crowds import Crowds
from bench.live.figures import Figure
from bench.live.machine import BenchError, cores_divided, on_cores, put_ahead
from bench.live.measure import Bench, Measured, Plan
from bench.live.peers.table import PEERS
from bench.live.report import row, written
from bench.live.results import ratios
from bench.live.services import database_prepared, services_started

ROUNDS: Final = 3
QUICK: Final = Plan(warm_s=0.3, singly_s=1.2, steadily_s=1.2, bursts_s=0.7, clock_s=2.0)


def main() -> int:
    """Run everything; the last line is one JSON object."""
    options = _options()
    folder = LIVE if _is_whole(options) else built_folder()  # before the run has its own state
    try:
        measured, figures = _measured(options)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    print(written(measured, figures, folder))
    print(json.dumps(ratios(measured) | {each.name: each.value for each in figures}))
    return 0


def _is_whole(options: argparse.Namespace) -> bool:
    """Say whether the figures are those to publish."""
    is_short = options.quick or options.rounds < ROUNDS or options.sockets != Plan.sockets
    everything = set(options.only) == set(PEERS) and set(options.crowds) == set(CROWDS)
    return everything and not is_short


def _measured(options: argparse.Namespace) -> tuple[list[Measured], list[Figure]]:
    peers = {name: PEERS[name] for name in PEERS if name in options.only}
    cores = cores_divided(frozenset(os.sched_getaffinity(0)))
    built = build(frozenset({"client"}).union(*(peer.needs for peer in peers.values())))
    plan = replace(
        QUICK if options.quick else Plan(),
        sockets=options.sockets,
        clients=options.clients,
        nice=options.nice,
    )
    measured, figures = [], []
    with on_cores(cores.others), ExitStack() as stack:
        services = services_started(stack)
        database_prepared()
        put_ahead(os.getpid(), plan.nice)
        bench = Bench(cores, built, services, plan)
        for _ in range(1 if options.quick else options.rounds):
            for name, peer in peers.items():
                measured.append(bench.measured(name, peer))
                print(row(measured[-1]), flush=True)
        for figure in Crowds(cores, built, services, plan, options.api_url).figures(options.crowds):
            figures.append(figure)
            print(figure.line(), flush=True)
    return measured, figures


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: a first look")
    parser.add_argument("--only", type=_names, default=list(PEERS), metavar="ours,raw")
    parser.add_argument("--crowds", type=_crowds, default=list(CROWDS), metavar="idling,deaf")
    parser.add_argument("--api-url", default="", help="of another service that answers requests")
    parser.add_argument("--only-crowds", action="store_true", help="leave out the peers")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of which the best counts")
    parser.add_argument("--sockets", type=int, default=Plan.sockets)
    parser.add_argument("--clients", type=int, default=1, help="processes that hold the sockets")
    parser.add_argument("--nice", type=int, default=0, help="below 0: ahead of others, as root")
    options = parser.parse_args()
    if options.only_crowds:
        options.only = []
    return options


def _names(text: str) -> list[str]:
    return _chosen(text, PEERS)


def _crowds(text: str) -> list[str]:
    return _chosen(text, CROWDS) if text else []


def _chosen(text: str, known: Collection[str]) -> list[str]:
    names = text.split(",")
    if not set(names) <= set(known):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(known)}")
    return names


if __name__ == "__main__":
    raise SystemExit(main())
