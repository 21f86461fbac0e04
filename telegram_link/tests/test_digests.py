"""Digests: at the hour of the chat's own clock, each day once, quiet hours kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services.profile import profile_announce, profile_update
from events.tests.concurrency import in_own_connection
from starscal.core.exceptions import ApplicationError
from telegram_link.models import Notification, TelegramAccount, TelegramChat
from telegram_link.quiet_hours import quiet_until
from telegram_link.services.chats import chat_stop, chat_zone_set
from telegram_link.services.digests import LATE, digest_set, digests_queue
from telegram_link.services.following import reminders_follow
from telegram_link.services.linking import account_unlink

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"
H, M, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)  # a Wednesday
MORNING = datetime(2026, 7, 2, 6, tzinfo=UTC)  # eight o'clock in Berlin


@pytest.fixture(autouse=True)
def bot(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = "1:only-for-tests"


def chat(number: int = 7, **fields: Any) -> TelegramChat:
    fields.setdefault("timezone", BERLIN)
    return TelegramChat.objects.create(pk=number, **fields)


def due_local(room: TelegramChat, zone: str = BERLIN) -> datetime | None:
    room.refresh_from_db()
    return room.digest_due_at and room.digest_due_at.astimezone(ZoneInfo(zone))


def queued() -> list[tuple[str, dict[str, Any]]]:
    rows = Notification.objects.filter(kind="digest").order_by("key")
    return list(rows.values_list("key", "body"))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param("2026-03-28T12:00Z", "2026-03-29T03:00+02:00", id="the hour is jumped"),
        pytest.param("2026-03-29T12:00Z", "2026-03-30T02:00+02:00", id="the day after"),
        pytest.param("2026-10-24T12:00Z", "2026-10-25T02:00+02:00", id="it comes twice"),
        pytest.param("2026-10-25T00:30Z", "2026-10-26T02:00+01:00", id="between the two"),
    ],
)
def test_the_hour_is_that_of_the_chats_own_clock_on_nights_of_change(
    at: str, expected: str
) -> None:
    room = chat()
    digest_set(chat=room, at=datetime.fromisoformat(at), rhythm="daily", hour=2)
    due = due_local(room)
    assert due is not None
    assert due.isoformat(timespec="minutes") == expected


@pytest.mark.parametrize(
    "night",
    [pytest.param(date(2026, 3, 28), id="spring"), pytest.param(date(2026, 10, 24), id="autumn")],
)
def test_each_day_around_a_change_has_one_digest(night: date) -> None:
    room, at = chat(), datetime.combine(night, time(0), UTC) - 6 * H
    digest_set(chat=room, at=at, rhythm="daily", hour=2)
    for minutes in range(0, 72 * 60, 30):
        digests_queue(at=at + timedelta(minutes=minutes))
    days = [body["digest"] for _key, body in queued()]
    assert days == [str(night + n * DAY) for n in range(3)]


def test_a_weekly_digest_comes_on_its_day() -> None:
    room = chat()
    digest_set(chat=room, at=NOON, rhythm="weekly", hour=9, weekday=3)
    assert str(due_local(room)) == "2026-07-08 09:00:00+02:00"
    digest_set(chat=room, at=NOON, weekday=4)
    assert str(due_local(room)) == "2026-07-02 09:00:00+02:00"
    assert room.digest_due_at is not None
    assert digests_queue(at=room.digest_due_at) == 1
    assert queued() == [("digest-7-2026-07-02", {"digest": "2026-07-02", "weekly": True})]
    assert str(due_local(room)) == "2026-07-09 09:00:00+02:00"


def test_none_is_none_and_what_is_wrong_is_named() -> None:
    room = chat()
    digest_set(chat=room, at=NOON, rhythm="daily")
    digest_set(chat=room, at=NOON, rhythm="none")
    assert due_local(room) is None
    for wrong in ({"rhythm": "hourly"}, {"hour": 24}, {"weekday": 0}):
        with pytest.raises(ApplicationError):
            digest_set(chat=room, at=NOON, **wrong)


@pytest.mark.parametrize(
    ("late", "days"),
    [
        pytest.param(timedelta(0), ["2026-07-02"], id="in time"),
        pytest.param(LATE - M, ["2026-07-02"], id="hours late"),
        pytest.param(LATE, [], id="too late"),
        pytest.param(3 * DAY + H, ["2026-07-05"], id="days late: the newest alone"),
    ],
)
def test_after_an_outage_the_newest_alone_comes(late: timedelta, days: list[str]) -> None:
    room = chat()
    digest_set(chat=room, at=NOON, rhythm="daily", hour=8)
    due = room.digest_due_at
    assert due is not None
    digests_queue(at=due + late)
    assert [body["digest"] for _key, body in queued()] == days
    room.refresh_from_db()
    assert room.digest_due_at is not None
    assert room.digest_due_at > due + late


def test_a_second_run_queues_nothing_twice() -> None:
    room = chat()
    digest_set(chat=room, at=NOON, rhythm="daily")
    due = room.digest_due_at
    assert due is not None
    assert [digests_queue(at=due), digests_queue(at=due)] == [1, 0]
    TelegramChat.objects.update(digest_due_at=due)  # as if the first had been lost halfway
    digests_queue(at=due + M)
    assert len(queued()) == 1


def test_quiet_hours_move_it_to_their_end() -> None:
    room = chat(quiet_from=time(22), quiet_until=time(9, 30))
    digest_set(chat=room, at=NOON, rhythm="daily", hour=8)
    assert room.digest_due_at is not None
    digests_queue(at=room.digest_due_at)
    assert Notification.objects.get().due_at == datetime(2026, 7, 2, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("field", ["blocked_at", "stopped_at"])
def test_who_wants_nothing_gets_nothing(field: str) -> None:
    room = chat()
    digest_set(chat=room, at=NOON, rhythm="daily")
    TelegramChat.objects.update(**{field: NOON})
    assert digests_queue(at=NOON + DAY) == 0


def test_a_closed_account_gets_nothing() -> None:
    room = chat()
    linked = TelegramAccount.objects.create(
        user=User.objects.create_user("vera"), chat=room, telegram_user_id=room.pk
    )
    digest_set(chat=room, at=NOON, rhythm="daily")
    assert room.digest_due_at is not None
    User.objects.filter(pk=linked.user_id).update(is_active=False)
    assert digests_queue(at=room.digest_due_at) == 0
    User.objects.filter(pk=linked.user_id).update(is_active=True)
    assert digests_queue(at=room.digest_due_at) == 1


def test_a_stopped_chat_without_account_forgets_its_digest() -> None:
    room = chat()
    digest_set(chat=room, at=NOON, rhythm="daily")
    chat_stop(chat=room, user=None, at=NOON)
    assert due_local(room) is None


def test_without_a_bot_nothing_is_queued(settings: Any) -> None:
    digest_set(chat=chat(), at=NOON, rhythm="daily")
    settings.TELEGRAM_BOT_TOKEN = ""
    assert digests_queue(at=NOON + DAY) == 0


def test_members_alone_get_it_where_the_settings_say_so(settings: Any) -> None:
    rooms = [chat(number) for number in (1, 2, 3)]
    for number, room in enumerate(rooms[:2]):
        user = User.objects.create_user(f"user{number}", is_telegram_subscribed=number == 1)
        TelegramAccount.objects.create(user=user, chat=room, telegram_user_id=room.pk)
    for room in rooms:
        digest_set(chat=room, at=NOON, rhythm="daily")
    settings.TELEGRAM_CHANNEL_ID, settings.TELEGRAM_MEMBERS_ONLY = "-1001", ["digest"]
    assert digests_queue(at=MORNING) == 1
    assert Notification.objects.get().chat_id == 2
    with pytest.raises(ApplicationError, match="subscription"):
        digest_set(chat=rooms[0], at=NOON, rhythm="weekly")
    digest_set(chat=rooms[0], at=NOON, rhythm="none")


def test_another_zone_of_the_chat_moves_the_next_one() -> None:
    room = chat()
    digest_set(chat=room, at=NOON, rhythm="daily", hour=8)
    chat_zone_set(chat=room, user=None, zone="Asia/Tokyo", at=NOON)
    assert str(due_local(room, "Asia/Tokyo")) == "2026-07-02 08:00:00+09:00"


def test_another_zone_of_the_account_moves_the_next_one() -> None:
    room = chat(timezone="")
    user = User.objects.create_user("ada", timezone=BERLIN)
    TelegramAccount.objects.create(user=user, chat=room, telegram_user_id=7)
    digest_set(chat=room, at=NOON, rhythm="daily", hour=8)
    assert str(due_local(room)) == "2026-07-02 08:00:00+02:00"
    profile_update(user=user, body={"timezone": "America/Sao_Paulo"})
    reminders_follow(at=NOON)
    assert str(due_local(room, "America/Sao_Paulo")) == "2026-07-02 08:00:00-03:00"


def test_linking_and_parting_move_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("starscal.core.clock.now", lambda: NOON)
    room = chat(timezone="Asia/Tokyo")
    digest_set(chat=room, at=NOON, rhythm="daily", hour=8)
    user = User.objects.create_user(
        "ada", email="ada@example.org", timezone=BERLIN, email_verified_at=NOON
    )
    TelegramAccount.objects.create(user=user, chat=room, telegram_user_id=7)
    with transaction.atomic():
        profile_announce(user=user, fields=["telegram_linked"])
    reminders_follow(at=NOON)
    assert str(due_local(room)) == "2026-07-02 08:00:00+02:00"
    assert account_unlink(user=user, actor="app")
    assert str(due_local(room, "Asia/Tokyo")) == "2026-07-02 08:00:00+09:00"


def test_a_hundred_chats_take_no_more_statements_than_one() -> None:
    digest_set(chat=chat(1), at=NOON, rhythm="daily")
    with CaptureQueriesContext(connections["default"]) as one:
        assert digests_queue(at=MORNING) == 1
    for number in range(2, 101):
        chat(number, digest="daily", digest_due_at=NOON)
    with CaptureQueriesContext(connections["default"]) as many:
        assert digests_queue(at=MORNING + DAY) == 100
    assert len(many) == len(one)


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_queue_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telegram_link.services.digests.BATCH", 5)
    for number in range(1, 41):
        chat(number, digest="daily", digest_due_at=MORNING, timezone=BERLIN)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(in_own_connection, [partial(digests_queue, at=MORNING)] * 3))
    digests_queue(at=MORNING)
    assert len(queued()) == 40
    assert not TelegramChat.objects.filter(digest_due_at__lte=MORNING).exists()


@pytest.mark.parametrize(
    ("at", "start", "end", "until"),
    [
        pytest.param("2026-07-01T21:59+02:00", 22, 7, "same", id="before"),
        pytest.param("2026-07-01T22:00+02:00", 22, 7, "2026-07-02T07:00+02:00", id="evening"),
        pytest.param("2026-07-02T06:59+02:00", 22, 7, "2026-07-02T07:00+02:00", id="morning"),
        pytest.param("2026-07-02T07:00+02:00", 22, 7, "same", id="the end is not quiet"),
        pytest.param("2026-07-02T13:00+02:00", 12, 14, "2026-07-02T14:00+02:00", id="at noon"),
        pytest.param("2026-07-02T13:00+02:00", 9, 9, "same", id="no hours at all"),
        pytest.param("2026-03-28T23:00+01:00", 22, 2, "2026-03-29T03:00+02:00", id="jumped"),
        pytest.param("2026-10-25T01:00+02:00", 22, 2, "2026-10-25T02:00+02:00", id="twice"),
        pytest.param("2026-10-25T02:30+01:00", 2, 7, "2026-10-25T07:00+01:00", id="second time"),
    ],
)
def test_quiet_hours_end_by_the_local_clock(at: str, start: int, end: int, until: str) -> None:
    moment = datetime.fromisoformat(at)
    over = quiet_until(at=moment, start=time(start), end=time(end), zone=ZoneInfo(BERLIN))
    assert over == (moment if until == "same" else datetime.fromisoformat(until))
