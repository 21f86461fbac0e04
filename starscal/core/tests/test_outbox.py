from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from starscal.core import clock
from starscal.core.models import OutboxMessage, Stream
from starscal.core.outbox import NewMessage, outbox_append, outbox_append_each
from starscal.core.tasks import outbox_prune

WRITERS = 8
ROUNDS = 40


def message(key: str) -> NewMessage:
    return NewMessage(key=key, kind="test", body={"key": key})


@transaction.atomic
def say(*keys: str, stream: str = "events") -> list[int]:
    return [row.seq for row in outbox_append(stream=stream, messages=map(message, keys))]


def in_own_connection(work: Callable[[int], list[str]]) -> Callable[[int], list[str]]:
    def run(number: int) -> list[str]:
        try:
            return work(number)
        finally:
            connection.close()

    return run


@in_own_connection
def write_some(writer: int) -> list[str]:
    """Append in many transactions, one in five rolled back; return the keys committed."""
    chance, committed = random.Random(writer), []
    for number in range(ROUNDS):
        keys = [f"w{writer}-{number}-{part}" for part in range(chance.randint(1, 3))]
        kept = chance.random() >= 0.2
        with transaction.atomic():
            outbox_append(stream="events", messages=map(message, keys))
            transaction.set_rollback(not kept)
        committed += keys if kept else []
    return committed


@in_own_connection
def say_the_same(_writer: int) -> list[str]:
    for number in range(ROUNDS):
        say(f"same-{number}")
    return []


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_leave_no_hole_and_lose_nothing() -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        committed = [key for keys in pool.map(write_some, range(WRITERS)) for key in keys]
    rows = dict(OutboxMessage.objects.values_list("seq", "key"))
    assert sorted(rows) == list(range(1, len(committed) + 1))
    assert sorted(rows.values()) == sorted(committed)
    assert Stream.objects.get(pk="events").last_seq == len(committed)


@pytest.mark.django_db(transaction=True)
def test_a_key_said_by_all_at_once_is_said_once() -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(say_the_same, range(WRITERS)))
    assert OutboxMessage.objects.count() == Stream.objects.get(pk="events").last_seq == ROUNDS


@pytest.mark.django_db
def test_a_known_key_is_skipped_and_takes_no_number() -> None:
    assert say("a", "b", "a") == [1, 2]
    assert say("b", "c") == [3]
    assert say("c") == []


@pytest.mark.django_db
def test_streams_are_numbered_apart() -> None:
    assert say("a") == [1]
    assert say("m", stream="me") == [1]


@pytest.mark.django_db
def test_nothing_to_say_needs_no_stream() -> None:
    assert say(stream="silent") == []
    assert not Stream.objects.filter(pk="silent").exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="needs a transaction"):
        outbox_append(stream="events", messages=[message("a")])
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_relay_is_woken_at_the_commit_and_not_before() -> None:
    listener = connection.copy()
    try:
        with listener.cursor() as cursor:
            cursor.execute("LISTEN outbox")
        raw = listener.connection
        with transaction.atomic():
            outbox_append(stream="events", messages=[message("a")])
            assert list(raw.notifies(timeout=0)) == []
        assert len(list(raw.notifies(timeout=5, stop_after=1))) == 1
    finally:
        listener.close()


@pytest.mark.django_db
def test_old_messages_are_pruned_and_numbers_go_on(settings: object) -> None:
    say("old", "new")
    past = clock.now() - timedelta(days=8)
    OutboxMessage.objects.filter(key="old").update(created_at=past)
    assert outbox_prune() == 0  # the relay has not had it
    Stream.objects.update(relayed_seq=2)
    assert outbox_prune() == 1
    assert say("next") == [3]


@pytest.mark.django_db
def test_pruning_leaves_no_hole_when_the_clock_went_back() -> None:
    say("first", "second", "third")
    Stream.objects.update(relayed_seq=3)
    past = clock.now() - timedelta(days=8)
    OutboxMessage.objects.filter(key__in=["first", "third"]).update(created_at=past)
    assert outbox_prune() == 1
    assert list(OutboxMessage.objects.order_by("seq").values_list("seq", flat=True)) == [2, 3]
    OutboxMessage.objects.update(created_at=past)
    assert outbox_prune() == 2


@transaction.atomic
def say_to_each(key: str, *streams: str) -> int:
    keys = {stream: f"{key}-{stream}" for stream in streams}
    return outbox_append_each(keys=keys, kind="test", body={"key": key})


@pytest.mark.django_db
def test_one_thing_said_to_many_is_numbered_in_each_stream_and_said_once() -> None:
    say("before", stream="me:1")
    assert say_to_each("a", "me:2", "me:1") == 2
    assert say_to_each("a", "me:3", "me:1") == 1
    assert say_to_each("a") == 0
    say("after", stream="me:1")
    rows = OutboxMessage.objects.filter(stream_id="me:1").order_by("seq")
    assert list(rows.values_list("seq", "key")) == [(1, "before"), (2, "a-me:1"), (3, "after")]
    assert dict(Stream.objects.filter(name__startswith="me:").values_list("name", "last_seq")) == {
        "me:1": 3, "me:2": 1, "me:3": 1,
    }  # fmt: skip


@pytest.mark.django_db
def test_one_thing_said_to_many_waits_for_no_relay_but_skips_nothing() -> None:
    say("before", stream="me:1")  # the relay has yet to carry it
    say_to_each("a", "me:1", "me:2")
    names = Stream.objects.filter(name__startswith="me:")
    assert dict(names.values_list("name", "relayed_seq")) == {"me:1": 0, "me:2": 1}


@pytest.mark.django_db(transaction=True)
def test_many_who_speak_to_many_leave_no_hole() -> None:
    streams = [f"me:{number}" for number in range(10)]

    @in_own_connection
    def speak(writer: int) -> list[str]:
        chance = random.Random(writer)
        for number in range(20):
            say_to_each(f"{writer}-{number}", *chance.sample(streams, 5))
            say(f"own-{writer}-{number}", stream=chance.choice(streams))
        return []

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(speak, range(4)))
    for stream in Stream.objects.filter(name__in=streams):
        seqs = OutboxMessage.objects.filter(stream=stream).order_by("seq")
        assert list(seqs.values_list("seq", flat=True)) == list(range(1, stream.last_seq + 1))
    assert OutboxMessage.objects.filter(stream__in=streams).count() == 4 * 20 * 6


@pytest.mark.django_db(transaction=True)
def test_to_many_nothing_is_said_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        outbox_append_each(keys={"me:1": "a"}, kind="test", body={})
