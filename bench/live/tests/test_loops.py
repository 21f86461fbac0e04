from dataclasses import dataclass, field

import pytest

from bench.live.loops import IN_BURSTS, SINGLY, STEADILY, closed_loop, next_window


@dataclass
class Clockwork:
    """A server that takes so long for a message, and the clock beside it."""

    message_s: float
    now: float = 0.0
    seq: int = 0
    had: int = 0
    most_ahead: int = 0
    published: list[int] = field(default_factory=list)

    def publish(self, count: int) -> int:
        self.published.append(count)
        self.seq += count
        self.most_ahead = max(self.most_ahead, self.seq - self.had)
        return self.seq

    def reached(self, seq: int, timeout_s: float) -> bool:
        took_s = (seq - self.had) * self.message_s
        self.now += min(took_s, timeout_s)
        self.had = seq
        return took_s <= timeout_s


@pytest.mark.parametrize("most_ahead", [SINGLY, STEADILY])
def test_messages_go_one_by_one(most_ahead: int) -> None:
    flow = Clockwork(message_s=0.01)

    published = closed_loop(flow, 1.0, most_ahead, clock=lambda: flow.now)

    assert set(flow.published) == {1}
    assert flow.most_ahead == most_ahead
    assert published == flow.seq == flow.had
    assert 100 <= published <= 102


def test_bursts_grow_while_the_server_is_quick() -> None:
    flow = Clockwork(message_s=0.001)

    closed_loop(flow, 2.0, IN_BURSTS, clock=lambda: flow.now)

    assert flow.published[0] == 1
    assert max(flow.published) == IN_BURSTS // 2


def test_a_slow_server_is_not_buried() -> None:
    flow = Clockwork(message_s=0.5)

    published = closed_loop(flow, 2.0, IN_BURSTS, clock=lambda: flow.now)

    assert set(flow.published) == {1}
    assert published <= 6


@pytest.mark.parametrize(
    ("window", "took_s", "then"),
    [
        pytest.param(4, 0.1, 8, id="grows"),
        pytest.param(IN_BURSTS, 0.1, IN_BURSTS, id="to-a-limit"),
        pytest.param(8, 0.4, 8, id="stays"),
        pytest.param(8, 0.9, 4, id="shrinks"),
        pytest.param(STEADILY, 0.9, STEADILY, id="but-not-below-two"),
    ],
)
def test_the_window_follows_the_time_it_takes(window: int, took_s: float, then: int) -> None:
    assert next_window(window, took_s, STEADILY, IN_BURSTS) == then
