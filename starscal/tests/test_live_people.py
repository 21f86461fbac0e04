"""Who may open a socket, how many, and how soon it ends: against real Daphne and relay."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import gettext
from websockets.exceptions import ConnectionClosed

from accounts.models import User
from accounts.services.profile import profile_update
from accounts.services.sessions import (
    OpenedSession,
    session_open,
    session_revoke,
    sessions_revoke,
)
from events.live.conversation import KNOWN
from events.tests.live_client import Frame, LiveSocket
from events.tests.live_people import Person, say
from starscal.core.i18n import LOCALES, language_active
from starscal.core.models import Stream
from starscal.devservices.waiting import poll
from starscal.testing.live import LiveProcess, LiveServer

pytestmark = pytest.mark.drill("T8")

FRIEND = "https://friends.example"
REVOKED_WITHIN_S = 10.0  # a second or two, and a busy machine
BOTH = ["events", "me"]


@pytest.fixture(scope="module", autouse=True)
def _known_sites() -> Iterator[None]:
    """Have Daphne admit the pages of one other site, where the suite admits all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "LIVE_ORIGINS", FRIEND)
        yield


def refused(socket: LiveSocket) -> tuple[str, int | None]:
    """Return why the server closes a socket, and with which code."""
    error = socket.hear_op("error")
    return error["code"], socket.close_code()


HANDSHAKES: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, int]]] = {
    "another site": ({"origin": "https://evil.example"}, {}, ("origin.refused", 4403)),
    "a page of no site": ({"origin": "null"}, {}, ("origin.refused", 4403)),
    "a site that looks alike": (
        {"origin": "https://friends.example.evil.example"},
        {},
        ("origin.refused", 4403),
    ),
    "the own stream without a token": ({}, {"streams": BOTH}, ("auth.required", 4401)),
    "a token that is none": ({}, {"token": "eyJ"}, ("auth.invalid", 4401)),
    "an empty token": ({}, {"token": ""}, ("auth.invalid", 4401)),
    "a ticket nobody gave": ({}, {"ticket": "x" * 43}, ("auth.invalid", 4401)),
    "a token and a ticket": ({}, {"token": "a", "ticket": "b"}, ("frame.invalid", 4400)),
    "a token that is no text": ({}, {"token": ["a"]}, ("frame.invalid", 4400)),
    "a token past all size": ({}, {"token": "x" * 5_000}, ("frame.invalid", 4400)),
}


@pytest.mark.parametrize("case", HANDSHAKES)
def test_bad_handshakes_get_their_code_at_once(shared_server: LiveServer, case: str) -> None:
    options, fields, outcome = HANDSHAKES[case]
    began = time.monotonic()
    with LiveSocket(shared_server.ws_url, **options) as socket:
        with suppress(ConnectionClosed):  # a page of another site is sent away unheard
            socket.say("hello", **fields)
        assert refused(socket) == outcome
    assert time.monotonic() - began <= REVOKED_WITHIN_S


def test_pages_of_this_and_of_known_sites_may_come(shared_server: LiveServer) -> None:
    for origin in (FRIEND, shared_server.url):
        with LiveSocket(shared_server.ws_url, origin=origin) as socket:
            assert socket.hello()["op"] == "welcome"


def test_a_token_in_the_address_opens_nothing(shared_server: LiveServer) -> None:
    path = f"/ws/v1/live?ticket={Person().ticket()}"
    with LiveSocket(shared_server.ws_url, path) as socket:
        socket.say("hello", streams=["me"])
        assert refused(socket) == ("auth.required", 4401)


def test_who_says_nothing_is_sent_away(shared_server: LiveServer) -> None:
    with LiveSocket(shared_server.ws_url) as socket:
        began = time.monotonic()
        assert refused(socket) == ("hello.timeout", 4401)
        assert time.monotonic() - began <= settings.LIVE_HELLO_TIMEOUT_S + REVOKED_WITHIN_S


def test_a_socket_belongs_to_one_person(shared_server: LiveServer) -> None:
    person = Person()
    with LiveSocket(shared_server.ws_url) as socket:
        socket.hello(ticket=person.ticket())
        socket.say("auth", ticket=person.ticket())
        assert socket.hear_op("auth")["user"] == person.user
        socket.say("auth", ticket=Person().ticket())
        assert refused(socket) == ("auth.other_user", 4401)


def test_caps_of_a_person_and_of_an_address(shared_server: LiveServer) -> None:
    person = Person()
    with ExitStack() as stack:
        opened = [
            stack.enter_context(LiveSocket(shared_server.ws_url))
            for _number in range(settings.LIVE_SOCKETS_PER_ADDRESS)
        ]
        for socket in opened[: settings.LIVE_SOCKETS_PER_USER]:
            socket.hello(ticket=person.ticket())
        for socket in opened[settings.LIVE_SOCKETS_PER_USER + 1 :]:
            socket.hello()
        sixth = opened[settings.LIVE_SOCKETS_PER_USER]
        sixth.hello()
        one_more = stack.enter_context(LiveSocket(shared_server.ws_url))
        assert refused(one_more) == ("sockets.too_many", 4409)
        sixth.say("auth", ticket=person.ticket())
        assert refused(sixth) == ("sockets.too_many", 4409)


