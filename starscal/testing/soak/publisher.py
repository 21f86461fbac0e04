"""Publish events at a steady rate by the service, whatever happens to PostgreSQL meanwhile.

python -m starscal.testing.soak.publisher

The first line of the standard input is a JSON object of options; ``go`` starts, ``burst N`` says
more at once, ``finish`` waits for all of them. Each is answered by one line of JSON.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django
from django.db import DatabaseError, connection

from starscal.devservices.waiting import pause

RETRY_S = 0.1
SORTS = (
    ("full_moon", "moon_phases"), ("new_moon", "moon_phases"), ("march_equinox", "seasons"),
    ("opposition", "elongations"), ("conjunction", "conjunctions"),
)  # fmt: skip


def drafts(count: int) -> list[Any]:
    """Store drafts of many kinds and weights; what they tell of was long ago."""
    from events.models import Event  # noqa: PLC0415 - Django has to be set up before
    from starscal.core import clock  # noqa: PLC0415

    past = clock.now() - timedelta(days=60)
    rows = [
        Event(
            key=f"soak-{number}", slug=f"soak-{number}", event_type=kind, family=family,
            occurs_at=past, origin=Event.Origin.COMPUTED, status=Event.Status.DRAFT,
            significance=1 + number // len(SORTS) % 5, title_en=f"Soak {number}",
            title_de=f"Bad {number}", title_ru=f"Ванна {number}", title_hi=f"स्नान {number}",
        )
        for number, (kind, family) in zip(range(count), endless(), strict=False)
    ]  # fmt: skip
    return [row.pk for row in Event.objects.bulk_create(rows)]


def endless() -> Iterator[tuple[str, str]]:
    while True:
        yield from SORTS


def due(offsets_s: list[float]) -> None:
    """Store published events that begin during the soak: the worker announces them."""
    from events.models import Event  # noqa: PLC0415
    from starscal.core import clock  # noqa: PLC0415

    now = clock.now()
    Event.objects.bulk_create(
        Event(
            key=f"due-{number}", slug=f"due-{number}", event_type="full_moon",
            family="moon_phases", occurs_at=now + timedelta(seconds=offset), significance=5,
            origin=Event.Origin.COMPUTED, status=Event.Status.PUBLISHED, title_en=f"Due {number}",
        )
        for number, offset in enumerate(offsets_s)
    )  # fmt: skip


class Publisher:
    """Says each draft once, sooner or later."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.waiting: list[Any] = list(reversed(drafts(options["events"])))
        self.retries = self.said = 0
        self.bursts: queue.SimpleQueue[int] = queue.SimpleQueue()
        for _number in range(options["before"]):
            self.publish()

    def publish(self) -> None:
        """Publish one: again until PostgreSQL has said yes; the service makes it one message."""
        from events.services.curation import event_publish  # noqa: PLC0415

        pk = self.waiting.pop()
        while True:
            try:
                event_publish(event_id=pk, actor=None)
            except DatabaseError:
                connection.close()
                self.retries += 1
                pause(RETRY_S)
            else:
                self.said += 1
                return

    def run(self) -> None:
        """Publish by the clock: what was missed is made up for."""
        began = time.monotonic()
        for number in range(self.options["count"]):
            while (late := began + number / self.options["rate"] - time.monotonic()) > 0:
                self.burst(late)
            self.publish()
        while not self.bursts.empty():
            self.publish_many(self.bursts.get())

    def burst(self, wait_s: float) -> None:
        try:
            self.publish_many(self.bursts.get(timeout=wait_s))
        except queue.Empty:
            return

    def publish_many(self, count: int) -> None:
        for _number in range(count):
            self.publish()


def main() -> None:
    """Obey the commands until the last."""
    options = json.loads(sys.stdin.readline())
    django.setup()
    due(options["due"])
    publisher = Publisher(options)
    work = threading.Thread(target=publisher.run, daemon=True)
    answer({"ready": publisher.said})
    for line in sys.stdin:
        name, _space, argument = line.strip().partition(" ")
        if name == "go":
            work.start()
        elif name == "burst":
            publisher.bursts.put(int(argument))
        else:
            work.join()
            answer({"said": publisher.said, "retries": publisher.retries})
            return


def answer(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
