from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from accounts.models import User
from events.models import Event
from events.services.announcements import announcements_append
from events.services.curation import event_hide
from events.tests.concurrency import in_own_connection, wait_until_blocked
from events.windows import Span
from starscal.core.models import OutboxMessage

MessagesSince = Callable[[], list[OutboxMessage]]
H, M = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def only_the_full_moon(full_moon: Event) -> Event:
    Event.objects.exclude(pk=full_moon.pk).delete()
    return full_moon


@pytest.mark.parametrize(
    ("offset", "moment", "lead_s"),
    [
        pytest.param(-24 * H - M, None, None, id="more than a day before"),
        pytest.param(-24 * H, "starts-24h", 86_400, id="a day before"),
        pytest.param(-2 * H, "starts-24h", 86_400, id="late for the day"),
        pytest.param(-1 * H, "starts-1h", 3_600, id="an hour before"),
        pytest.param(-1 * M, "starts-1h", 3_600, id="late for the hour"),
        pytest.param(0 * H, "started", None, id="at the instant"),
        pytest.param(23 * H, "started", None, id="late for the instant"),
        pytest.param(24 * H, None, None, id="old news"),
    ],
)
def test_each_moment_is_said_when_it_is_due(
    only_the_full_moon: Event,
    messages: MessagesSince,
    offset: timedelta,
    moment: str | None,
    lead_s: int | None,
) -> None:
    announcements_append(at=only_the_full_moon.occurs_at + offset)
    said = messages()
    assert [m.key.split(":")[1] for m in said] == ([moment] if moment else [])
    assert [m.body["extra"].get("lead_s") for m in said] == ([lead_s] if moment else [])


def test_nothing_is_said_twice(only_the_full_moon: Event, messages: MessagesSince) -> None:
    at = only_the_full_moon.occurs_at - H
    assert announcements_append(at=at) == 1
    assert announcements_append(at=at + M) == 0
    assert len(messages()) == 1


def test_an_event_moved_to_another_minute_is_said_anew(
    only_the_full_moon: Event, messages: MessagesSince
) -> None:
    at = only_the_full_moon.occurs_at - H
    announcements_append(at=at)
    Event.objects.update(occurs_at=only_the_full_moon.occurs_at + 5 * M)
    announcements_append(at=at + 10 * M)
    assert [m.kind for m in messages()] == ["event.upcoming", "event.upcoming"]


@pytest.mark.parametrize("status", ["draft", "hidden", "cancelled"])
def test_only_published_events_are_announced(
    only_the_full_moon: Event, messages: MessagesSince, status: str
) -> None:
    Event.objects.update(status=status)
    assert announcements_append(at=only_the_full_moon.occurs_at) == 0
    assert messages() == []


def test_an_event_with_an_end_is_said_to_end(
    only_the_full_moon: Event, messages: MessagesSince
) -> None:
    ends = only_the_full_moon.occurs_at + 2 * H
    Event.objects.update(ends_at=ends)
    announcements_append(at=ends)
    assert {m.kind for m in messages()} == {"event.started", "event.ended"}


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_say_everything_once(summer: Span) -> None:
    at = Event.objects.in_time_order().first().occurs_at

    def announce(_number: int) -> int:
        try:
            return announcements_append(at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(announce, range(2)))
    kinds = OutboxMessage.objects.exclude(kind="coverage")
    assert sum(counts) == kinds.count() > 0


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_of_an_event_that_is_being_hidden(full_moon: Event, curator: User) -> None:
    Event.objects.exclude(pk=full_moon.pk).delete()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            event_hide(event_id=full_moon.pk, actor=curator)
            said = pool.submit(
                in_own_connection, lambda: announcements_append(at=full_moon.occurs_at)
            )
            wait_until_blocked(said)
        assert said.result(10) == 0
    kinds = OutboxMessage.objects.order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["coverage", "event.cancelled"]