REVOCATIONS: dict[str, Callable[[User, OpenedSession], object]] = {
    "the session": lambda user, opened: session_revoke(
        session_id=opened.session.pk, user=user, reason="logout"
    ),
    "all sessions": lambda user, _opened: sessions_revoke(user=user, reason="logout_all"),
    "all but this": lambda user, opened: sessions_revoke(
        user=user, reason="password", keep=opened.session.pk
    ),
}


@pytest.mark.parametrize("relayed", [True, False], ids=["by Redis", "by the log alone"])
@pytest.mark.parametrize("what", REVOCATIONS)
def test_a_revocation_ends_open_sockets_within_seconds(
    request: pytest.FixtureRequest, shared_server: LiveServer, relayed: bool, what: str
) -> None:
    request.getfixturevalue("shared_relay" if relayed else "silent_relay")
    user = User.objects.create_user("stella", password=None)
    opened = session_open(user=user)
    other = session_open(user=User.objects.create_user("luna", password=None))
    with LiveSocket(shared_server.ws_url) as socket, LiveSocket(shared_server.ws_url) as stays:
        assert socket.hello(token=opened.access_token, streams=BOTH)["user"] == str(user.pk)
        stays.hello(token=other.access_token, streams=BOTH)
        began = time.monotonic()
        REVOCATIONS[what](user, opened)
        assert refused(socket) == ("auth.revoked", 4401)
        assert time.monotonic() - began <= REVOKED_WITHIN_S
        with LiveSocket(shared_server.ws_url) as again:
            again.say("hello", token=opened.access_token)
            assert refused(again) == ("auth.revoked", 4401)
        stays.say("auth", token=other.access_token)
        assert stays.hear_op("auth")["user"] == str(other.session.user_id)


def language_heard(socket: LiveSocket) -> str:
    """Return the language in which the server says what it does not understand."""
    socket.say("subscribe", streams=["nothing"])
    detail = socket.hear_op("error")["detail"]
    return next(code for code in LOCALES if refusal_in(code) == detail)


def refusal_in(code: str) -> str:
    refused = {"stream": "nothing", "known": ", ".join(KNOWN)}
    with language_active(code):
        return gettext("There is no stream %(stream)s. Known streams: %(known)s.") % refused


def test_a_changed_language_reaches_the_open_sockets_of_the_person(
    shared_server: LiveServer, shared_relay: LiveProcess
) -> None:
    user = User.objects.create_user("lena", email="lena@example.org", language="ru")
    opened = session_open(user=user)
    with ExitStack() as stack:
        own, asked = (stack.enter_context(LiveSocket(shared_server.ws_url)) for _number in range(2))
        assert own.hello(token=opened.access_token)["lang"] == "ru"
        assert asked.hello(token=opened.access_token, lang="hi")["lang"] == "hi"
        assert language_heard(own) == "ru"
        profile_update(user=user, body={"language": "de"})
        relayed = Stream.objects.filter(pk=f"me:{user.pk}", relayed_seq=1)
        assert poll(relayed.exists, timeout_s=30)  # the relay may just have been started
        assert poll(lambda: language_heard(own) == "de", timeout_s=REVOKED_WITHIN_S, interval_s=0.2)
        assert language_heard(asked) == "hi"
    user.refresh_from_db()
    with LiveSocket(shared_server.ws_url) as late:
        assert late.hello(token=session_open(user=user).access_token)["lang"] == "de"


def told(socket: LiveSocket, count: int) -> list[tuple[int, int]]:
    frames: list[Frame] = [socket.hear_op("event") for _number in range(count)]
    assert {frame["stream"] for frame in frames} == {"me"}
    return [(frame["prev"], frame["seq"]) for frame in frames]


def test_the_own_stream_survives_a_killed_server(
    shared_server: LiveServer, shared_relay: LiveProcess
) -> None:
    person = Person()
    with LiveSocket(shared_server.ws_url) as before:
        welcome = before.hello(ticket=person.ticket(), streams=BOTH)
        epoch, start = welcome["cursors"]["me"]
        say(person.stream, "message", text="one")
        say(person.stream, "profile.updated", fields=["language"])
        assert told(before, 2) == [(0, 1), (1, 2)]
        shared_server.kill()
    for text in ("three", "four", "five"):
        say(person.stream, "message", text=text)
    shared_server.start()
    with LiveSocket(shared_server.ws_url) as after:
        after.hello(ticket=person.ticket(), streams=BOTH, cursors={"me": [epoch, 2]})
        assert told(after, 3) == [(2, 3), (3, 4), (4, 5)]
        say(person.stream, "message", text="six")
        assert told(after, 1) == [(5, 6)]
    assert start == 0
    rows = Stream.objects.filter(pk=person.stream, relayed_seq=6)
    assert poll(rows.exists, timeout_s=30)
