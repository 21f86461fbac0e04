"""The bot's process: it ends when it is told to, and when a part of it ends that should not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command

from starscal.core import health
from starscal.core.health_checks import LIMITS_S
from starscal.core.heartbeat import PROCESSES, heartbeat_read
from starscal.core.redis_client import quick_redis, redis_key
from starscal.testing.live import LiveProcess
from starscal.testing.polling import poll
from starscal.testing.telegram import TelegramDouble
from telegram_link import watch
from telegram_link.messages import Message
from telegram_link.models import Notification, TelegramChat
from telegram_link.resident import Resident, WorkEndedError
from telegram_link.services.queue import message_queue
from telegram_link.watch import TELEGRAM_SEEN


def until_told(stopping: threading.Event) -> None:
    assert stopping.wait(timeout=30)


def test_a_part_that_fails_ends_the_others_and_the_process() -> None:
    stopped = threading.Event()

    def patient(stopping: threading.Event) -> None:
        until_told(stopping)
        stopped.set()

    def failing(_stopping: threading.Event) -> None:
        raise ValueError("on purpose")

    with pytest.raises(WorkEndedError, match="telegram-failing has ended"):
        Resident({"patient": patient, "failing": failing}).run()
    assert stopped.is_set()


def test_without_a_token_it_says_one_line() -> None:
    told = StringIO()
    call_command("telegram", stdout=told)
    assert told.getvalue() == "The Telegram bot is off: TELEGRAM_BOT_TOKEN is not set.\n"


def test_readiness_asks_for_the_bot_only_while_it_is_on(
    telegram: TelegramDouble, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_PROBES", {})
    monkeypatch.setattr("starscal.core.health_checks.PROCESSES", names := list(PROCESSES))
    monkeypatch.setattr("starscal.core.health_checks.LIMITS_S", dict(LIMITS_S))
    quick_redis().delete(redis_key(f"health:{TELEGRAM_SEEN}"))
    settings.TELEGRAM_BOT_TOKEN, token = "", telegram.token  # type: ignore[attr-defined]
    watch.register()
    assert health.health_findings() == {}
    settings.TELEGRAM_BOT_TOKEN = token  # type: ignore[attr-defined]
    watch.register()
    assert names[-1] == TELEGRAM_SEEN
    assert not health.health_findings()[TELEGRAM_SEEN].ok


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_process_sends_shows_its_figures_and_ends_well(
    telegram: TelegramDouble, live_process: Callable[..., LiveProcess]
) -> None:
    number = telegram.people.add().id
    TelegramChat.objects.create(pk=number)
    message_queue(chat_id=number, key="a", message=Message("Hello"), kind="reply")
    quick_redis().delete(redis_key(f"health:{TELEGRAM_SEEN}"))
    bot = live_process("telegram")
    telegram.wait_for(lambda: bool(telegram.accepted()), timeout_s=60)
    assert poll(lambda: heartbeat_read(TELEGRAM_SEEN) is not None, timeout_s=30)

    def counted() -> bool:
        seen = heartbeat_read(TELEGRAM_SEEN)
        samples = [s for f in seen.figures for s in f.samples] if seen else []
        return (
            "starscal_telegram_notifications_total",
            {"kind": "reply", "outcome": "sent"},
            1.0,
        ) in samples

    assert poll(counted, timeout_s=30)
    assert bot.process is not None
    bot.process.terminate()
    assert bot.process.wait(timeout=30) == 0
    assert Notification.objects.get().status == Notification.Status.SENT
    assert telegram.token not in bot.log.read_text("utf-8")
