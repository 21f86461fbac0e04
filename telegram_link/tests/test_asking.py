"""Telegram is asked before an update is worked on, rarely, and never while rows are locked."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from events.models import Reminder
from starscal.core import clock
from starscal.testing.telegram import Chat, Person, TelegramDouble
from telegram_link.models import (
    BotState,
    Notification,
    TelegramAccount,
    TelegramChat,
    TelegramUpdate,
)
from telegram_link.services import updates as service
from telegram_link.services.membership import kept_only, membership_of
from telegram_link.services.updates import update_work, updates_open, updates_store
from telegram_link.tests.update_shapes import CLUB, message, press
from telegram_link.tests.update_support import updates_work

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120)]
CHANNEL = -1001234567890
GROUP = -1007  # the number of CLUB
ASK = "getChatMember"


@pytest.fixture
def channel(telegram: TelegramDouble, settings: Any) -> Chat:
    settings.TELEGRAM_CHANNEL_ID = str(CHANNEL)
    settings.TELEGRAM_MEMBERS_ONLY = ["digest", "reminders", "figures"]
    return telegram.people.chat(CHANNEL, "channel", username="stars_channel")


@pytest.fixture
def vera(telegram: TelegramDouble, channel: Chat) -> Person:
    """Return a member with an account, of whom the row says that she is none."""
    person = telegram.people.add(first_name="Vera")
    user = User.objects.create_user("vera", telegram_user_id=person.id)
    chat = TelegramChat.objects.create(id=person.id)
    TelegramAccount.objects.create(user=user, chat=chat, telegram_user_id=person.id)
    telegram.people.member_set(channel, person, "member")
    return person


def own(person: Person) -> dict[str, Any]:
    chat = {"id": person.id, "type": "private", "first_name": "Vera"}
    return {"chat": chat, "sender": {"id": person.id, "is_bot": False, "first_name": "Vera"}}


def work(*updates: dict[str, Any]) -> None:
    updates_store(updates=updates)
    while updates_work(limit=10, at=clock.now()):
        pass


def said(chat: int) -> list[Notification]:
    return list(Notification.objects.filter(chat=chat).order_by("pk"))


@pytest.mark.django_db(transaction=True)
def test_no_row_is_locked_while_telegram_is_asked(telegram: TelegramDouble, vera: Person) -> None:
    telegram.fail("slow", method=ASK, seconds=3)
    updates_store(updates=[message("/moon", **own(vera))])

    def answer() -> None:
        try:
            updates_work(limit=1, at=clock.now())
        finally:
            connection.close()

    worker = threading.Thread(target=answer)
    worker.start()
    telegram.wait_for(lambda: bool(telegram.calls(ASK)))
    with transaction.atomic():
        assert TelegramChat.objects.select_for_update(nowait=True).get() is not None
    assert said(vera.id) == []
    worker.join()
    assert [row.method for row in said(vera.id)] == ["sendPhoto"]


def test_who_has_just_joined_gets_what_is_for_members(
    telegram: TelegramDouble, vera: Person
) -> None:
    work(press("reminders:r.daily", **own(vera)), press("reminders:t.60.new_moon", **own(vera)))
    assert TelegramChat.objects.get().digest == "daily"
    assert Reminder.objects.count() == 1
    work(message("/moon", **own(vera)), message("/status", **own(vera)))
    assert said(vera.id)[-2].method == "sendPhoto"
    assert "You are a member" in said(vera.id)[-1].body["text"]
    assert len(telegram.calls(ASK)) == 1


def test_nobody_is_asked_for_what_is_for_everybody(
    telegram: TelegramDouble, vera: Person, settings: Any
) -> None:
    settings.TELEGRAM_MEMBERS_ONLY = []
    work(message("/moon", **own(vera)), press("reminders:r.daily", **own(vera)))
    settings.TELEGRAM_MEMBERS_ONLY = ["digest", "reminders", "figures"]
    work(message("/sun", **own(vera)), press("reminders:f", **own(vera)), message("/moon"))
    assert telegram.calls(ASK) == []
    assert [row.method for row in said(7)] == ["sendMessage"]  # nobody's account: no figure


def test_what_works_on_an_update_cannot_ask(telegram: TelegramDouble, vera: Person) -> None:
    with kept_only():
        assert not membership_of(user=User.objects.get(), at=clock.now()).is_known
    assert telegram.calls(ASK) == []
    assert membership_of(user=User.objects.get(), at=clock.now()).is_known


@pytest.fixture
def club(telegram: TelegramDouble) -> Chat:
    """Return a group in which nobody is anything yet."""
    return telegram.people.chat(GROUP, "supergroup", title="The Club")


def quiet(person: Person, hours: str = "22-7") -> dict[str, Any]:
    return message(f"/quiet {hours}", chat=CLUB, sender=own(person)["sender"])


def texts(chat: int) -> list[str]:
    return [row.body["text"] for row in said(chat)]


def test_an_administrator_is_asked_for_once(
    telegram: TelegramDouble, club: Chat, vera: Person
) -> None:
    stranger = telegram.people.add(first_name="Ada")
    telegram.people.member_set(club, vera, "administrator")
    telegram.people.member_set(club, stranger, "member")
    work(quiet(vera), quiet(stranger, "1-2"), quiet(stranger, "3-4"))
    assert len(telegram.calls(ASK)) == 2
    assert [("administrators" in text) for text in texts(GROUP)] == [False, True, True]


def test_a_chat_that_asks_too_often_has_nobody_asked_for(
    telegram: TelegramDouble, club: Chat, settings: Any
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "telegram-chat": (2, 60)}
    crowd = [telegram.people.add(first_name=f"P{number}") for number in range(5)]
    work(*(quiet(person) for person in crowd))
    assert len(telegram.calls(ASK)) == 2


def test_no_administrator_is_asked_for_while_telegram_wants_no_calls(
    telegram: TelegramDouble, club: Chat, vera: Person
) -> None:
    telegram.people.member_set(club, vera, "administrator")
    telegram.fail("too_many", method=ASK, seconds=30)
    now = clock.now()
    work(quiet(vera), quiet(vera, "1-2"))
    until = BotState.objects.get().silent_until
    assert until is not None
    assert until - now > timedelta(seconds=29)
    assert len(telegram.calls(ASK)) == 1
    assert len(set(texts(GROUP))) == 1
    assert TelegramChat.objects.get(pk=GROUP).quiet_from is None


@pytest.mark.django_db(transaction=True)
def test_a_chat_waits_while_telegram_is_asked_and_half_of_the_threads_stay_free(
    telegram: TelegramDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LATER", timedelta(minutes=1))
    telegram.fail("slow", times=2, method=ASK, seconds=3)
    ada = telegram.people.add(7, first_name="Ada")
    numbers = [GROUP - number for number in range(3)]
    for number in numbers:
        chat = telegram.people.chat(number, "supergroup", title="The Club")
        telegram.people.member_set(chat, ada, "administrator")
    asked = [message("/quiet 22-7", chat={**CLUB, "id": number}) for number in numbers]
    after = message("/sun", chat=CLUB)
    updates_store(updates=[*asked, after])

    def answer(job: Any) -> None:
        try:
            update_work(job=job, at=clock.now())
        finally:
            connection.close()

    jobs = updates_open(limit=9)
    assert len(jobs) == 3
    workers = [threading.Thread(target=answer, args=(job,)) for job in jobs[:2]]
    for worker in workers:
        worker.start()
    telegram.wait_for(lambda: len(telegram.calls(ASK)) == 2)
    assert not update_work(job=jobs[2], at=clock.now())
    assert updates_open(limit=9) == []  # two ask, and the third waits until it can
    for worker in workers:
        worker.join()
    done = TelegramUpdate.objects.exclude(done_at=None).order_by("pk")
    assert list(done.values_list("pk", flat=True)) == [job.id for job in jobs[:2]]
    assert [job.id for job in updates_open(limit=9)] == [after["update_id"]]
