"""Who a socket belongs to, until when, and what is said to that person alone."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_thread

from events.hub import Hub
from events.live import revocations
from events.live.doors import _OPEN_BY_USER
from events.live.identity import Identity
from events.tests.live_people import Person, say
from events.tests.live_talk import Socket, Talk

LITTLE_S = 4.0  # yet enough to open a socket on a busy machine
SIGNED_IN = {"streams": ["events", "me"]}


@pytest.fixture
def person() -> Person:
    return Person()


async def signed_in(talk: Talk, person: Person, *, life_s: float = 600, **fields: Any) -> Socket:
    socket: Socket = await talk()
    welcome = await socket.hello(ticket=person.ticket(life_s), **{**SIGNED_IN, **fields})
    assert welcome["user"] == person.user
    return socket


async def test_a_person_hears_what_is_said_to_them_alone(talk: Talk, person: Person) -> None:
    mine, other = await signed_in(talk, person), await signed_in(talk, Person())
    await in_thread(say)(person.stream, "profile.updated", fields=["language"])
    frame = await mine.hear_op("event")
    assert (frame["stream"], frame["prev"], frame["seq"]) == ("me", 0, 1)
    assert (frame["type"], frame["data"]) == ("profile.updated", {"fields": ["language"]})
    assert await other.asgi.receive_nothing()


async def test_the_own_stream_is_resumed_like_any_other(
    talk: Talk, hub: Hub, person: Person
) -> None:
    first = await signed_in(talk, person)
    await in_thread(say)(person.stream, "message", text="one")
    epoch = hub.personal[person.stream].epoch
    await first.hear_op("event")
    await first.asgi.disconnect(timeout=10)
    await in_thread(say)(person.stream, "message", text="two")
    again = await signed_in(talk, person, cursors={"me": [epoch, 1]})
    frame = await again.hear_op("event")
    assert (frame["prev"], frame["seq"], frame["data"]["text"]) == (1, 2, "two")


async def test_a_cursor_of_another_epoch_resets_the_own_stream(talk: Talk, person: Person) -> None:
    await in_thread(say)(person.stream, "message", text="one")
    strange = ["0b9de1a5-1cc7-4a26-9b5a-2b3f3c1c4a11", 1]
    socket = await signed_in(talk, person, cursors={"me": strange})
    reset = await socket.hear_op("reset")
    assert (reset["stream"], reset["snapshot"], reset["cursor"][1]) == ("me", "/api/v1/me", 1)


async def test_the_hub_forgets_people_who_left(talk: Talk, hub: Hub, person: Person) -> None:
    one, two = await signed_in(talk, person), await signed_in(talk, person)
    await one.asgi.disconnect(timeout=10)
    assert person.stream in hub.personal
    await two.asgi.disconnect(timeout=10)
    assert (hub.personal, hub._followers, hub.revocations._watchers) == ({}, {}, {})
    assert person.user not in _OPEN_BY_USER


async def test_a_ticket_is_good_once(talk: Talk, person: Person) -> None:
    ticket = person.ticket()
    await (await talk()).hello(ticket=ticket)
    second = await talk()
    await second.say("hello", ticket=ticket)
    assert await second.end() == ("auth.invalid", 4401)


async def test_the_end_is_announced_and_a_fresh_credential_puts_it_off(
    talk: Talk, person: Person
) -> None:
    ends_at = time.monotonic() + LITTLE_S
    socket = await signed_in(talk, person, life_s=LITTLE_S)
    assert (await socket.hear_op("expiring"))["in_s"] <= LITTLE_S
    await socket.say("auth", ticket=person.ticket(600))
    answer = await socket.hear_op("auth")
    assert (answer["user"], answer["in_s"] > LITTLE_S) == (person.user, True)
    assert await socket.asgi.receive_nothing(timeout=ends_at - time.monotonic() + 0.2)


async def test_without_a_fresh_credential_the_talk_ends(talk: Talk, person: Person) -> None:
    socket = await signed_in(talk, person, life_s=LITTLE_S)
    await socket.hear_op("expiring")
    assert await socket.end() == ("auth.expired", 4401)
    late = await talk()
    await late.say("hello", ticket=person.ticket(-1))
    assert await late.end() == ("auth.expired", 4401)


async def test_a_socket_may_sign_in_later_but_belongs_to_one_person(
    talk: Talk, person: Person
) -> None:
    socket = await talk()
    await socket.hello()
    await socket.say("auth", ticket=person.ticket())
    await socket.hear_op("auth")
    await socket.say("subscribe", streams=["me"])
    assert (await socket.hear_op("cursor"))["stream"] == "me"
    await socket.say("auth", ticket=Person().ticket())
    assert await socket.end() == ("auth.other_user", 4401)


@pytest.mark.parametrize("op", ["subscribe", "unsubscribe"])
async def test_the_own_stream_is_closed_to_strangers(talk: Talk, op: str) -> None:
    socket = await talk()
    await socket.hello()
    await socket.say(op, streams=["me"])
    assert await socket.end() == ("auth.required", 4401)


async def test_a_revoked_session_ends_its_sockets_and_no_others(talk: Talk, person: Person) -> None:
    revoked, other = await signed_in(talk, person), Person()
    other.user = person.user
    kept = await signed_in(talk, other)
    body = {"sid": person.session, "uid": person.user, "tv": 0}
    await in_thread(say)("revocations", "session.revoked", **body)
    assert await revoked.end() == ("auth.revoked", 4401)
    assert await kept.asgi.receive_nothing()


async def test_a_revoked_user_keeps_only_what_was_signed_in_since(
    talk: Talk, person: Person
) -> None:
    before, stranger = await signed_in(talk, person), await signed_in(talk, Person())
    await in_thread(say)("revocations", "user.revoked", uid=person.user, tv=1)
    assert await before.end() == ("auth.revoked", 4401)
    late = await talk()
    await late.say("hello", ticket=person.ticket())
    assert await late.end() == ("auth.revoked", 4401)
    person.token_version = 1
    await signed_in(talk, person)
    assert await stranger.asgi.receive_nothing()


async def test_what_was_revoked_before_the_start_is_known(hub: Hub, person: Person) -> None:
    for _number in range(3):
        await in_thread(say)("revocations", "session.revoked", sid=Person().session)
    await in_thread(say)("revocations", "session.revoked", sid=person.session)
    await in_thread(say)("revocations", "poison", nothing="of use")
    fresh = Hub()
    async with asyncio.timeout(5):
        await fresh.refresh()
    await fresh.stop()
    assert fresh.revocations.ended(Identity(person.user, person.session, 0, 0.0))
    assert fresh.revocations.last_seq == 5


async def test_revocations_are_forgotten_when_their_tokens_are_over(
    hub: Hub, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "WINDOW_S", 0.0)
    await in_thread(say)("revocations", "user.revoked", uid=person.user, tv=1)
    await hub.refresh()
    await in_thread(say)("revocations", "session.revoked", sid=person.session)
    await hub.refresh()
    assert not hub.revocations._users


async def test_a_person_may_have_so_many_sockets(talk: Talk, person: Person, settings: Any) -> None:
    settings.LIVE_SOCKETS_PER_USER = 2
    first = await signed_in(talk, person)
    await signed_in(talk, person)
    for ask in ("hello", "auth"):
        more = await talk()
        if ask == "auth":
            await more.hello()
        await more.say(ask, ticket=person.ticket())
        assert await more.end() == ("sockets.too_many", 4409)
    await first.asgi.disconnect(timeout=10)
    await signed_in(talk, person)


async def test_an_address_is_the_peers_unless_a_proxy_of_ours_forwards(
    talk: Talk, settings: Any
) -> None:
    settings.LIVE_SOCKETS_PER_ADDRESS, settings.TRUSTED_PROXIES = 1, ["10.0.0.0/8"]
    for number in range(2):
        await (await talk(peer="10.0.0.1", forwarded=f"192.0.2.{number}")).hello()
    for peer, forwarded in (("10.0.0.1", "1.1.1.1, 192.0.2.1"), ("192.0.2.0", "1.1.1.2")):
        refused = await talk(peer=peer, forwarded=forwarded)
        assert await refused.end() == ("sockets.too_many", 4409)


async def test_an_address_opens_so_many_sockets_a_minute(talk: Talk, settings: Any) -> None:
    settings.RATE_LIMITS = {"socket-connects": (2, 60)}
    first, second = (f"2001:db8:{secrets.randbits(16):x}:{number}::1" for number in (1, 2))
    for _number in range(2):
        await (await talk(peer=first)).hello()
    assert await (await talk(peer=first)).end() == ("rate.limited", 4429)
    await (await talk(peer=second)).hello()


async def test_without_news_of_revocations_nobody_is_believed(
    talk: Talk, hub: Hub, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.hub.STALE_S", -1.0)
    socket = await talk()
    await socket.say("hello", ticket=person.ticket())
    assert await socket.end() == ("service.restart", 4410)
