"""How many follow each stream, as staff see it."""

from __future__ import annotations

import pytest
from channels.db import database_sync_to_async as in_thread
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.hub import Hub
from events.live.presence import PresenceBeat, presence_now
from events.tests.live_talk import Talk
from starscal.core.redis_client import quick_redis, redis_key
from starscal.testing.staff import staff_sign_in

PAGE = "admin:events_presence"


@pytest.fixture(autouse=True)
def nobody_before() -> None:
    """Forget the processes of other tests."""
    quick_redis().delete(redis_key("live:presence"))


async def test_sockets_of_all_processes_are_counted_by_stream_and_language(
    talk: Talk, hub: Hub
) -> None:
    first, second = await talk(), await talk()
    await first.hello(lang="de", streams=["events", "sky"])
    await second.hello(lang="ru")
    await second.say("subscribe", stream="sky")
    while (await second.hear())["op"] != "sky":
        continue
    await hub.presence.tell()
    elsewhere = PresenceBeat(hub.redis)
    elsewhere.here = {next(iter(hub.presence.here))}
    await elsewhere.tell()
    present = await in_thread(presence_now)()
    assert (present.sockets, present.processes) == (3, 2)
    assert sum(present.streams["events"].values()) == sum(present.streams["sky"].values()) == 3
    await elsewhere.forget()
    present = await in_thread(presence_now)()
    assert present.streams == {"events": {"de": 1, "ru": 1}, "sky": {"de": 1, "ru": 1}}


async def test_who_leaves_or_changes_language_is_counted_anew(talk: Talk, hub: Hub) -> None:
    first, second = await talk(), await talk()
    await first.hello(lang="de")
    await second.hello(lang="de")
    await first.say("lang", lang="hy")
    await first.say("subscribe", stream="events")
    assert (await first.hear())["op"] == "cursor"
    await second.asgi.disconnect(timeout=10)
    await hub.presence.tell()
    assert (await in_thread(presence_now)()).streams == {"events": {"hy": 1}}


async def test_a_process_that_ended_is_not_counted(talk: Talk, hub: Hub) -> None:
    socket = await talk()
    await socket.hello()
    await hub.presence.tell()
    key = redis_key(f"live:presence:{hub.presence._name}")
    assert 0 < await hub.redis.ttl(key) <= 15
    await hub.redis.delete(key)  # as its end of time does
    assert (await in_thread(presence_now)()).processes == 0


async def test_metrics_and_staff_see_the_counts(talk: Talk, hub: Hub, editor: User) -> None:
    socket = await talk()
    await socket.hello(lang="fr")
    await hub.presence.tell()

    def seen() -> tuple[str, str]:
        client = Client()
        staff_sign_in(client, editor)
        figures = client.get("/metrics").content.decode()
        return figures, client.get(reverse(PAGE)).content.decode()

    figures, page = await in_thread(seen)()
    assert 'starscal_live_followers{language="fr",stream="events"} 1.0' in figures
    assert '<th scope="row">events</th><td>fr</td><td>1</td>' in page


@pytest.mark.django_db
def test_the_page_is_for_staff_and_lives_without_listeners(client: Client) -> None:
    client.force_login(User.objects.create_user("visitor", password=None))
    assert client.get(reverse(PAGE)).status_code == 302
    staff = User.objects.create_user("looker", password=None, is_staff=True)
    staff_sign_in(client, staff)
    assert "Nobody is listening now." in client.get(reverse(PAGE)).content.decode()
