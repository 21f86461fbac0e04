"""Lanes: whoever joins, jams, changes language or acknowledges, gets just what is theirs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from events.live.feed import Feed
from events.live.filters import EVERYTHING, EventFilter
from events.live.log import Message, StreamState
from events.live.rows import Voice, text_header
from events.live.subscription import Subscription
from events.tests.live_client import decide
from events.tests.live_talk import texts_of

CREDIT = 32
WISHES = (
    EVERYTHING,
    EventFilter(families=frozenset({"moon_phases"})),
    EventFilter(min_significance=4),
    EventFilter(event_types=frozenset({"full_moon"}), min_significance=2),
)
VOICES = (Voice("en"), Voice("ru"), Voice("hi"))
SUBJECTS = (("full_moon", "moon_phases"), ("new_moon", "moon_phases"), ("perihelion", "apsides"))


def message(seq: int, subject: tuple[str, str], significance: int) -> Message:
    event_type, family = subject
    body = {
        "facts": {
            "event_type": event_type,
            "family": family,
            "significance": significance,
            "origin": "staff",
        },
        "words": {
            voice.language: {
                "title": f"{voice.language} {seq}",
                "description": "",
                "reflection": "",
            }
            for voice in VOICES
        },
    }
    at = "2026-07-01T12:00:00.000Z"
    return Message(seq, f"key:{seq}", "event.published", at, orjson.dumps(body))


class Reader:
    """A client that checks what it gets, with a socket that takes as much as it is told to."""

    def __init__(self, feed: Feed, wish: EventFilter, voice: Voice) -> None:
        self.feed, self.wish, self.voice = feed, wish, voice
        self.got: list[int] = []
        self.last = feed.last_seq
        self.joined_at = feed.last_seq
        self.waiting: deque[bytes] = deque()
        self.rest = b""
        self.room = 1 << 30
        self.place = Subscription(feed, wish, feed.last_seq, deque(), self.wake)
        self.leave: Callable[[], None] | None = None

    def wake(self) -> None:
        pass

    @property
    def is_clear(self) -> bool:
        return not self.waiting

    def push(self, wire: bytes) -> int:
        taken = min(self.room, len(wire))
        if not taken:
            raise BlockingIOError
        self.room -= taken
        self.receive(wire[:taken])
        return taken

    def push_later(self, wire: bytes) -> None:
        self.waiting.append(wire)

    def write(self, wire: bytes) -> None:
        self.push_later(wire)

    def on_jam(self, leave: Callable[[], None] | None) -> None:
        self.leave = leave

    def drain(self) -> None:
        self.room = 1 << 30
        while self.waiting:
            self.receive(self.waiting.popleft())

    def receive(self, wire: bytes) -> None:
        self.rest += wire
        while len(self.rest) >= 4 and len(self.rest) >= (size := frame_size(self.rest)):
            frame = orjson.loads(next(texts_of(self.rest[:size])))
            self.rest = self.rest[size:]
            self.read(frame)

    def read(self, frame: dict[str, Any]) -> None:
        assert decide(self.last, frame["prev"], frame["seq"]) == "accept", (self.last, frame)
        assert frame["data"]["title"] == f"{self.voice.language} {frame['seq']}"
        self.last = frame["seq"]
        self.got.append(frame["seq"])

    def pull(self) -> None:
        """Do what a conversation does when it is woken."""
        while self.place.is_behind and self.place.in_flight < CREDIT and self.is_clear:
            row = self.feed.after(self.place.position, 1)[0]
            prev = self.place.takes(row)
            if prev is not None:
                text = row.frame(self.voice, prev).encode()
                self.receive(text_header(len(text)) + text)
        if self.place.lane is None and self.is_clear and self.place.in_flight < CREDIT:
            self.feed.join_lane(self.place, self.voice, self)


def frame_size(wire: bytes) -> int:
    size = wire[1]
    return 2 + size if size < 126 else 4 + int.from_bytes(wire[2:4], "big")


class Lanes(RuleBasedStateMachine):
    readers = Bundle("readers")

    def __init__(self) -> None:
        super().__init__()
        self.feed = Feed("events", 500)
        self.feed.begin(StreamState("epoch", 10, 10))
        self.everybody: list[Reader] = []
        self.said: list[Message] = []

    @rule(target=readers, wish=st.sampled_from(WISHES), voice=st.sampled_from(VOICES))
    def arrive(self, wish: EventFilter, voice: Voice) -> Reader:
        reader = Reader(self.feed, wish, voice)
        self.everybody.append(reader)
        reader.pull()
        return reader

    @rule(
        told=st.lists(
            st.tuples(st.sampled_from(SUBJECTS), st.integers(1, 5)), min_size=1, max_size=20
        )
    )
    def say(self, told: list[tuple[tuple[str, str], int]]) -> None:
        first = self.feed.last_seq + 1
        fresh = [message(first + at, *what) for at, what in enumerate(told)]
        self.said += fresh
        assert self.feed.extend(fresh)
        for _turn in self.feed.bring_lanes_on():
            continue

    @rule(reader=readers)
    def pull(self, reader: Reader) -> None:
        reader.pull()

    @rule(reader=readers, back=st.integers(0, 5))
    def acknowledge(self, reader: Reader, back: int) -> None:
        reader.place.acknowledge(reader.last - back)

    @rule(reader=readers, room=st.integers(0, 3000))
    def narrow(self, reader: Reader, room: int) -> None:
        reader.room = room

    @rule(reader=readers)
    def drain(self, reader: Reader) -> None:
        reader.drain()

    @rule(reader=readers, voice=st.sampled_from(VOICES))
    def speak(self, reader: Reader, voice: Voice) -> None:
        reader.place.step_out()
        reader.drain()
        reader.voice = voice

    @rule(reader=consumes(readers))
    def depart(self, reader: Reader) -> None:
        reader.place.end()
        self.everybody.remove(reader)
        assert not any(reader.place in lane.members for lane in self.feed._all_lanes())

    @invariant()
    def nobody_owes_more_than_the_credit(self) -> None:
        for reader in self.everybody:
            assert 0 <= reader.place.in_flight <= CREDIT

    def teardown(self) -> None:
        """Let everybody catch up: nothing is missing, nothing came twice, all in order."""
        for reader in self.everybody:
            while reader.place.is_behind or reader.waiting:
                reader.drain()
                reader.place.acknowledge(reader.last)
                reader.pull()
            rows = self.feed.rows(self.said)
            wanted = [
                row.seq
                for row in rows
                if row.seq > reader.joined_at and reader.wish.lets_through(row.kind, row.subject)
            ]
            assert reader.got == wanted


@pytest.fixture(autouse=True)
def little_credit(settings: Any) -> None:
    settings.LIVE_CREDIT = CREDIT


def test_every_reader_gets_its_own_sequence() -> None:
    run_state_machine_as_test(
        Lanes, settings=hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)
    )
