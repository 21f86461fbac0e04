"""Write to the log from many processes at once: the load of T3.

python -m starscal.core.tests.outbox_writers WRITERS ROUNDS
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
import threading
import time
from multiprocessing.synchronize import Barrier
from typing import Any

import django

ROLLED_BACK = 0.1
PATIENCE_S = 120.0
HELD_S = 0.3


def append(stream: str, key: str) -> None:
    from starscal.core.outbox import NewMessage, outbox_append

    outbox_append(stream=stream, messages=[NewMessage(key=key, kind="void", body={"key": key})])


def outbox_round(name: str, chance: random.Random) -> str:
    """Append in one transaction; return the key, or nothing when it was rolled back."""
    from django.db import transaction

    kept = chance.random() >= ROLLED_BACK
    with transaction.atomic():
        append("events", name)
        if chance.random() < 0.2:
            append("me:writer", f"me-{name}")
        transaction.set_rollback(not kept)
    return name if kept else ""


def plain_round(name: str, chance: random.Random) -> str:
    """Commit one plain row: what the machine can do at all."""
    from django.db import transaction

    from starscal.core.models import OutboxMessage

    kept = chance.random() >= ROLLED_BACK
    with transaction.atomic():
        number = int(name.replace("-", "")) + 10**9
        OutboxMessage.objects.create(
            stream_id="plain", seq=number, key=f"plain-{name}", kind="void", body={"key": name}
        )
        transaction.set_rollback(not kept)
    return name if kept else ""


ROUNDS = {"plain": plain_round, "outbox": outbox_round}


def write(work: str, writer: int, rounds: int, barrier: Barrier, told: Any) -> None:
    """Be one writer; tell the keys that were committed, and what went wrong."""
    from django.db import OperationalError, connection

    chance, keys, troubles = random.Random(writer), [], 0
    connection.ensure_connection()
    barrier.wait(PATIENCE_S)
    began = time.monotonic()
    for number in range(rounds):
        try:
            keys.append(ROUNDS[work](f"{writer + 1}-{number:04d}", chance))
        except OperationalError:
            troubles += 1
    told.put((list(filter(None, keys)), troubles, began, time.monotonic()))
    connection.close()


def write_long(barrier: Barrier, told: Any) -> None:
    """Be a transaction that began before all others, says its part late, and takes its time."""
    from django.db import connection, transaction

    from starscal.core.models import AuditEntry

    with transaction.atomic():
        AuditEntry.objects.create(actor="long", action="long", object_type="o", object_id="1")
        barrier.wait(PATIENCE_S)
        threading.Event().wait(HELD_S)
        append("events", "long")
        threading.Event().wait(HELD_S)
    connection.close()
    told.put((["long"], 0, 0.0, 0.0))


def together(work: str, writers: int, rounds: int) -> dict[str, Any]:
    """Let all write at once; return what they committed and how fast."""
    # Forked: each starts with Django set up, and no connection is open here.
    fork = multiprocessing.get_context("fork")
    is_log = work == "outbox"
    barrier, told = fork.Barrier(writers + is_log), fork.Queue()
    crew = [
        fork.Process(target=write, args=(work, number, rounds, barrier, told))
        for number in range(writers)
    ]
    if is_log:
        crew.append(fork.Process(target=write_long, args=(barrier, told)))
    for process in crew:
        process.start()
    answers = [told.get(timeout=PATIENCE_S) for _process in crew]
    for process in crew:
        process.join()
    times = [(began, ended) for _keys, _troubles, began, ended in answers if ended]
    keys = [key for answer in answers for key in answer[0]]
    seconds = max(ended for _began, ended in times) - min(began for began, _ended in times)
    seconds -= HELD_S * is_log  # so long all stood behind the long one
    troubles = sum(answer[1] for answer in answers)
    return {"keys": keys, "troubles": troubles, "rate": round(len(keys) / seconds, 1)}


def main() -> None:
    """Write plain rows, then to the log, and tell of both."""
    django.setup()
    from django.db import connection

    from starscal.core.models import Stream

    writers, rounds = map(int, sys.argv[1:3])
    Stream.objects.get_or_create(name="plain")
    connection.close()
    told = {work: together(work, writers, rounds) for work in ROUNDS}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
