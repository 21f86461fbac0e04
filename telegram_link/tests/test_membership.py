"""Who is a member of the channel: asked rarely, told at once, kept while Telegram is away."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from redis import Redis

from accounts.models import User
from accounts.selectors.membership import feature_allowed, feature_require
from accounts.selectors.profile import profile_payload
from starscal.core import clock
from starscal.core.exceptions import ApplicationError
from starscal.core.models import OutboxMessage
from starscal.core.ratelimit import give_back
from starscal.testing.telegram import Chat, Person, TelegramDouble
from telegram_link.models import BotState, TelegramAccount, TelegramChat
from telegram_link.selectors.membership import Standing
from telegram_link.services.membership import (
    ASKED,
    AWAY,
    EVERYBODY,
    membership_of,
    membership_set,
    membership_told,
    memberships_recheck,
)
from telegram_link.tests.member_statuses import every_status

pytestmark = pytest.mark.django_db
CHANNEL = -1001234567890
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ASK = "getChatMember"


@pytest.fixture
def channel(telegram: TelegramDouble, settings: Any) -> Chat:
    settings.TELEGRAM_CHANNEL_ID = str(CHANNEL)
    telegram.inbox.allowed = frozenset({"chat_member"})
    return telegram.people.chat(CHANNEL, "channel", username="stars_channel")


@pytest.fixture
def vera(telegram: TelegramDouble) -> Person:
    return telegram.people.add(first_name="Vera")


@pytest.fixture
def user(vera: Person) -> User:
    return linked(vera.id)


def linked(number: int) -> User:
    user = User.objects.create_user(f"reader-{number}", telegram_user_id=number)
    chat = TelegramChat.objects.create(id=number)
    TelegramAccount.objects.create(user=user, chat=chat, telegram_user_id=number)
    return user


def joins(telegram: TelegramDouble, channel: Chat, who: Person, status: str, **more: Any) -> None:
    telegram.people.member_set(channel, who, status, **more)


def told(user: User) -> list[dict[str, Any]]:
    rows = OutboxMessage.objects.filter(stream_id=f"me:{user.pk}", kind="subscription.updated")
    return [row.body for row in rows.order_by("seq")]


@every_status
def test_a_status_counts_or_not(
    telegram: TelegramDouble, channel: Chat, vera: Person, user: User, status: str,
    is_member: bool, counts: bool,
) -> None:  # fmt: skip
    joins(telegram, channel, vera, status, is_member=is_member)
    assert membership_of(user=user, at=NOON) == Standing(counts, NOON)
    user.refresh_from_db()
    assert user.is_telegram_subscribed is counts


def test_whom_telegram_does_not_know_is_outside(channel: Chat, telegram: TelegramDouble) -> None:
    stranger = linked(987_654)
    assert membership_of(user=stranger, at=NOON) == Standing(False, NOON)
    assert membership_of(user=stranger, at=NOON + MINUTE / 2) == Standing(False, NOON)
    assert len(telegram.calls(ASK)) == 1


@pytest.mark.parametrize(("status", "fresh_s"), [("member", 600), ("left", 60)])
def test_an_answer_is_taken_for_a_while(
    telegram: TelegramDouble, channel: Chat, vera: Person, user: User, status: str, fresh_s: int
) -> None:
    joins(telegram, channel, vera, status)
    for seconds in (0, 1, fresh_s - 1):
        membership_of(user=user, at=NOON + timedelta(seconds=seconds))
    assert len(telegram.calls(ASK)) == 1
    membership_of(user=user, at=NOON + timedelta(seconds=fresh_s))
    assert len(telegram.calls(ASK)) == 2


@pytest.mark.parametrize("fault", ["unavailable", "closed", "garbage", "shape", "too_many"])
def test_the_last_answer_stands_for_a_day(
    telegram: TelegramDouble, channel: Chat, vera: Person, user: User, fault: str
) -> None:
    joins(telegram, channel, vera, "member")
    membership_of(user=user, at=NOON)
    joins(telegram, channel, vera, "left")
    telegram.fail(fault, times=99, method=ASK)
    late = NOON + timedelta(hours=24)
    assert membership_of(user=user, at=late - MINUTE).subscribed
    assert not membership_of(user=user, at=late).subscribed


def test_a_dead_telegram_is_not_asked_by_everybody(
    telegram: TelegramDouble, channel: Chat, user: User
) -> None:
    telegram.fail("unavailable", times=99, method=ASK)
    others = [linked(5000 + number) for number in range(5)]
    for each in (user, *others):
        assert membership_of(user=each, at=NOON) == Standing()
    assert len(telegram.calls(ASK)) == 1


def test_too_many_calls_silence_the_bot_for_as_long_as_telegram_says(
    telegram: TelegramDouble, channel: Chat, user: User
) -> None:
    telegram.fail("too_many", method=ASK, seconds=30)
    now = clock.now()
    assert membership_of(user=user, at=NOON) == Standing()
    until = BotState.objects.get().silent_until
    assert until is not None
    assert timedelta(seconds=29) < until - now < timedelta(seconds=40)
    membership_of(user=user, at=NOON)
    assert len(telegram.calls(ASK)) == 1
    BotState.objects.update(silent_until=now)
    assert membership_of(user=user, at=NOON).is_known


def test_all_questions_go_over_one_connection(telegram: TelegramDouble, channel: Chat) -> None:
    for number in range(3):
        assert membership_of(user=linked(8000 + number), at=clock.now()).is_known
    linked(8010)
    assert memberships_recheck(at=clock.now()) == 1
    assert (len(telegram.calls(ASK)), telegram.connections) == (4, 1)


def test_the_limit_of_everybody_is_kept(
    telegram: TelegramDouble, channel: Chat, settings: Any
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "telegram-members": (3, 600)}
    standings = [membership_of(user=linked(6000 + n), at=NOON) for n in range(5)]
    assert [standing.is_known for standing in standings] == [True, True, True, False, False]
    assert len(telegram.calls(ASK)) == 3


def test_nothing_is_asked_while_nobody_can_count(
    telegram: TelegramDouble, channel: Chat, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("starscal.core.ratelimit.BREAKER.may_ask", lambda: False)
    assert membership_of(user=user, at=NOON) == Standing()
    assert telegram.calls(ASK) == []


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_ask_telegram_once(
    telegram: TelegramDouble, channel: Chat, vera: Person, user: User
) -> None:
    joins(telegram, channel, vera, "member")
    telegram.fail("slow", method=ASK, seconds=0.5)

    def ask(_number: int) -> Standing:
        try:
            return membership_of(user=user, at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        standings = set(pool.map(ask, range(8)))
    assert standings == {Standing(True, NOON)}
    assert len(telegram.calls(ASK)) == 1


def test_a_change_is_told_once_and_by_its_moment(
    telegram: TelegramDouble, channel: Chat, vera: Person, user: User
) -> None:
    joins(telegram, channel, vera, "member")
    for minutes in (0, 11, 22):
        membership_of(user=user, at=NOON + minutes * MINUTE)
    assert told(user) == [{"subscribed": True, "checked_at": "2026-07-01T12:00:00.000000Z"}]
    joins(telegram, channel, vera, "left")
    membership_of(user=user, at=NOON + 33 * MINUTE)
    assert told(user)[1:] == [{"subscribed": False, "checked_at": "2026-07-01T12:33:00.000000Z"}]


def test_what_was_said_makes_an_old_profile_new(
    telegram: TelegramDouble, channel: Chat, vera: Person, user: User
) -> None:
    before = profile_payload(user=user)
    joins(telegram, channel, vera, "member")
    membership_of(user=user, at=NOON)
    user.refresh_from_db()
    after = profile_payload(user=user)
    replayed = {**before, "telegram_subscribed": told(user)[-1]["subscribed"]}
    assert {**replayed, "updated_at": after["updated_at"]} == after


def test_of_two_answers_the_younger_one_stays(user: User, vera: Person) -> None:
    membership_set(telegram_user_id=vera.id, status="member", checked_at=NOON)
    membership_set(telegram_user_id=vera.id, status="left", checked_at=NOON - MINUTE)
    user.refresh_from_db()
    assert user.is_telegram_subscribed
    assert len(told(user)) == 1


def newest_update(telegram: TelegramDouble) -> dict[str, Any]:
    waiting = telegram.inbox.waiting
    return waiting[max(waiting)].update


def update_taken(update: dict[str, Any], **more: Any) -> bool:
    change = update["chat_member"]
    member = change["new_chat_member"]
    inside = member["status"] in {"member", "administrator", "creator"}
    facts = {
        "chat_id": change["chat"]["id"],
        "chat_username": change["chat"].get("username", ""),
        "telegram_user_id": member["user"]["id"],
        "status": member["status"],
        "is_member": member.get("is_member", inside),
        "told_at": datetime.fromtimestamp(change["date"], UTC),
    }
    return membership_told(**{**facts, **more})


@pytest.mark.parametrize("named", [str(CHANNEL), "@Stars_Channel"])
def test_an_update_of_the_channel_is_believed_at_once(
    telegram: TelegramDouble, channel: Chat, vera: Person, user: User, settings: Any, named: str
) -> None:
    settings.TELEGRAM_CHANNEL_ID = named
    for status, counts in (("member", True), ("kicked", False), ("member", True)):
        joins(telegram, channel, vera, status)
        assert update_taken(newest_update(telegram))
        assert membership_of(user=user, at=clock.now()).subscribed is counts
    assert telegram.calls(ASK) == []
    assert [body["subscribed"] for body in told(user)] == [True, False, True]


def test_an_update_comes_after_an_answer_of_the_same_second(
    channel: Chat, user: User, vera: Person
) -> None:
    """Telegram's updates name the second alone in which something happened."""
    membership_set(telegram_user_id=vera.id, status="left", checked_at=NOON + MINUTE / 100)
    assert membership_told(
        chat_id=CHANNEL,
        chat_username="",
        telegram_user_id=vera.id,
        status="member",
        is_member=True,
        told_at=NOON,
    )
    user.refresh_from_db()
    assert user.is_telegram_subscribed


