"""Subscriptions that ask for what can be seen from a place."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_thread

from accounts.models import User
from events.hub import Hub
from events.live import sights as sights_module
from events.live.filters import EventFilter
from events.live.parsing import Hello, frame_parse
from events.live.refusals import RefusalError
from events.models import Event
from events.payloads import event_facts
from events.selectors import event_find
from events.services.announcements import announcements_append
from events.services.curation import EventEdit, event_update
from events.services.generation import event_generate
from events.sights import events_seen, facts_seen
from events.tests.conftest import SUMMER_2026
from events.tests.live_client import decide
from events.tests.live_talk import Socket, Talk
from starscal.core.models import OutboxMessage

MADRID = {"lat": 40.4, "lon": -3.7}  # sees the solar eclipse of 12 August 2026
SYDNEY = {"lat": -33.87, "lon": 151.21}  # does not: NASA's map, F. Espenak
Judged = list[tuple[str, str]]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    """Return which messages were judged, and in which thread."""
    seen: Judged = []
    judge = sights_module._is_seen

    def noted(row: Any, place: Any) -> bool:
        seen.append((row.key, threading.current_thread().name))
        return judge(row, place)

    monkeypatch.setattr(sights_module, "_is_seen", noted)
    return seen


def told_of_the_eclipse() -> list[str]:
    """Store the summer and say what is due around the eclipse; return the kinds, oldest first."""
    event_generate(span=SUMMER_2026, families=("solar_eclipses", "moon_phases"))
    eclipse = Event.objects.get(family="solar_eclipses")
    assert eclipse.ends_at is not None
    for moment in (eclipse.occurs_at - timedelta(hours=1), eclipse.occurs_at, eclipse.ends_at):
        announcements_append(at=moment)
    return [m.body["facts"]["family"] for m in OutboxMessage.objects.filter(body__has_key="facts")]


def eclipse_changed(editor: User) -> None:
    eclipse = Event.objects.get(family="solar_eclipses")
    edit = EventEdit(fields={"quantum_resonance": 0.5}, revision=eclipse.revision)
    event_update(event_id=eclipse.pk, actor=editor, edit=edit, at=eclipse.occurs_at)


async def heard_until_the_change(socket: Socket, last: int) -> list[tuple[str, str]]:
    heard = []
    while True:
        frame = await socket.hear_op("event")
        assert decide(last, frame["prev"], frame["seq"]) == "accept", frame
        last = frame["seq"]
        heard.append((frame["type"], frame["data"].get("family", "")))
        if frame["type"] == "event.updated":
            return heard


async def test_what_cannot_be_seen_is_left_out_and_changes_pass(
    talk: Talk, editor: User, judged: Judged
) -> None:
    sockets = [await talk() for _number in range(3)]
    for socket, place in zip(sockets, (MADRID, SYDNEY, SYDNEY), strict=True):
        wish = {"place": place, "family": ["solar_eclipses"]}
        assert (await socket.hello(filter=wish))["cursors"]["events"][1] == 0
    await in_thread(told_of_the_eclipse)()
    await in_thread(eclipse_changed)(editor)
    madrid, sydney, again = [await heard_until_the_change(socket, 0) for socket in sockets]
    seen = ["event.upcoming", "event.started", "event.ended"]
    rest = [("coverage", ""), ("event.updated", "solar_eclipses")]
    assert madrid == [rest[0], *((kind, "solar_eclipses") for kind in seen), rest[1]]
    assert sydney == again == rest
    # Once for each place and message, and never on the loop.
    assert len(judged) == 2 * len(seen)
    assert {name.rpartition("_")[0] for _key, name in judged} == {"sights"}


async def test_a_place_resumes_with_the_same_verdicts(
    talk: Talk, hub: Hub, editor: User, judged: Judged
) -> None:
    await in_thread(told_of_the_eclipse)()
    await in_thread(eclipse_changed)(editor)
    await hub.refresh()
    epoch = hub.feeds["events"].epoch
    for _time in range(2):
        socket = await talk()
        wish = {"place": SYDNEY, "family": ["solar_eclipses"]}
        await socket.hello(filter=wish, cursors={"events": [epoch, 1]})
        assert await heard_until_the_change(socket, 1) == [("event.updated", "solar_eclipses")]
    assert len(judged) == 3


async def test_a_new_wish_while_the_sky_is_asked_doubles_nothing(
    talk: Talk, hub: Hub, editor: User, held: threading.Event
) -> None:
    socket = await talk()
    await socket.hello(filter={"place": MADRID, "family": ["solar_eclipses"]})
    await in_thread(told_of_the_eclipse)()
    async with asyncio.timeout(10):
        while not hub.sights._asked:  # noqa: ASYNC110 - polls, with an end
            await asyncio.sleep(0.01)
    await socket.say("subscribe", stream="events", filter={"family": ["solar_eclipses"]})
    early = []
    while (frame := await socket.hear())["op"] != "cursor":
        early.append(frame["type"])
    held.set()
    await in_thread(eclipse_changed)(editor)
    kinds = [kind for kind, _family in await heard_until_the_change(socket, frame["seq"])]
    assert early + kinds == [
        "coverage",
        *("event.upcoming", "event.started", "event.ended", "event.updated"),
    ]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold the verdicts back until the event is set."""
    go, judge = threading.Event(), sights_module._is_seen

    def slowly(row: Any, place: Any) -> bool:
        assert go.wait(10)
        return judge(row, place)

    monkeypatch.setattr(sights_module, "_is_seen", slowly)
    yield go
    go.set()


@pytest.mark.django_db
def test_a_message_is_judged_as_the_list_is(full_moon: Event) -> None:
    for event in Event.objects.all():
        found = event_find(reference=event.slug, languages=("en",))
        assert found is not None
        for lat in (-80.0, 0.0, 52.5):
            place = wish_of({"lat": lat, "lon": 13.4}).place
            assert place is not None
            facts: Any = event_facts(found.event)
            assert [facts_seen(place=place, facts=facts)] == events_seen(
                place=place, items=[found.event]
            )


def wish_of(place: Any) -> EventFilter:
    frame = frame_parse(json.dumps({"op": "hello", "filter": {"place": place}}))
    assert isinstance(frame, Hello)
    assert frame.wish.filter is not None
    return frame.wish.filter


def test_places_close_together_are_one() -> None:
    assert wish_of({"lat": 52.52, "lon": -0.0}) == wish_of({"lat": 52.52004, "lon": 0})
    assert wish_of(None) == EventFilter()


@pytest.mark.parametrize(
    "place",
    [
        [], "52,13", 3, {}, {"lat": 1}, {"lat": 1, "lon": 2, "zoom": 3}, {"lat": "1", "lon": 2},
        {"lat": 90.1, "lon": 0}, {"lat": 0, "lon": -180.1}, {"lat": True, "lon": 0},
        {"lat": 1e300, "lon": 0}, {"lat": None, "lon": None},
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_place_is_refused(place: Any) -> None:
    with pytest.raises(RefusalError) as refused:
        wish_of(place)
    assert (refused.value.close, refused.value.code) == (4400, "frame.invalid")
