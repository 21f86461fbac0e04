"""Whose tokens ended before their time: the newest revocations, in memory.

A token lives ten minutes, so that older revocations need not be known: what they ended has run
out by itself.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from events.live.identity import Identity
from events.live.log import LogReader, Message, StreamState
from events.live.rows import UNREADABLE

logger = logging.getLogger(__name__)

REVOCATIONS = "revocations"
WINDOW_S = 15 * 60.0  # the life of a token, and some for the clock and for long transactions
BATCH = 500
Wake = Callable[[], None]


class Revocations:
    """The stream ``revocations`` as this process knows it, and the sockets that it concerns."""

    name = REVOCATIONS

    def __init__(self) -> None:
        self.epoch = ""
        self.last_seq = 0
        self._sessions: dict[str, float] = {}  # when we heard that it ended
        self._users: dict[str, tuple[float, int]] = {}  # when, and the version from which on
        self._watchers: defaultdict[str, set[Wake]] = defaultdict(set)

    async def load(self, log: LogReader, state: StreamState) -> None:
        """Read what was revoked lately: the first time, or when the stream started anew."""
        seq = await log.seq_before(self.name, WINDOW_S)
        while messages := await log.after(self.name, seq, BATCH):
            self._note(messages)
            seq = messages[-1].seq
        self.epoch, self.last_seq = state.epoch, max(seq, state.last_seq)

    def extend(self, messages: Sequence[Message]) -> bool:
        """Note what follows; False if something is missing before it."""
        self._note(messages)  # a revocation holds, in whatever order it is heard
        for message in messages:
            if message.seq == self.last_seq + 1:
                self.last_seq = message.seq
            elif message.seq > self.last_seq:
                return False
        return True

    def ended(self, identity: Identity) -> bool:
        """Say whether an identity was revoked."""
        version = self._users.get(identity.user, (0.0, 0))[1]
        return identity.session in self._sessions or identity.token_version < version

    def watch(self, identity: Identity, wake: Wake) -> None:
        """Have a socket woken when its session or its user is revoked."""
        for name in (identity.user, identity.session):
            self._watchers[name].add(wake)

    def unwatch(self, identity: Identity, wake: Wake) -> None:
        for name in (identity.user, identity.session):
            self._watchers[name].discard(wake)
            if not self._watchers[name]:
                del self._watchers[name]

    def _note(self, messages: Sequence[Message]) -> None:
        now = time.monotonic()
        for message in messages:
            try:
                self._end(orjson.loads(message.body), now)
            except UNREADABLE:
                logger.exception("A revocation cannot be read.")
        _forget(self._sessions, now)
        _forget(self._users, now)

    def _end(self, body: dict[str, Any], now: float) -> None:
        if body.get("sid"):
            name = str(body["sid"])
            self._sessions.pop(name, None)  # to the end of the order in which they are forgotten
            self._sessions[name] = now
        else:
            name, version = str(body["uid"]), int(body["tv"])
            _heard_at, known = self._users.pop(name, (0.0, 0))
            self._users[name] = now, max(known, version)
        for wake in tuple(self._watchers.get(name, ())):
            wake()


def _forget(heard: dict[str, Any], now: float) -> None:
    """Drop what is older than any token, oldest first."""
    while heard:
        name, value = next(iter(heard.items()))
        if now - (value[0] if isinstance(value, tuple) else value) < WINDOW_S:
            return
        del heard[name]