def test_updates_of_other_chats_and_of_strangers_change_nothing(
    telegram: TelegramDouble, channel: Chat, vera: Person, user: User
) -> None:
    joins(telegram, channel, vera, "member")
    update = newest_update(telegram)
    assert not update_taken(update, chat_id=-42)
    assert not update_taken(update, telegram_user_id=123)
    assert told(user) == []


def test_rechecks_go_on_where_the_last_one_ended(
    telegram: TelegramDouble, channel: Chat, settings: Any
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "telegram-members": (3, 600)}
    people = [telegram.people.add() for _number in range(5)]
    users = [linked(person.id) for person in people]
    for person in people:
        joins(telegram, channel, person, "member")
    assert memberships_recheck(at=clock.now()) == 3
    assert memberships_recheck(at=clock.now()) == 0
    give_back(ASKED, EVERYBODY, 3)
    assert memberships_recheck(at=clock.now()) == 2
    assert memberships_recheck(at=clock.now()) == 0
    asked = [call.parameters["user_id"] for call in telegram.calls(ASK)]
    assert sorted(map(int, asked)) == sorted(person.id for person in people)
    assert User.objects.filter(is_telegram_subscribed=True).count() == len(users)


def test_a_recheck_ends_at_the_first_trouble_and_tries_others_next(
    telegram: TelegramDouble, channel: Chat, settings: Any, redis_of_the_run: Redis
) -> None:
    for number in range(3):
        linked(7000 + number)
    telegram.fail("refused", method=ASK, code=400, told="Bad Request: chat not found")
    assert memberships_recheck(at=clock.now()) == 0
    assert memberships_recheck(at=clock.now()) == 0
    assert len(telegram.calls(ASK)) == 1
    for name in redis_of_the_run.scan_iter(f"{os.environ['REDIS_PREFIX']}:known:{AWAY}:*"):
        redis_of_the_run.delete(name)
    assert memberships_recheck(at=clock.now()) == 2


