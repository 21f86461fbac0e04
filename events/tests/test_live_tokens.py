"""Access tokens on sockets: checked by signature and claims, without a query and a thread."""

from __future__ import annotations

import asyncio
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from rest_framework_simplejwt.tokens import AccessToken

from accounts.tokens.access import LIFETIME, access_sign
from events.hub import Hub
from events.live.identity import Credential, identity_proved
from events.tests.live_people import Person
from events.tests.live_talk import Talk
from starscal.core import clock


def token_of(person: Person, *, age: timedelta = timedelta()) -> str:
    return access_sign(
        user_id=uuid.UUID(person.user),
        session_id=uuid.UUID(person.session),
        token_version=person.token_version,
        at=clock.now() - age,
    )


async def test_a_token_signs_in_and_a_fresh_one_renews(talk: Talk) -> None:
    person = Person()
    socket = await talk()
    old = token_of(person, age=LIFETIME - timedelta(seconds=30))
    welcome = await socket.hello(token=old, streams=["me"])
    assert (welcome["user"], list(welcome["cursors"])) == (person.user, ["me"])
    assert 20 <= (await socket.hear_op("expiring"))["in_s"] <= 30
    await socket.say("auth", token=token_of(person))
    assert (await socket.hear_op("auth"))["in_s"] > 590


@pytest.mark.parametrize("how", ["expired", "tampered", "of a library"])
async def test_a_bad_token_opens_nothing(talk: Talk, how: str) -> None:
    person = Person()
    good = token_of(person)
    bad = {
        "expired": token_of(person, age=LIFETIME + timedelta(minutes=2)),
        "tampered": good[:-6] + ("AAAAAA" if not good.endswith("AAAAAA") else "BBBBBB"),
        "of a library": foreign_token(person),
    }[how]
    socket = await talk()
    await socket.say("hello", token=bad)
    assert await socket.end() == ("auth.invalid", 4401)


def foreign_token(person: Person) -> str:
    """Return what the stock class of simplejwt signs, with the site's secret."""
    token: Any = AccessToken()
    token["sub"], token["sid"], token["tv"] = person.user, person.session, 0
    return str(token)


# A query would raise SynchronousOnlyOperation on the loop, a thread would be noticed here.
async def test_a_token_is_checked_on_the_spot(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person()
    token = token_of(person)

    def no_hop(*_given: Any, **_options: Any) -> Any:
        raise AssertionError("The check of a token must not leave the loop.")

    monkeypatch.setattr(asyncio.get_running_loop(), "run_in_executor", no_hop)
    monkeypatch.setattr(hub.redis, "getdel", no_hop)
    began = time.process_time()
    for _number in range(200):
        assert (await identity_proved(Credential(token=token), hub.redis)).user == person.user
    assert (time.process_time() - began) / 200 < 0.005
