"""T12: what was queued for Telegram arrives, within its limits, through faults and kills."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import psutil
import pytest

from starscal.testing.drill import drill_full
from starscal.testing.live import LiveProcess
from starscal.testing.polling import poll
from starscal.testing.soak.town import pss_mib
from starscal.testing.telegram import TelegramDouble, Violation
from telegram_link.messages import Message, stored
from telegram_link.models import Notification, TelegramChat
from telegram_link.services.queue import message_queue, notification_row

pytestmark = [
    pytest.mark.drill("T12"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]

FULL = drill_full()
SEED = 12
UNDER_WAY_S = 0.25  # so long an answer may take to be known
BACKLOG = 750 if FULL else 60
REPLIES = 40 if FULL else 4
ANY_MOMENT = Event()  # never set: kills do not wait for what the double has just accepted


@dataclass(frozen=True)
class Load:
    """How much is sent, what goes wrong, and how often the process is killed."""

    chats: int
    groups: int
    blocked: int  # beside the others; what waits for them is dropped
    messages_each: int
    kills: int
    lease_s: int
    limit_s: float
    faults: tuple[tuple[str, int, float], ...]  # kind, how many chats it hits, seconds

    @property
    def messages(self) -> int:
        return self.chats * self.messages_each


LOAD = (
    Load(
        chats=200, groups=20, blocked=4, messages_each=3, kills=10, lease_s=15, limit_s=240.0,
        faults=(
            ("unavailable", 16, 0), ("garbage", 8, 0), ("closed", 4, 0),
            ("slow", 4, 1.5), ("hang", 2, 12.0), ("too_many", 4, 2.0),
        ),
    )
    if FULL
    else Load(
        chats=36, groups=4, blocked=1, messages_each=2, kills=2, lease_s=3, limit_s=60.0,
        faults=(("unavailable", 3, 0), ("garbage", 1, 0), ("slow", 1, 0.5), ("too_many", 1, 1.0)),
    )
)  # fmt: skip


class Town:
    """Chats on both sides, and what is queued for them."""

    def __init__(self, double: TelegramDouble, load: Load) -> None:
        self.double = double
        self.load = load
        self.chats = [self._group(n) for n in range(load.groups)]
        self.chats += [self._private() for _n in range(load.chats - load.groups)]
        self.hurried = set(self.chats[:: self.load.chats // 6])  # all of theirs is urgent
        self.closed = [self._private() for _n in range(load.blocked)]
        for chat_id in self.closed:
            double.people.blocks(double.world.people[chat_id])

    def _private(self) -> int:
        number = self.double.people.add().id
        TelegramChat.objects.create(pk=number)
        return number

    def _group(self, place: int) -> int:
        number = self.double.people.chat(-1000 - place, "supergroup").id
        TelegramChat.objects.create(pk=number, kind=TelegramChat.Kind.SUPERGROUP)
        return number

    def queue(self) -> None:
        """Queue the messages, each with a text of its own."""
        for turn in range(self.load.messages_each):
            for chat_id in (*self.chats, *self.closed):
                text = f"{chat_id} {turn}"
                is_late = turn and chat_id not in self.hurried
                kind = Notification.Kind.DIGEST if is_late else Notification.Kind.REMINDER
                message_queue(chat_id=chat_id, key=text, message=Message(text), kind=kind)

    def trouble(self, dice: random.Random) -> None:
        """Have calls for some chats, each once, run into what goes wrong out there."""
        chats = iter(dice.sample(self.chats, sum(count for _kind, count, _s in self.load.faults)))
        for kind, count, seconds in self.load.faults:
            for _time in range(count):
                self.double.fail(kind, chat_id=next(chats), method="sendMessage", seconds=seconds)

    @property
    def arrived(self) -> Counter[str]:
        return Counter(call.text for call in self.double.accepted())

    def has_called(self, count: int) -> bool:
        return sum(call.counts for call in self.double.log) >= count


class Bot(LiveProcess):
    """The real process, which counts how often it is killed."""

    def __init__(self, folder: Path, lease_s: int) -> None:
        super().__init__(["manage.py", "telegram"], folder / "telegram.log")
        self.environment = {"STARSCAL_TEST_LEASE_S": str(lease_s)}
        self.kills = 0

    def restart(self) -> None:
        self.kill()
        self.kills += 1
        self.start()


@pytest.fixture
def bot(tmp_path: Path, telegram: TelegramDouble) -> Iterator[Bot]:
    made = Bot(tmp_path, LOAD.lease_s)
    yield made
    made.stop()


@pytest.fixture
def town(telegram: TelegramDouble) -> Town:
    return Town(telegram, LOAD)


def is_settled() -> bool:
    return not Notification.objects.filter(status=Notification.Status.QUEUED).exists()


def broken_limits(double: TelegramDouble) -> list[Violation]:
    """Return where limits were broken, but for what was under way when silence was told."""
    told = [
        call.answered_at or call.at
        for call in double.calls()
        if call.outcome == "429" and not call.is_silenced
    ]

    def is_under_way(at: float) -> bool:
        return any(0 <= at - then <= UNDER_WAY_S for then in told)

    broken = double.violations()
    return [each for each in broken if each.kind != "silence" or not is_under_way(each.at)]


def tightest(double: TelegramDouble, count: int = 26) -> float:
    """Return the shortest time in which so many messages came."""
    at = sorted(call.at for call in double.calls("sendMessage"))
    return round(min(later - sooner for sooner, later in zip(at, at[count - 1 :], strict=False)), 3)


def waits(holds: Callable[[], bool], timeout_s: float) -> None:
    assert poll(holds, timeout_s=timeout_s), "It takes too long."


def test_nothing_is_lost_and_no_limit_broken_by_a_sender_that_is_killed(
    telegram: TelegramDouble, town: Town, bot: Bot, figures: dict[str, Any]
) -> None:
    dice = random.Random(SEED)
    telegram.enforcer.is_on = True
    town.queue()
    town.trouble(dice)
    marks = sorted(dice.sample(range(5, int(town.load.messages * 0.9)), town.load.kills))
    began = monotonic()
    bot.start()
    for mark in marks:
        telegram.wait_for(partial(town.has_called, mark), town.load.limit_s)
        ANY_MOMENT.wait(dice.uniform(0, 0.3))
        bot.restart()
    waits(is_settled, town.load.limit_s)
    arrived, broken = town.arrived, broken_limits(telegram)
    rows = Counter(Notification.objects.values_list("status", flat=True))
    twice = sum(count - 1 for count in arrived.values())
    outcomes = Counter(call.outcome for call in telegram.calls("sendMessage"))
    figures |= {
        "messages": town.load.messages, "chats": town.load.chats, "kills": bot.kills,
        "lost": town.load.messages - len(arrived), "twice": twice,
        "violations": len(broken), "tightest_26_s": tightest(telegram),
        "rows": dict(rows), "calls": dict(outcomes), "seconds": round(monotonic() - began, 1),
    }  # fmt: skip
    assert len(arrived) == town.load.messages
    assert broken == []
    assert twice <= bot.kills
    assert rows == {
        Notification.Status.SENT: town.load.messages,
        Notification.Status.DROPPED: town.load.blocked * town.load.messages_each,
    }
    assert set(TelegramChat.objects.exclude(blocked_at=None).values_list("pk", flat=True)) == set(
        town.closed
    )


def cpu_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def has_any(double: TelegramDouble, chat_id: int) -> bool:
    return bool(double.accepted(chat_id))


def replies_ms(double: TelegramDouble, chats: list[int]) -> list[float]:
    """Queue replies, one after the other, and return how long each took to arrive."""
    found = []
    for chat_id in chats:
        began = monotonic()
        words = Message(f"reply {chat_id}")
        message_queue(chat_id=chat_id, key=words.text, message=words, kind=Notification.Kind.REPLY)
        double.wait_for(partial(has_any, double, chat_id), timeout_s=60)
        found.append((double.accepted(chat_id)[0].at - began) * 1000)
    return sorted(found)


def test_a_backlog_goes_at_the_full_pace_and_replies_pass_it(
    telegram: TelegramDouble, bot: Bot, figures: dict[str, Any]
) -> None:
    people = [telegram.people.add().id for _number in range(BACKLOG + REPLIES)]
    TelegramChat.objects.bulk_create([TelegramChat(pk=number) for number in people])
    backlog, asking = people[:BACKLOG], people[BACKLOG:]
    rows = [
        notification_row(
            chat_id=number,
            key=f"digest {number}",
            kind=Notification.Kind.DIGEST,
            body=stored(Message(f"digest {number}")),
        )
        for number in backlog
    ]
    Notification.objects.bulk_create(rows)
    bot.start()
    telegram.wait_for(lambda: len(telegram.accepted()) >= BACKLOG // 10, timeout_s=60)
    assert bot.process is not None
    began, spent, before = monotonic(), cpu_s(bot.process.pid), len(telegram.accepted())
    waits_ms = replies_ms(telegram, asking)
    waits(is_settled, LOAD.limit_s)
    took_s = telegram.accepted()[-1].at - began
    sent = len(telegram.accepted()) - before
    figures |= {
        "messages": BACKLOG + REPLIES, "per_second": round(sent / took_s, 1),
        "cpu_ms_a_message": round((cpu_s(bot.process.pid) - spent) / sent * 1000, 2),
        "reply_p50_ms": round(waits_ms[len(waits_ms) // 2]),
        "reply_p95_ms": round(waits_ms[int(len(waits_ms) * 0.95)]),
        "pss_mib": round(pss_mib(bot), 1),
        "tightest_26_s": tightest(telegram), "violations": len(broken_limits(telegram)),
    }  # fmt: skip
    assert broken_limits(telegram) == []
    assert len(telegram.accepted()) == BACKLOG + REPLIES
    assert len([call for call in telegram.accepted() if call.text.startswith("reply")]) == REPLIES
    assert waits_ms[-1] < took_s * 1000 / 2  # far ahead of the end of the backlog
