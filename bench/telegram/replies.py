"""Measure how fast updates are taken and answered: real Daphne, real bot, the double of Telegram.

    python -m bench.telegram.replies --rate 100 --seconds 30

Starts private servers, a web server and ``manage.py telegram``; the double delivers updates of all
kinds by webhook, at even distances, and notes when each reply reaches it. Exits with 1 if a
figure misses its mark. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any, Final

from bench.list_api import percentile
from bench.live.machine import cpu_seconds, put_ahead
from bench.live.memory import family
from bench.live.services import database_prepared, services_started
from starscal.devservices.layout import CHECKOUT
from starscal.devservices.ports import free_port
from starscal.devservices.processes import last_lines, spawn, stop
from starscal.devservices.waiting import poll
from starscal.health import is_well
from starscal.testing.telegram.double import TelegramDouble
from starscal.testing.telegram.world import Chat, Person

WEBHOOK_P95_MS: Final = 50.0
REPLY_P95_MS: Final = 500.0
ASKERS, PRESSERS, MEMBERS = 400, 120, 200
COMMANDS: Final = (
    "/today", "/moon", "/help", "/sun", "/quiet", "/next", "/place 48.2 16.4", "/language",
)  # fmt: skip
# Of a hundred updates: 22 want a message, which is within 25 a second; the rest wants none.
MIX: Final = {"command": 16, "edit": 6, "toast": 14, "member": 20, "chatter": 34, "repeated": 10}
CHANNEL: Final = -1_001_000
CLUB: Final = -1_002_000
WARM_S: Final = 8.0
CALM_S: Final = 20.0


@dataclass
class Asked:
    """What was asked, when, and by which calls it is answered."""

    commands: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    presses: dict[str, float] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    late_s: float = 0.0


class Crowd:
    """People who do all sorts of things in the double's Telegram."""

    def __init__(self, double: TelegramDouble) -> None:
        self.double = double
        people = double.people
        self.askers = [people.add(language_code="de") for _number in range(ASKERS)]
        self.pressers = [people.add(language_code="ru") for _number in range(PRESSERS)]
        self.members = [people.add() for _number in range(MEMBERS)]
        self.channel = people.chat(CHANNEL, "channel")
        self.club = people.chat(CLUB, "supergroup")
        self.turns = {
            "asker": cycle(self.askers),
            "presser": cycle(self.pressers),
            "member": cycle(self.members),
        }
        self.commands = cycle(COMMANDS)
        self.days = cycle(range(1, 29))
        self.statuses = cycle(("member", "left"))
        self.last: dict[str, Any] = {}
        self.asked = Asked()

    def do(self, kind: str) -> None:
        """Do one thing of a kind, and note what is to come of it."""
        self.asked.kinds[kind] += 1
        getattr(self, f"_{kind}")()

    def _command(self) -> None:
        who = next(self.turns["asker"])
        self.asked.commands[who.id].append(time.monotonic())
        self.double.people.says(who, next(self.commands))

    def _edit(self) -> None:
        self._press(f"today:2026-12-{next(self.days):02}")

    def _toast(self) -> None:
        self._press("gone:1")

    def _press(self, data: str) -> None:
        who: Person = next(self.turns["presser"])
        home: Chat = self.double.world.chats[who.id]
        under = next(said for said in home.messages.values() if said["from"]["is_bot"])
        query = str(self.double.inbox.next_number * 1009)
        self.asked.presses[query] = time.monotonic()
        self.double.people.presses(who, under, data)

    def _member(self) -> None:
        who = next(self.turns["member"])
        self.double.people.member_set(self.channel, who, next(self.statuses))

    def _chatter(self) -> None:
        number = self.double.people.says(next(self.turns["member"]), "Hello all!", self.club)
        entry = self.double.inbox.waiting.get(number)  # unless it was delivered meanwhile
        self.last = {**entry.update} if entry else {}

    def _repeated(self) -> None:
        if self.last:
            self.double.people.update_add(self.last)


def order_of_kinds() -> Iterator[str]:
    """Yield the kinds of the mix for ever, each as evenly as may be."""
    due = dict.fromkeys(MIX, 0.0)
    while True:
        for kind, share in MIX.items():
            due[kind] += share
        kind = max(due, key=lambda name: due[name])
        due[kind] -= sum(MIX.values())
        yield kind


def drive(crowd: Crowd, rate: float, seconds: float) -> None:
    """Have things happen at even distances, whatever becomes of them."""
    began, kinds = time.monotonic(), order_of_kinds()
    for number in range(int(rate * seconds)):
        due = began + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        crowd.asked.late_s = max(crowd.asked.late_s, time.monotonic() - due)
        crowd.do(next(kinds))


def replies_s(crowd: Crowd, since: float) -> tuple[list[float], list[float], int]:
    """Return how long messages and answers to buttons took, and how many never came."""
    sent: dict[int, list[float]] = defaultdict(list)
    told: dict[str, float] = {}
    for call in crowd.double.calls():
        if call.at >= since and call.method == "answerCallbackQuery":
            told[str(call.parameters["callback_query_id"])] = call.at
        elif call.at >= since and call.chat_id is not None:
            sent[call.chat_id].append(call.at)
    messages = [
        at - asked
        for chat, all_asked in crowd.asked.commands.items()
        for asked, at in zip(all_asked, sent[chat], strict=False)
    ]
    presses = [told[query] - asked for query, asked in crowd.asked.presses.items() if query in told]
    wanted = sum(map(len, crowd.asked.commands.values())) + len(crowd.asked.presses)
    return messages, presses, wanted - len(messages) - len(presses)


