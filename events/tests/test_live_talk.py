"""What one socket and the hub say to each other, in this process, on real servers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_thread
from channels.layers import get_channel_layer
from django.db import connection

from accounts.models import User
from events.hub import Hub, group_name, hub_alive
from events.live.log import StreamState
from events.models import Event
from events.payloads import event_payload
from events.services.curation import (
    EventEdit,
    event_cancel,
    event_hide,
    event_publish,
    event_update,
)
from events.tests.live_client import decide
from events.tests.live_talk import Frame, Talk
from events.tests.live_world import NOON, Publish
from starscal.core.metrics import hub_restarts_total
from starscal.core.selectors import stream_cursor


async def test_a_cursor_of_another_time_or_the_future_is_answered_with_a_reset(
    talk: Talk, hub: Hub, publish_many: Publish
) -> None:
    await in_thread(publish_many)(2)
    await hub.refresh()
    epoch = hub.feeds["events"].epoch
    for cursor in ([epoch, 99], ["0b9de1a5-1cc7-4a26-9b5a-2b3f3c1c4a11", 1]):
        socket = await talk()
        welcome = await socket.hello(cursors={"events": cursor})
        reset = await socket.hear_op("reset")
        assert welcome["cursors"]["events"] == reset["cursor"] == [epoch, 2]
        assert reset["snapshot"] == "/api/v1/events"


async def test_what_left_the_ring_is_replayed_from_the_log(
    talk: Talk, hub: Hub, publish_many: Publish, settings: Any
) -> None:
    hub.feeds["events"].ring = deque(maxlen=2)
    await in_thread(publish_many)(6)
    await hub.refresh()
    socket = await talk()
    await socket.hello(cursors={"events": [hub.feeds["events"].epoch, 1]})
    frames = [await socket.hear_op("event") for _number in range(5)]
    assert [(frame["prev"], frame["seq"]) for frame in frames] == [(n - 1, n) for n in range(2, 7)]


async def test_what_is_kept_no_longer_is_answered_with_a_reset(
    talk: Talk, hub: Hub, publish_many: Publish
) -> None:
    hub.feeds["events"].ring = deque(maxlen=1)
    await in_thread(publish_many)(5)
    await hub.refresh()
    await in_thread(sql)("DELETE FROM core_outboxmessage WHERE seq < 4")
    epoch = hub.feeds["events"].epoch
    late, kept = await talk(), await talk()
    await late.hello(cursors={"events": [epoch, 2]})
    assert (await late.hear_op("reset"))["cursor"] == [epoch, 5]
    await kept.hello(cursors={"events": [epoch, 3]})
    assert [(await kept.hear_op("event"))["seq"] for _number in range(2)] == [4, 5]


async def test_a_restored_log_resets_everybody(talk: Talk, hub: Hub, publish_many: Publish) -> None:
    socket = await talk()
    await socket.hello()
    await in_thread(sql)("UPDATE core_stream SET epoch = gen_random_uuid()")
    reset = await socket.hear_op("reset")
    assert reset["cursor"] == list(hub.feeds["events"].cursor)
    await in_thread(publish_many)(1)
    frame = await socket.hear_op("event")
    assert decide(reset["cursor"][1], frame["prev"], frame["seq"]) == "accept"


async def test_what_is_heard_while_the_log_is_read_resets_nobody(
    talk: Talk, hub: Hub, publish_many: Publish, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIVE_RING_LENGTH = 2
    socket = await talk()
    await socket.hello()
    await in_thread(publish_many)(4)
    assert [(await socket.hear_op("event"))["seq"] for _number in range(4)] == [1, 2, 3, 4]
    read, feed = hub._news.state, hub.feeds["events"]

    async def read_slowly(name: str) -> StreamState:
        state = await read(name)
        monkeypatch.setattr(hub._news, "state", read)
        (fifth,) = await in_thread(publish_many)(1)
        (message,) = await hub._history.after(name, fifth - 1, 1)
        hub._hear({"stream": name, "epoch": feed.epoch, "messages": [message]})
        assert (await socket.hear_op("event"))["seq"] == fifth
        return state

    monkeypatch.setattr(hub._news, "state", read_slowly)
    await hub.refresh()
    assert feed.last_seq == 5
    await in_thread(publish_many)(1)
    assert (await socket.hear_op("event"))["seq"] == 6


async def test_a_log_that_lost_its_newest_rows_can_be_followed(
    hub: Hub, publish_many: Publish
) -> None:
    await in_thread(publish_many)(5)
    await in_thread(sql)("DELETE FROM core_outboxmessage WHERE seq > 3")
    fresh = Hub()
    async with asyncio.timeout(5):
        await fresh.refresh()
    await fresh.stop()
    assert fresh.feeds["events"].last_seq == 5


async def test_the_language_changes_with_the_next_frame(
    talk: Talk, new_event: Callable[..., Event], editor: User
) -> None:
    socket = await talk()
    await socket.hello(lang="de")
    titles = []
    for language in ("ru", "tlh", ""):
        draft = await in_thread(new_event)("Fire")
        await in_thread(event_publish)(event_id=draft.pk, actor=editor)
        data = (await socket.hear_op("event"))["data"]
        titles.append((data["title"], data["fallback"]))
        await socket.say("lang", lang=language)
    assert titles == [("Fire (de)", False), ("Fire (ru)", False), ("Fire", True)]


async def test_a_filter_lets_through_what_was_asked_for_and_proves_the_rest(
    talk: Talk, new_event: Callable[..., Event], editor: User
) -> None:
    staff, moon = await talk(), await talk()
    await staff.hello(filter={"family": ["staff"], "min_significance": 4})
    await moon.hello(filter={"family": ["moon_phases"]})
    for significance in (3, 5, 2, 4):
        draft = await in_thread(new_event)(significance=significance)
        await in_thread(event_publish)(event_id=draft.pk, actor=editor)
    frames = [await staff.hear_op("event") for _number in range(2)]
    assert [(frame["prev"], frame["seq"]) for frame in frames] == [(0, 2), (2, 4)]
    await moon.say("subscribe", streams=["events"], filter={"family": ["staff"]})
    assert (await moon.hear_op("cursor"))["seq"] == 4
    assert await moon.asgi.receive_nothing()
    hidden = frames[0]["data"]["id"]
    await in_thread(event_hide)(event_id=hidden, actor=editor)
    assert (await staff.hear_op("event"))["data"]["status"] == "hidden"
    assert (await moon.hear_op("event"))["prev"] == 0


async def test_a_stream_can_be_left_and_taken_up_again(
    talk: Talk, hub: Hub, publish_many: Publish
) -> None:
    socket = await talk()
    welcome = await socket.hello()
    await socket.say("unsubscribe", streams=["events"])
    await in_thread(publish_many)(2)
    await hub.refresh()
    assert await socket.asgi.receive_nothing()
    await socket.say("subscribe", streams=["events"], cursors=welcome["cursors"])
    assert [(await socket.hear_op("event"))["seq"] for _number in range(2)] == [1, 2]


async def test_without_acknowledgement_the_credit_ends_and_then_the_socket(
    talk: Talk, publish_many: Publish, settings: Any
) -> None:
    settings.LIVE_CREDIT, settings.LIVE_CREDIT_TIMEOUT_S = 3, 60
    kind, mean = await talk(), await talk()
    await kind.hello()
    await mean.hello()
    await in_thread(publish_many)(5)
    for seq in range(1, 6):
        assert (await kind.hear_op("event"))["seq"] == seq
        await kind.say("ack", stream="events", seq=seq)
    assert [(await mean.hear_op("event"))["seq"] for _number in range(3)] == [1, 2, 3]
    settings.LIVE_CREDIT_TIMEOUT_S = 0.1
    await in_thread(publish_many)(1)
    assert await mean.end() == ("client.slow", 4408)
    assert (await kind.hear_op("event"))["seq"] == 6


async def test_a_reset_gives_the_credit_back(
    talk: Talk, publish_many: Publish, settings: Any
) -> None:
    settings.LIVE_CREDIT, settings.LIVE_HEARTBEAT_S = 2, 2
    socket = await talk()
    await socket.hello()
    await in_thread(publish_many)(4)
    assert [(await socket.hear_op("event"))["seq"] for _number in range(2)] == [1, 2]
    await socket.say("pong")
    await in_thread(sql)("UPDATE core_stream SET epoch = gen_random_uuid()")
    await socket.hear_op("reset")
    settings.LIVE_CREDIT_TIMEOUT_S = 1  # which has passed since, for who would be short of it
    for _number in range(2):
        await socket.hear_op("ping")
        await socket.say("pong")


async def test_subscribing_anew_gives_no_new_credit(
    talk: Talk, publish_many: Publish, settings: Any
) -> None:
    settings.LIVE_CREDIT, settings.LIVE_CREDIT_TIMEOUT_S = 2, 1
    socket = await talk()
    welcome = await socket.hello()
    await in_thread(publish_many)(4)
    assert [(await socket.hear_op("event"))["seq"] for _number in range(2)] == [1, 2]
    await socket.say("unsubscribe", streams=["events"])
    await socket.say("subscribe", streams=["events"], cursors=welcome["cursors"])
    assert await socket.end() == ("client.slow", 4408)


async def test_the_heart_beats_with_cursors_and_silence_ends_the_talk(
    talk: Talk, settings: Any
) -> None:
    settings.LIVE_HEARTBEAT_S = 0.2
    socket = await talk()
    await socket.hello()
    assert (await socket.hear()) == {"op": "cursor", "stream": "events", "seq": 0}
    assert (await socket.hear()) == {"op": "ping"}
    for _number in range(4):
        await socket.say("pong")
        await socket.hear_op("ping")
    assert await socket.end() == ("pong.missing", 4408)


async def test_a_row_that_cannot_be_rendered_goes_out_as_void(
    talk: Talk, hub: Hub, publish_many: Publish
) -> None:
    socket = await talk()
    await socket.hello()
    await in_thread(publish_many)(1)
    await in_thread(sql)(
        "INSERT INTO core_outboxmessage (stream_id, seq, key, kind, body)"
        " VALUES ('events', 2, 'poison', 'event.updated', '{\"facts\": 5}');"
        " UPDATE core_stream SET last_seq = 2"
    )
    await in_thread(publish_many)(1)
    frames = [await socket.hear_op("event") for _number in range(3)]
    assert [frame["type"] for frame in frames] == ["event.published", "void", "event.published"]
    assert (frames[1]["prev"], frames[1]["seq"], frames[1]["data"]) == (1, 2, {})


async def test_a_page_of_another_site_is_refused(talk: Talk, settings: Any) -> None:
    settings.LIVE_ORIGINS = ["https://friends.example"]
    for origin in (
        "https://evil.example",
        "null",
        "http://testserver:99999",
        "http://testserver:8",
    ):
        assert await (await talk(origin)).end() == ("origin.refused", 4403)
    for origin in ("", "http://testserver", "https://testserver:443", "https://friends.example"):
        assert (await (await talk(origin)).hello())["op"] == "welcome"


def snapshot(language: str) -> tuple[list[Any], dict[str, Any]]:
    """Return what the API gives: the cursor, read first, and the events."""
    cursor = stream_cursor(name="events")
    assert cursor is not None
    events = Event.objects.public()
    shown = {str(event.pk): dict(event_payload(event, language=language)) for event in events}
    return [str(cursor.epoch), cursor.seq], shown


def applied(shown: dict[str, Any], frame: Frame) -> None:
    data = frame["data"]
    if data["status"] == "hidden":
        shown.pop(data["id"], None)
    else:
        shown[data["id"]] = {**data, "stored": True}


@pytest.mark.parametrize("language", ["en", "de", "hy"])
async def test_old_snapshot_and_messages_make_the_new_snapshot(
    talk: Talk, new_event: Callable[..., Event], editor: User, language: str
) -> None:
    def prepare() -> list[Any]:
        drafts = [new_event(f"Fire {number}").pk for number in range(4)]
        for pk in drafts[:3]:
            event_publish(event_id=pk, actor=editor)
        return drafts

    def change(drafts: list[Any]) -> None:
        event_publish(event_id=drafts[3], actor=editor)
        before = Event.objects.get(pk=drafts[0])
        edit = EventEdit({"quantum_resonance": 0.5}, {"title_de": "Feuer"}, before.revision)
        event_update(event_id=drafts[0], actor=editor, edit=edit, at=NOON)
        event_cancel(event_id=drafts[1], actor=editor, reason="Rain")
        event_hide(event_id=drafts[2], actor=editor)

    socket = await talk()
    drafts = await in_thread(prepare)()
    cursor, shown = await in_thread(snapshot)(language)
    await socket.hello(lang=language, cursors={"events": cursor})
    await in_thread(change)(drafts)
    for _number in range(4):
        applied(shown, await socket.hear_op("event"))
    assert (await in_thread(snapshot)(language))[1] == shown


async def test_a_hub_that_fails_starts_again(talk: Talk, hub: Hub, publish_many: Publish) -> None:
    socket = await talk()
    await socket.hello()
    restarts = hub_restarts_total.labels("listen")._value
    before = restarts.get()
    layer = get_channel_layer()
    assert layer is not None
    await layer.group_send(group_name("events"), {"type": "live.messages"})
    await in_thread(publish_many)(1)
    assert (await socket.hear_op("event"))["seq"] == 1
    async with asyncio.timeout(10):
        while restarts.get() == before:  # noqa: ASYNC110 - the log may be faster than the group
            await asyncio.sleep(0.02)
    assert restarts.get() == before + 1
    assert hub_alive()


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
