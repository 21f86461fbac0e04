"""Measure how many checks of membership are answered from rows, and how many ask Telegram.

A thousand linked people who use the bot, nine of ten members, with answers as old as they are at
any moment of a busy day: a hundred checks a second for three minutes of the bench's own clock, with
real rows and the real client, against the double of the Bot API, which counts the calls. The limit
is lifted, so that all who want to ask do, and compared with what they asked for. The last line is
JSON; the exit status is 1 if fewer than 95 of 100 are answered from rows, if an answer is wrong, or
if more was asked for than the limit allows. What it writes is rolled back.

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
from datetime import datetime, timedelta
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
from telegram_link.selectors.membership import FRESH_IN, FRESH_OUT  # noqa: E402
from telegram_link.services.membership import ASKED, membership_of  # noqa: E402

CHANNEL: Final = -1001234567890
FIRST: Final = 900_000
LEAST: Final = 0.95
ASK: Final = "getChatMember"


def is_member(number: int) -> bool:
    return number % 10 != 0


def people_link(double: TelegramDouble, count: int, at: datetime) -> list[User]:
    """Link so many people, each with an answer that is still good for a while."""
    channel = double.people.chat(CHANNEL, "channel")
    users = []
    for number in range(FIRST, FIRST + count):
        status, fresh = ("member", FRESH_IN) if is_member(number) else ("left", FRESH_OUT)
        double.people.member_set(channel, double.people.add(number), status)
        user = User.objects.create_user(
            f"bench-{number}", telegram_user_id=number, is_telegram_subscribed=is_member(number)
        )
        chat = TelegramChat.objects.create(id=number)
        asked_at = at - fresh * random.random()  # noqa: S311 - any moment will do
        TelegramAccount.objects.create(
            user=user, chat=chat, telegram_user_id=number, membership=status,
            member_checked_at=asked_at, member_tried_at=asked_at,
        )  # fmt: skip
        users.append(user)
    return users


def checks_run(
    double: TelegramDouble, users: Sequence[User], *, at: datetime, seconds: float, rate: float
) -> dict[str, Any]:
    """Check somebody of them at a steady pace; return how often Telegram was asked."""
    checks, wrong, spent = round(seconds * rate), 0, time.process_time()
    for number in range(checks):
        user = random.choice(users)  # noqa: S311 - whoever comes next
        standing = membership_of(user=user, at=at + timedelta(seconds=number / rate))
        wrong += standing.subscribed != is_member(int(user.telegram_user_id or 0))
    asked = len(double.calls(ASK))
    return {
        "checks": checks,
        "asked": asked,
        "from_rows": round(1 - asked / checks, 4),
        "asked_a_second": round(asked / seconds, 2),
        "allowed_a_second": ASKED.refill_per_s,
        "wrong": wrong,
        "cpu_ms_a_check": round((time.process_time() - spent) / checks * 1000, 2),
    }


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Check within a transaction that leaves nothing."""
    double = TelegramDouble()
    double.start()
    facts = {
        "TELEGRAM_BOT_TOKEN": double.token,
        "TELEGRAM_API_BASE": double.url,
        "TELEGRAM_CHANNEL_ID": str(CHANNEL),
        "RATE_LIMITS": {"*": (1_000_000, 60)},
    }
    at = clock.now()
    try:
        with override_settings(**facts), transaction.atomic():
            BotState.objects.update(silent_until=None)
            users = people_link(double, options.people, at)
            found = checks_run(double, users, at=at, seconds=options.seconds, rate=options.rate)
            transaction.set_rollback(True)
    finally:
        double.stop()
    return found


def parser() -> argparse.ArgumentParser:
    """Return what may be asked for."""
    found = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    found.add_argument("--people", type=int, default=1000)
    found.add_argument("--seconds", type=float, default=180.0)
    found.add_argument("--rate", type=float, default=100.0, help="checks a second")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was measured; return the exit status."""
    options = parser().parse_args(arguments)
    call_command("migrate", verbosity=0)
    found = measure(options)
    passed = (
        found["from_rows"] >= LEAST
        and found["wrong"] == 0
        and 0 < found["asked_a_second"] <= found["allowed_a_second"]
    )
    print(f"{found['checks']} checks, {found['asked']} calls: {found['from_rows']:.1%} from rows")
    print(json.dumps({"bench": "telegram-membership", "passed": passed, **found}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