def program(stack: ExitStack, folder: Path, name: str, *argv: str) -> subprocess.Popen[bytes]:
    """Start one of our programs, and stop it in the end."""
    log = stack.enter_context((folder / f"{name}.log").open("ab"))
    process = spawn([sys.executable, *argv], log=log, env=dict(os.environ), cwd=CHECKOUT)
    stack.callback(stop, process, grace_s=15.0)
    return process


def await_(holds: Callable[[], bool], log: Path, what: str) -> None:
    """Wait for something; say what the program wrote if it does not come."""
    if not poll(holds, timeout_s=90.0):
        raise SystemExit(f"{what}\n" + "\n".join(last_lines(log, 20)))


def figures(crowd: Crowd, since: float, cpu: dict[str, float], updates: int) -> dict[str, Any]:
    """Return what was measured."""
    deliveries = [each for each in crowd.double.inbox.deliveries if each.at >= since]
    messages, presses, missing = replies_s(crowd, since)
    webhook = [each.took_s for each in deliveries]
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    rows = {"webhook": webhook, "reply": messages, "press": presses}
    return {
        **{
            f"{name}_{share}_ms": round(percentile(values, part) * 1000, 1)
            for name, values in rows.items()
            for share, part in shares.items()
        },
        "deliveries": len(deliveries),
        "statuses": dict(Counter(each.status for each in deliveries)),
        "kinds": dict(crowd.asked.kinds),
        "messages": len(messages),
        "presses": len(presses),
        "missing": missing,
        "late_ms": round(crowd.asked.late_s * 1000, 1),
        "violations": len(crowd.double.violations()),
        "cpu_ms_an_update": {name: round(s / updates * 1000, 2) for name, s in cpu.items()},
    }


def measured(stack: ExitStack, rate: float, seconds: float, nice: int) -> dict[str, Any]:
    """Start everything, warm up, and measure."""
    folder = services_started(stack).folder
    port = free_port()
    double = TelegramDouble()
    os.environ.update(
        TELEGRAM_BOT_TOKEN=double.token,
        TELEGRAM_WEBHOOK_SECRET="bench-only",  # noqa: S106 - guards nothing
        TELEGRAM_API_BASE=double.url,
        TELEGRAM_CHANNEL_ID=str(CHANNEL),
        SITE_URL=f"http://127.0.0.1:{port}",
        RATE_LIMITS="*=1000000/60",
    )
    database_prepared()
    compute = [sys.executable, "manage.py", "compute", "--from", "2026", "--to", "2027"]
    subprocess.run(compute, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    double.start()
    stack.callback(double.stop)
    web = program(stack, folder, "web", "-m", "starscal.web", "--port", str(port))
    await_(lambda: is_well(f"http://127.0.0.1:{port}/livez"), folder / "web.log", "No web server.")
    bot = program(stack, folder, "bot", "manage.py", "telegram")
    await_(lambda: bool(double.inbox.webhook.url), folder / "bot.log", "The bot did not set up.")
    for pid in family(os.getpid()):
        put_ahead(pid, nice)
    return run(Crowd(double), {"web": web, "bot": bot}, rate, seconds)


def run(
    crowd: Crowd, programs: dict[str, subprocess.Popen[bytes]], rate: float, seconds: float
) -> dict[str, Any]:
    double = crowd.double
    for who, at in zip(crowd.pressers, count(), strict=False):
        double.people.says(who, "/help")
        time.sleep(0.0 if at % 20 else 1.0)
    double.wait_for(lambda: len(double.accepted()) >= PRESSERS, 60.0)
    drive(crowd, rate, WARM_S)
    calm(crowd)
    crowd.asked = Asked()
    began = time.monotonic()
    before = {name: cpu_seconds(process.pid) for name, process in programs.items()}
    drive(crowd, rate, seconds)
    calm(crowd)
    cpu = {name: cpu_seconds(each.pid) - before[name] for name, each in programs.items()}
    return figures(crowd, began, cpu, int(rate * seconds))


def calm(crowd: Crowd) -> None:
    """Wait until nothing waits, and nothing was called for two seconds."""
    deadline = time.monotonic() + CALM_S
    while time.monotonic() < deadline:
        calls = len(crowd.double.calls())
        time.sleep(2.0)
        if not crowd.double.inbox.waiting and calls == len(crowd.double.calls()):
            return


def main() -> int:
    """Measure, and say whether it is fast enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--nice", type=int, default=0, help="below 0: ahead of others, as root")
    options = parser.parse_args()
    with ExitStack() as stack:
        found = measured(stack, options.rate, options.seconds, options.nice)
    is_good = (
        found["webhook_p95_ms"] <= WEBHOOK_P95_MS
        and found["reply_p95_ms"] <= REPLY_P95_MS
        and not found["missing"]
        and not found["violations"]
    )
    print(json.dumps(found))
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
