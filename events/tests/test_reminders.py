"""Reminders: set within limits, said once on the own stream, to everybody who wished it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest
from channels.db import database_sync_to_async as in_thread
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.selectors.belongings import personal_stream
from accounts.services.deletion import user_erase
from accounts.tests.people_support import call, person, pointers
from events.message_payloads import message_data
from events.models import Event, Reminder, ReminderRound
from events.services import reminding
from events.services.curation import event_hide
from events.services.generation import event_generate
from events.services.reminders import REMINDERS_MOST, reminder_set
from events.services.reminding import LATE, OVER, reminders_append
from events.tests.concurrency import in_own_connection, wait_until_blocked
from events.tests.conftest import SUMMER_2026
from events.tests.live_people import Person
from events.tests.live_talk import Talk
from starscal.core.exceptions import ApplicationError
from starscal.core.models import OutboxMessage, Stream

H, M = timedelta(hours=1), timedelta(minutes=1)
LONG_AGO = timedelta(days=400)


def said() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="reminder.due").order_by("stream_id", "seq"))


def wish(event: Event, *users: User, lead: int = 60, before: timedelta = LONG_AGO) -> None:
    """Have people wish to be reminded of a kind, as set some time before the event."""
    Reminder.objects.bulk_create(
        Reminder(user=user, event_type=event.event_type, lead_minutes=lead) for user in users
    )
    Reminder.objects.update(created_at=event.occurs_at - before)


@pytest.fixture
def only_the_full_moon(full_moon: Event) -> Event:
    Event.objects.exclude(pk=full_moon.pk).delete()
    return full_moon


@pytest.fixture
def vera(db: None) -> User:
    return person()


@pytest.mark.django_db
def test_reminders_are_set_listed_and_deleted_by_their_owner(vera: User) -> None:
    body = {"event_type": "full_moon", "lead_minutes": 60}
    first, again = (call("post", "/me/reminders", body, vera) for _n in range(2))
    assert (first.status_code, again.json()) == (200, first.json())
    assert call("get", "/me/reminders", user=vera).json() == {"results": [first.json()]}
    other = person("other")
    assert call("get", "/me/reminders", user=other).json() == {"results": []}
    path = f"/me/reminders/{first.json()['id']}"
    assert call("delete", path, user=other).status_code == 404
    assert call("delete", path, user=vera).status_code == 204
    assert call("delete", path, user=vera).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({"event_type": "doom", "lead_minutes": 1}, "/event_type", id="kind"),
        pytest.param({"event_type": ["full_moon"], "lead_minutes": 1}, "/event_type", id="list"),
        pytest.param({"event_type": "full_moon", "lead_minutes": -1}, "/lead_minutes", id="below"),
        pytest.param(
            {"event_type": "full_moon", "lead_minutes": 10_081}, "/lead_minutes", id="above"
        ),
        pytest.param({"event_type": "full_moon"}, "/lead_minutes", id="missing"),
        pytest.param({"event_type": "full_moon", "lead_minutes": 1, "x": 1}, "/x", id="not known"),
    ],
)
def test_what_is_not_allowed_is_named(vera: User, body: object, pointer: str) -> None:
    answer = call("post", "/me/reminders", body, vera)
    assert (answer.status_code, pointers(answer)) == (400, [pointer])


@pytest.mark.django_db(transaction=True)
def test_two_at_once_stay_below_the_most() -> None:
    vera = person()
    for lead in range(REMINDERS_MOST - 1):
        reminder_set(user=vera, event_type="full_moon", lead_minutes=lead)

    def one(lead: int) -> str:
        try:
            reminder_set(user=vera, event_type="new_moon", lead_minutes=lead)
        except ApplicationError as error:
            return str(error.code)
        return "set"

    with ThreadPoolExecutor(4) as pool:
        works = [partial(one, lead) for lead in range(4)]
        told = list(pool.map(in_own_connection, works))
    assert sorted(told) == ["set", *["validation.invalid"] * 3]
    assert Reminder.objects.count() == REMINDERS_MOST


@pytest.mark.django_db(transaction=True)
def test_one_set_by_many_at_once_is_one() -> None:
    vera = person()
    works = [partial(reminder_set, user=vera, event_type="full_moon", lead_minutes=0)] * 8
    with ThreadPoolExecutor(4) as pool:
        assert len({one.pk for one in pool.map(in_own_connection, works)}) == 1


@pytest.mark.parametrize(
    ("offset", "count"),
    [
        pytest.param(-60 * M - timedelta(seconds=1), 0, id="a second early"),
        pytest.param(-60 * M, 1, id="in time"),
        pytest.param(-M, 1, id="after an outage"),
        pytest.param(OVER - M, 1, id="just over"),
        pytest.param(OVER, 0, id="over"),
    ],
)
def test_a_reminder_is_said_when_it_is_due(
    only_the_full_moon: Event, vera: User, offset: timedelta, count: int
) -> None:
    wish(only_the_full_moon, vera)
    assert reminders_append(at=only_the_full_moon.occurs_at + offset) == count
    assert len(said()) == count


def test_it_tells_the_event_in_the_language_of_who_listens(
    only_the_full_moon: Event, vera: User
) -> None:
    wish(only_the_full_moon, vera)
    reminders_append(at=only_the_full_moon.occurs_at - H)
    (message,) = said()
    assert message.stream_id == personal_stream(user=vera)
    assert Stream.objects.get(pk=message.stream_id).last_seq == message.seq == 1
    told = message_data(message.body, "de")
    assert told["title"].startswith("Vollmond")
    assert (told["lead_minutes"], told["lang_used"], told["fallback"]) == (60, "de", False)
    assert len(message.key) < 200


def test_one_set_too_late_waits_for_the_next_event(only_the_full_moon: Event, vera: User) -> None:
    wish(only_the_full_moon, vera, lead=1440, before=3 * H)
    assert reminders_append(at=only_the_full_moon.occurs_at - 2 * H) == 0


def test_after_a_day_without_service_old_ones_are_left(
    only_the_full_moon: Event, vera: User
) -> None:
    wish(only_the_full_moon, vera, lead=1440)
    late = only_the_full_moon.occurs_at - timedelta(days=1) + LATE
    assert reminders_append(at=late) == 0
    assert reminders_append(at=late - M) == 1


def test_nothing_is_said_twice_and_a_moved_event_anew(
    only_the_full_moon: Event, vera: User
) -> None:
    wish(only_the_full_moon, vera)
    at = only_the_full_moon.occurs_at - H
    assert [reminders_append(at=at + n * M) for n in range(3)] == [1, 0, 0]
    Event.objects.update(occurs_at=only_the_full_moon.occurs_at + 30 * M)
    assert [reminders_append(at=at + n * M) for n in (20, 30, 31)] == [0, 1, 0]


@pytest.mark.parametrize("status", ["draft", "hidden", "cancelled"])
def test_nobody_is_reminded_of_what_is_not_public(
    only_the_full_moon: Event, vera: User, status: str
) -> None:
    wish(only_the_full_moon, vera)
    Event.objects.update(status=status)
    assert reminders_append(at=only_the_full_moon.occurs_at - H) == 0


def test_a_closed_account_is_told_nothing_and_a_deleted_one_leaves_nothing(
    only_the_full_moon: Event, vera: User
) -> None:
    gone = person("gone")
    wish(only_the_full_moon, vera, gone)
    User.objects.filter(pk=vera.pk).update(is_active=False)
    user_erase(user=gone, actor="test")
    assert reminders_append(at=only_the_full_moon.occurs_at - H) == 0
    assert Reminder.objects.count() == 1
    assert not Stream.objects.filter(name__startswith="me:").exists()


def test_a_run_that_was_killed_is_finished_by_the_next(
    only_the_full_moon: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "BATCH", 3)
    people = [person(f"person{number}") for number in range(8)]
    wish(only_the_full_moon, *people)
    at = only_the_full_moon.occurs_at - H
    monkeypatch.setattr(reminding, "BATCHES_MOST", 2)
    assert reminders_append(at=at) == 6
    # The mark of how far it came is lost: the keys hold.
    ReminderRound.objects.update(last_user=None)
    monkeypatch.setattr(reminding, "BATCHES_MOST", 20)
    assert reminders_append(at=at) == 2
    assert len({message.stream_id for message in said()}) == len(said()) == 8


def test_a_thousand_people_ask_no_more_of_the_database_than_one(
    only_the_full_moon: Event, vera: User
) -> None:
    with CaptureQueriesContext(connections["default"]) as one:
        wish(only_the_full_moon, vera)
        reminders_append(at=only_the_full_moon.occurs_at - H)
    many = User.objects.bulk_create(
        User(username=f"p{n}", username_folded=f"p{n}", email=None) for n in range(500)
    )
    ReminderRound.objects.all().delete()
    Reminder.objects.all().delete()
    with CaptureQueriesContext(connections["default"]) as all_of_them:
        wish(only_the_full_moon, vera, *many)
        assert reminders_append(at=only_the_full_moon.occurs_at - H) == 500
    assert len(all_of_them) == len(one)


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_tell_everybody_once(
    only_the_full_moon: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "BATCH", 5)
    wish(only_the_full_moon, *(person(f"person{number}") for number in range(40)))
    at = only_the_full_moon.occurs_at - H
    with ThreadPoolExecutor(3) as pool:
        works = [partial(reminders_append, at=at)] * 3
        assert sum(pool.map(in_own_connection, works)) == 40
    assert len({message.stream_id for message in said()}) == len(said()) == 40
    assert ReminderRound.objects.get().finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_nobody_is_reminded_of_an_event_that_is_being_hidden(
    only_the_full_moon: Event, vera: User, curator: User
) -> None:
    wish(only_the_full_moon, vera)
    at = only_the_full_moon.occurs_at - H
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            event_hide(event_id=only_the_full_moon.pk, actor=curator)
            told = pool.submit(in_own_connection, partial(reminders_append, at=at))
            wait_until_blocked(told)
        assert told.result(10) == 0


@pytest.mark.django_db(transaction=True)
def test_somebody_who_goes_meanwhile_leaves_no_stream(
    only_the_full_moon: Event, vera: User
) -> None:
    wish(only_the_full_moon, vera)
    at: datetime = only_the_full_moon.occurs_at - H
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            user_erase(user=User.objects.select_for_update().get(pk=vera.pk), actor="test")
            told = pool.submit(in_own_connection, partial(reminders_append, at=at))
            wait_until_blocked(told)
        assert told.result(10) == 0
    assert not Stream.objects.filter(name__startswith="me:").exists()


@pytest.mark.django_db(transaction=True)
async def test_an_open_socket_hears_it_in_its_language(talk: Talk) -> None:
    listener = Person()
    event = await in_thread(_moon_for)(listener)
    socket = await talk()
    await socket.hello(ticket=listener.ticket(), streams=["me"], lang="ja")
    await in_thread(reminders_append)(at=event.occurs_at - H)
    frame = await socket.hear_op("event")
    assert (frame["type"], frame["stream"], frame["seq"]) == ("reminder.due", "me", 1)
    assert frame["data"]["title"] == event.text("title", "ja")


def _moon_for(listener: Person) -> Event:
    """Store a full moon of which somebody wishes to hear."""
    event_generate(span=SUMMER_2026, families=("moon_phases",))
    moon = Event.objects.get(slug="moon-full-2026-06-29")
    wish(moon, User.objects.create_user("listener", pk=listener.user))
    return moon
