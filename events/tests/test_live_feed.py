"""The ring of a feed: what it keeps of a message that many asked for, and for how long."""

from __future__ import annotations

from events.live.feed import FRESH, Feed
from events.live.log import StreamState
from events.live.rows import Row, Voice
from events.tests.test_lanes import message

VOICES = (Voice("en"), Voice("ru"), Voice("hi"))


def asked_for(row: Row) -> list[str | bytes]:
    """Ask as readers of three languages do, by their own coroutine and from a lane."""
    frames = [row.frame(voice, row.seq - 1) for voice in VOICES]
    return [*frames, *(row.wire(voice, row.seq - 1) for voice in VOICES)]


def kept(row: Row) -> int:
    return len(row._frames) + len(row._wires)


def test_frames_are_kept_of_fresh_messages_alone() -> None:
    feed = Feed("events", 2 * FRESH)
    feed.begin(StreamState("epoch", 0, 0))
    said = {}
    for seq in range(1, 2 * FRESH + 1):
        feed.extend([message(seq, ("full_moon", "moon_phases"), 4)])
        said[seq] = asked_for(feed.ring[-1])
    assert [bool(kept(row)) for row in feed.ring] == [False] * FRESH + [True] * FRESH
    assert [asked_for(row) for row in feed.ring] == list(said.values())
    assert [bool(kept(row)) for row in feed.ring] == [False] * FRESH + [True] * FRESH


def test_what_a_start_loads_is_no_fresher_for_that() -> None:
    feed = Feed("events", 2 * FRESH)
    told = [message(seq, ("full_moon", "moon_phases"), 4) for seq in range(1, 2 * FRESH + 1)]
    feed.begin(StreamState("epoch", 2 * FRESH, 0), told)
    for row in feed.ring:
        asked_for(row)
    assert [bool(kept(row)) for row in feed.ring] == [False] * FRESH + [True] * FRESH
