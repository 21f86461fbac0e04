from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from starscal.core import clock
from starscal.core.models import OutboxMessage, Stream
from starscal.core.outbox import NewMessage, outbox_append
from starscal.core.selectors import (
    outbox_lag_s,
    stream_cursor,
    stream_messages,
    stream_oldest_seq,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def five() -> Stream:
    with transaction.atomic():
        messages = [NewMessage(key=f"k{n}", kind="test", body={}) for n in range(1, 6)]
        outbox_append(stream="events", messages=messages)
    return Stream.objects.get(pk="events")


def test_a_silent_stream_has_no_place() -> None:
    assert stream_cursor(name="silent") is None
    assert stream_oldest_seq(name="silent") is None
    assert stream_messages(name="silent", after=0, limit=10) == []


def test_the_cursor_is_the_newest_place(five: Stream) -> None:
    assert stream_cursor(name="events") == (five.epoch, 5)


def test_messages_come_after_a_place_in_order(five: Stream) -> None:
    assert [m.seq for m in stream_messages(name="events", after=2, limit=2)] == [3, 4]
    assert stream_messages(name="other", after=0, limit=2) == []


def test_the_oldest_number_is_what_retention_left(five: Stream) -> None:
    OutboxMessage.objects.filter(seq__lt=3).delete()
    assert stream_oldest_seq(name="events") == 3


def test_lag_is_the_age_of_the_oldest_message_not_relayed(five: Stream) -> None:
    now = clock.now()
    for seq in (3, 4):
        at = now - timedelta(seconds=10 * seq)
        OutboxMessage.objects.filter(seq=seq).update(created_at=at)
    Stream.objects.update(relayed_seq=3)
    assert outbox_lag_s(now=now) == pytest.approx(40.0)
    Stream.objects.update(relayed_seq=5)
    assert outbox_lag_s(now=now) == 0.0


def test_a_clock_behind_the_database_gives_no_negative_lag(five: Stream) -> None:
    assert outbox_lag_s(now=clock.now() - timedelta(hours=1)) == 0.0
