"""Which messages are about what can be seen from a subscriber's place; judged beside the loop."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from astronomy.errors import EphemerisRangeError
from astronomy.observer.place import Place
from events.live.filters import EventFilter
from events.live.rows import UNREADABLE, Row
from events.sights import facts_seen
from starscal.core.errors import error_record

VERDICTS_KEPT: Final = 20_000
NONE: Final[frozenset[int]] = frozenset()
Verdict = tuple[str, Place]


class Sights:
    """The verdicts of this process: one for each message and place, found once for all sockets.

    One thread finds them, so that they take no more than one turn at the kernel at a time.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[Verdict, bool] = OrderedDict()
        self._asked: dict[Verdict, asyncio.Future[list[bool]]] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="sights")

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def unseen(self, rows: Sequence[Row], wanted: EventFilter) -> frozenset[int]:
        """Return the numbers of the messages to leave out, because the place does not see it."""
        place = wanted.place
        if place is None:
            return NONE
        verdicts = {
            row.seq: (row.key, place) for row in rows if wanted.asks_the_sky(row.kind, row.subject)
        }
        self._ask([row for row in rows if row.seq in verdicts], place)
        pending = {self._asked[verdict] for verdict in verdicts.values() if verdict in self._asked}
        if pending:
            await asyncio.wait(pending)  # does not end them with us: others wait, too
        return frozenset(
            seq for seq, verdict in verdicts.items() if not self._known.get(verdict, True)
        )

    def _ask(self, rows: Sequence[Row], place: Place) -> None:
        """Have the worker judge what nobody has asked for yet."""
        fresh = [
            row
            for row in rows
            if (row.key, place) not in self._asked and (row.key, place) not in self._known
        ]
        if not fresh:
            return
        loop = asyncio.get_running_loop()
        found = loop.run_in_executor(self._worker, judge, fresh, place)
        for row in fresh:
            self._asked[row.key, place] = found
        found.add_done_callback(self._noting([(row.key, place) for row in fresh]))

    def _noting(self, asked: list[Verdict]) -> Callable[[asyncio.Future[list[bool]]], None]:
        def note(found: asyncio.Future[list[bool]]) -> None:
            for verdict, seen in zip(asked, _verdicts(found, len(asked)), strict=True):
                del self._asked[verdict]
                self._known[verdict] = seen
            while len(self._known) > VERDICTS_KEPT:
                self._known.popitem(last=False)

        return note


def _verdicts(found: asyncio.Future[list[bool]], count: int) -> list[bool]:
    """Return what was found; where that failed, the messages pass."""
    if found.cancelled():
        return [True] * count
    if error := found.exception():
        error_record(exception=error, where="sights")
        return [True] * count
    return found.result()


def judge(rows: Sequence[Row], place: Place) -> list[bool]:
    """Say of each message whether ``place`` sees its event. Slow: not for the event loop."""
    return [_is_seen(row, place) for row in rows]


def _is_seen(row: Row, place: Place) -> bool:
    """Say whether an event is seen; what cannot be judged is not kept from anybody."""
    try:
        return facts_seen(place=place, facts=row.facts())
    except (*UNREADABLE, EphemerisRangeError):
        return True
