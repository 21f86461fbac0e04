"""Measure a digest run and a full moon: ten thousand linked people, a hundred thousand reminders.

    python -m bench.telegram.digest --people 10000 --reminders 100000 --seconds 20

Starts private servers and the double of the Bot API. Digests of everybody fall due at one moment
and are queued; everybody wished to be reminded of the same full moon, and the linked ones get it in
the chat. Then a sender works for some seconds: the double counts how fast it is and which limits it
breaks, and the time for all of them follows. Processor time is that of this process and of the
database's one that serves it. Exits with 1 if queuing the digests takes longer than ten seconds of
it, a message is lost, or a limit is broken. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from contextlib import ExitStack
from typing import Any, Final

from bench.live.services import database_prepared, services_started
from starscal.testing.telegram.double import TelegramDouble

QUEUE_S: Final = 10.0
PER_SECOND: Final = 25.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--reminders", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    asked = parser.parse_args()
    with ExitStack() as stack:
        services_started(stack)
        double = TelegramDouble()
        double.start()
        stack.callback(double.stop)
        os.environ.update(
            TELEGRAM_BOT_TOKEN=double.token, TELEGRAM_API_BASE=double.url,
            DB_STATEMENT_TIMEOUT_MS="0", LOG_LEVEL="WARNING",
        )  # fmt: skip
        database_prepared()
        figures = measured(asked, double)
    sys.stdout.write(json.dumps(figures) + "\n")
    is_well = figures["digests_cpu_s"] <= QUEUE_S and not figures["limits_broken"]
    is_complete = figures["digests"] == asked.people and figures["reminded"] == asked.reminders
    sys.exit(0 if is_well and is_complete else 1)


def measured(asked: argparse.Namespace, double: TelegramDouble) -> dict[str, Any]:
    import django  # noqa: PLC0415 - needs the addresses of the servers

    django.setup()
    from bench.telegram.crowd import Crowd  # noqa: PLC0415 - needs django

    crowd = Crowd(double, people=asked.people, reminders=asked.reminders)
    figures: dict[str, Any] = {"people": asked.people, "reminders": asked.reminders}
    figures |= timed("digests", crowd.digests_queue)
    figures |= timed("reminded", crowd.people_remind)
    figures |= timed("followed", crowd.reminders_follow)
    figures |= paced(crowd, double, asked.seconds)
    return figures


def timed(name: str, work: Any) -> dict[str, Any]:
    """Do some work and return what it did, how long it took, and the processor time."""
    from bench.telegram.crowd import backend_s  # noqa: PLC0415 - needs django

    cpu, start = time.process_time() + backend_s(), time.perf_counter()
    count = work()
    wall_s = time.perf_counter() - start
    cpu_s = time.process_time() + backend_s() - cpu
    return {name: count, f"{name}_queued_s": round(wall_s, 2), f"{name}_cpu_s": round(cpu_s, 2)}


def paced(crowd: Any, double: TelegramDouble, seconds: float) -> dict[str, Any]:
    """Let a sender work for a while; return its pace and what all would take."""
    stopping = threading.Event()
    worker = threading.Thread(target=crowd.send, args=[stopping])
    cpu = time.process_time()
    worker.start()
    time.sleep(seconds)
    stopping.set()
    worker.join(60)
    spent_s = time.process_time() - cpu
    sent = [call.at for call in double.accepted()]
    pace = (len(sent) - 1) / (sent[-1] - sent[0]) if len(sent) > 1 else 0.0
    return {
        "sent": len(sent),
        "sent_per_s": round(pace, 2),
        "cpu_ms_each": round(1000.0 * spent_s / max(1, len(sent)), 1),
        "limits_broken": len(double.violations()),
        "all_digests_take_s": round(crowd.people / pace) if pace else None,
        "at_the_limit_s": round(crowd.people / PER_SECOND),
    }


if __name__ == "__main__":
    main()