def test_who_was_a_member_a_day_ago_is_none_without_a_new_answer(
    telegram: TelegramDouble, channel: Chat, vera: Person, user: User
) -> None:
    membership_set(
        telegram_user_id=vera.id, status="member", checked_at=clock.now() - timedelta(days=1)
    )
    telegram.fail("unavailable", times=99, method=ASK)
    memberships_recheck(at=clock.now())
    user.refresh_from_db()
    assert not user.is_telegram_subscribed
    assert [body["subscribed"] for body in told(user)] == [True, False]


def test_without_a_bot_or_a_channel_everything_is_allowed(user: User, settings: Any) -> None:
    settings.TELEGRAM_MEMBERS_ONLY = ["digest", "reminders"]
    settings.TELEGRAM_CHANNEL_ID = ""
    assert feature_allowed(user=None, feature="digest")
    assert membership_of(user=user, at=NOON) == Standing()
    assert memberships_recheck(at=NOON) == 0
    settings.TELEGRAM_CHANNEL_ID, settings.TELEGRAM_BOT_TOKEN = str(CHANNEL), ""
    assert feature_allowed(user=user, feature="reminders")


def test_what_is_for_members_is_refused_to_others(
    telegram: TelegramDouble, channel: Chat, user: User, vera: Person, settings: Any
) -> None:
    settings.TELEGRAM_MEMBERS_ONLY = ["reminders"]
    settings.TELEGRAM_CHANNEL_ID = "@stars_channel"
    assert feature_allowed(user=user, feature="digest")
    assert not feature_allowed(user=None, feature="reminders")
    with pytest.raises(ApplicationError) as refused:
        feature_require(user=user, feature="reminders")
    assert (refused.value.code, refused.value.status) == ("subscription.required", 403)
    assert refused.value.extra == {
        "feature": "reminders",
        "join_url": "https://t.me/stars_channel",
    }
    assert len(telegram.calls(ASK)) == 1


def test_who_has_just_joined_is_let_in(
    telegram: TelegramDouble, channel: Chat, user: User, vera: Person, settings: Any
) -> None:
    settings.TELEGRAM_MEMBERS_ONLY = ["reminders"]
    joins(telegram, channel, vera, "member")
    feature_require(user=user, feature="reminders")
    user.refresh_from_db()
    assert feature_allowed(user=user, feature="reminders")
    assert len(telegram.calls(ASK)) == 1
