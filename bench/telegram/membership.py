"""Measure how many checks of membership are answered from rows, and how many ask Telegram.

A thousand linked people, nine of ten members, of whom Telegram was asked hours ago: a hundred
checks a second for two minutes, in real time, with the real limits, rows and client, against the
double of the Bot API, which counts the calls. A line for each half is printed, then one JSON line;
the exit status is 1 if fewer than 95 of 100 are answered from rows, or more calls were made than
the limit allows, or none. What it writes is rolled back.

Run it with: python -m bench.telegram.membership
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from threading import Event
from typing import Any, Final

from starscal.devservices.environment import servers_for

servers_for(["manage.py", "bench-telegram"])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import override_settings  # noqa: E402

from accounts.models import User  # noqa: E402
from starscal.core import clock  # noqa: E402
from starscal.testing.telegram import TelegramDouble  # noqa: E402
from telegram_link.models import BotState, TelegramAccount, TelegramChat  # noqa: E402
from telegram_link.services.membership import ASKED, membership_of  # noqa: E402

CHANNEL: Final = -1001234567890
FIRST: Final = 900_000
LEAST: Final = 0.95
ASK: Final = "getChatMember"


def people_link(double: TelegramDouble, count: int) -> list[User]:
    """Link so many people, each asked for at another time of the last hours."""
    channel = double.people.chat(CHANNEL, "channel")
    users = []
    for number in range(FIRST, FIRST + count):
        status = "left" if number % 10 == 0 else "member"
        double.people.member_set(channel, double.people.add(number), status)
        user = User.objects.create_user(
            f"bench-{number}", telegram_user_id=number, is_telegram_subscribed=status == "member"
        )
        chat = TelegramChat.objects.create(id=number)
        asked_at = clock.now() - timedelta(hours=1, seconds=number % 18_000)
        TelegramAccount.objects.create(
            user=user, chat=chat, telegram_user_id=number, membership=status,
            member_checked_at=asked_at, member_tried_at=asked_at,
        )  # fmt: skip
        users.append(user)
    return users


def minute_run(
    double: TelegramDouble, users: Sequence[User], *, seconds: float, rate: float
) -> dict[str, Any]:
    """Check somebody of them at a steady pace; return how often Telegram was asked."""
    before, began, spent = len(double.calls(ASK)), time.monotonic(), time.process_time()
    pause, checks, wrong = Event(), round(seconds * rate), 0
    for number in range(checks):
        pause.wait(max(0.0, began + number / rate - time.monotonic()))
        user = random.choice(users)  # noqa: S311 - whoever comes next
        subscribed = membership_of(user=user, at=clock.now()).subscribed
        wrong += subscribed != (int(user.telegram_user_id or 0) % 10 != 0)
    took, asked = time.monotonic() - began, len(double.calls(ASK)) - before
    return {
        "checks": checks,
        "asked": asked,
        "from_rows": round(1 - asked / checks, 4),
        "wrong": wrong,
        "took_s": round(took, 1),
        "allowed": ASKED.capacity + ASKED.refill_per_s * took,
        "cpu_ms_a_check": round((time.process_time() - spent) / checks * 1000, 2),
    }


def measure(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Run both halves within a transaction that leaves nothing."""
    double = TelegramDouble()
    double.start()
    facts = {
        "TELEGRAM_BOT_TOKEN": double.token,
        "TELEGRAM_API_BASE": double.url,
        "TELEGRAM_CHANNEL_ID": str(CHANNEL),
    }
    try:
        with override_settings(**facts), transaction.atomic():
            BotState.objects.update(silent_until=None)
            users = people_link(double, options.people)
            half = {"seconds": options.seconds / 2, "rate": options.rate}
            found = [minute_run(double, users, **half) for _half in range(2)]
            transaction.set_rollback(True)
    finally:
        double.stop()
    return found


def parser() -> argparse.ArgumentParser:
    """Return what may be asked for."""
    found = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    found.add_argument("--people", type=int, default=1000)
    found.add_argument("--seconds", type=float, default=120.0)
    found.add_argument("--rate", type=float, default=100.0, help="checks a second")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was measured; return the exit status."""
    options = parser().parse_args(arguments)
    call_command("migrate", verbosity=0)
    halves = measure(options)
    for name, half in zip(("cold", "warm"), halves, strict=True):
        print(f"{name}: {half['checks']} checks, {half['asked']} calls, {half['from_rows']:.1%}")
    passed = all(h["from_rows"] >= LEAST and 0 < h["asked"] <= h["allowed"] for h in halves)
    print(json.dumps({"bench": "telegram-membership", "passed": passed, "halves": halves}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
