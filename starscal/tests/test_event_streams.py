"""`GET /api/v1/live`: the live feed as Server-Sent Events, against real Daphne."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.conf import settings

from accounts.models import User
from accounts.services.sessions import session_open, sessions_revoke
from events.listening import EventSource, RefusedError, Told
from events.models import Event
from events.services.curation import event_publish
from events.tests.live_client import LiveSocket
from events.tests.live_people import say
from events.tests.live_world import Publish
from starscal.devservices.waiting import poll
from starscal.testing.live import LiveProcess, LiveServer

PATIENCE_S = 15.0
DELIVERIES = "starscal_live_deliveries_total"
Publisher = Callable[..., Event]


@pytest.fixture
def listen(shared_server: LiveServer) -> Iterator[Callable[..., Listener]]:
    """Return what opens a stream."""
    with ExitStack() as stack:

        def open_stream(**options: Any) -> Listener:
            return stack.enter_context(Listener(shared_server.url, **options))

        yield open_stream


class Listener(EventSource):
    """A stream whose frames are asked for one by one."""

    def __init__(
        self, url: str, *, last_id: str = "", token: str = "", headers: Any = None, **query: Any
    ) -> None:
        super().__init__(
            url, query, last_id=last_id, token=token, headers=headers, timeout_s=PATIENCE_S
        )
        self.told = iter(self)
        self.last_id = last_id

    def hear(self, name: str) -> Told:
        """Return the next event of a name, past cursors and heartbeats."""
        for told in self.told:
            self.last_id = told.id or self.last_id
            if told.name == name:
                return told
            assert told.name in {"", "cursor"}, told
        raise AssertionError(f"The stream ended without {name}.")

    def seqs(self, count: int) -> list[tuple[int, int]]:
        frames = [self.hear("event").frame for _number in range(count)]
        return [(frame["prev"], frame["seq"]) for frame in frames]


def test_a_stream_tells_the_frames_of_the_socket_and_resumes_by_its_id(
    listen: Callable[..., Listener], shared_relay: LiveProcess, publish_many: Publish
) -> None:
    first = listen(headers={"Origin": "https://friends.example"})
    head = first.response.headers
    assert head["Content-Type"] == "text/event-stream; charset=utf-8"
    assert (head["Cache-Control"], head["X-Accel-Buffering"]) == ("no-store", "no")
    assert (head["Access-Control-Allow-Origin"], head["X-Content-Type-Options"]) == ("*", "nosniff")
    assert head["X-Request-ID"]
    welcome = first.hear("welcome")
    epoch = welcome.frame["cursors"]["events"][0]
    assert welcome.id == f"{epoch}:0"
    assert 1 <= first.retry_s <= 5
    publish_many(3)
    assert first.seqs(3) == [(0, 1), (1, 2), (2, 3)]
    assert first.last_id == f"{epoch}:3"
    first.close()
    publish_many(4)
    again = listen(last_id=first.last_id, cursor=f"{epoch}:1")  # what the browser knows comes first
    assert again.hear("welcome").frame["cursors"] == {"events": [epoch, 3]}
    assert again.seqs(4) == [(3, 4), (4, 5), (5, 6), (6, 7)]
    assert listen(cursor=f"{epoch}:5").hear("welcome").id == f"{epoch}:5"


@pytest.mark.slow
def test_a_killed_server_costs_nothing(
    shared_server: LiveServer,
    shared_relay: LiveProcess,
    listen: Callable[..., Listener],
    publish_many: Publish,
) -> None:
    before = listen()
    before.hear("welcome")
    publish_many(2)
    assert before.seqs(2) == [(0, 1), (1, 2)]
    shared_server.kill()
    publish_many(3)
    shared_server.start()
    after = listen(last_id=before.last_id)
    after.hear("welcome")
    assert after.seqs(3) == [(2, 3), (3, 4), (4, 5)]


@pytest.mark.slow
def test_a_filter_leaves_a_chain_without_holes(
    listen: Callable[..., Listener],
    shared_relay: LiveProcess,
    new_event: Publisher,
    editor: User,
) -> None:
    staff = listen(family="staff", min_significance=4)
    moon = listen(family=["moon_phases", "eclipses"][0])
    staff.hear("welcome"), moon.hear("welcome")
    for significance in (3, 5, 2, 4):
        event_publish(event_id=new_event(significance=significance).pk, actor=editor)
    assert staff.seqs(2) == [(0, 2), (2, 4)]
    assert moon.last_id.endswith(":0")


def test_the_reader_gets_a_language(
    listen: Callable[..., Listener],
    shared_relay: LiveProcess,
    new_event: Publisher,
    editor: User,
) -> None:
    asked = listen(lang="de_AT", headers={"Accept-Language": "ru"}, tz="Asia/Yerevan")
    preferred = listen(headers={"Accept-Language": "ru, en;q=0.5"})
    unknown = listen(lang="tlh")
    assert asked.response.headers["Content-Language"] == "de"
    frame = asked.hear("welcome").frame
    assert (frame["lang"], frame["fallback"], frame["tz"]) == ("de", False, "Asia/Yerevan")
    frame = unknown.hear("welcome").frame
    assert (frame["lang"], frame["fallback"]) == ("en", True)
    preferred.hear("welcome")
    event_publish(event_id=new_event("Fire").pk, actor=editor)
    titles = [stream.hear("event").frame["data"]["title"] for stream in (asked, preferred, unknown)]
    assert titles == ["Fire (de)", "Fire (ru)", "Fire"]


def test_what_cannot_be_continued_is_reset(
    listen: Callable[..., Listener], publish_many: Publish
) -> None:
    publish_many(2)
    for last_id in (f"{uuid4()}:1", f"{listen().hear('welcome').id.partition(':')[0]}:99"):
        stream = listen(last_id=last_id)
        welcome, reset = stream.hear("welcome"), stream.hear("reset")
        assert welcome.id == reset.id
        assert reset.frame["cursor"] == welcome.frame["cursors"]["events"]
        assert (reset.frame["cursor"][1], reset.frame["snapshot"]) == (2, "/api/v1/events")


WRONG: dict[str, tuple[dict[str, Any], int, str]] = {
    "unknown parameter": ({"colour": "red"}, 400, "parameter.unknown"),
    "unknown stream": ({"stream": "tides"}, 400, "parameter.invalid"),
    "two streams": ({"stream": "events,me"}, 400, "parameter.invalid"),
    "unknown kind": ({"event_type": "comet"}, 400, "parameter.invalid"),
    "significance 6": ({"min_significance": "6"}, 400, "parameter.invalid"),
    "unknown zone": ({"tz": "Mars/Olympus"}, 400, "parameter.invalid"),
    "a cursor that is none": ({"cursor": "41"}, 400, "parameter.invalid"),
    "an id that is none": ({"last_id": "x:1"}, 400, "parameter.invalid"),
    "an id past all size": ({"last_id": f"{uuid4()}:{10**18 * 99}"}, 400, "parameter.invalid"),
    "a private stream": ({"stream": "me"}, 401, "auth.missing_header"),
    "a token that is none": ({"token": "eyJ"}, 401, "auth.invalid_token"),
    "a key": ({"headers": {"Authorization": "Api-Key x"}}, 401, "auth.invalid_token"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_gets_a_problem_document(quiet_server: LiveServer, case: str) -> None:
    options, status, code = WRONG[case]
    with pytest.raises(RefusedError) as refused:
        Listener(quiet_server.url, **options, lang="de")
    problem = refused.value.problem
    assert (refused.value.status, problem["code"]) == (status, code)
    assert problem["instance"] == "/api/v1/live"
    assert {"type", "title", "detail", "request_id"} <= problem.keys()


def test_other_methods_are_left_to_the_api(quiet_server: LiveServer) -> None:
    address = f"{quiet_server.url}/api/v1/live"
    assert httpx.post(address).status_code == 405
    asks = {
        "Origin": "https://friends.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "last-event-id",
    }
    allowed = httpx.options(address, headers=asks).headers
    assert "last-event-id" in allowed["Access-Control-Allow-Headers"]


def test_streams_share_the_cap_with_sockets_and_take_no_place_from_requests(
    shared_server: LiveServer, listen: Callable[..., Listener]
) -> None:
    half = settings.LIVE_SOCKETS_PER_ADDRESS // 2
    with ExitStack() as stack:
        for _number in range(settings.LIVE_SOCKETS_PER_ADDRESS - half):
            stack.enter_context(LiveSocket(shared_server.ws_url)).hello()
        streams = [listen() for _number in range(half)]
        assert half > settings.HTTP_AT_ONCE
        with pytest.raises(RefusedError) as refused:
            listen()
        assert (refused.value.status, refused.value.problem["code"]) == (429, "rate.limited")
        assert httpx.get(f"{shared_server.url}/api/v1/problems").status_code == 200
        assert gauge(shared_server, "starscal_live_streams") == half
        for stream in streams:
            stream.close()
        assert poll(lambda: gauge(shared_server, "starscal_live_streams") == 0, timeout_s=30)


def gauge(server: LiveServer, name: str) -> float:
    lines = httpx.get(f"{server.url}/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith(f"{name} ")).split()[1])


def test_the_own_stream_ends_when_its_session_does(
    listen: Callable[..., Listener], shared_relay: LiveProcess
) -> None:
    user = User.objects.create_user("stella", password=None)
    opened = session_open(user=user)
    headers = {"Origin": "https://evil.example"}
    stream = listen(stream="me", token=opened.access_token, headers=headers)
    assert "Access-Control-Allow-Origin" not in stream.response.headers
    welcome = stream.hear("welcome").frame
    assert (welcome["user"], list(welcome["cursors"])) == (str(user.pk), ["me"])
    say(f"me:{user.pk}", "message", text="one")
    assert stream.hear("event").frame["data"] == {"text": "one"}
    sessions_revoke(user=user, reason="logout_all")
    assert stream.hear("refusal").frame["code"] == "auth.revoked"
    assert list(stream.told) == []
    with pytest.raises(RefusedError) as refused:
        listen(stream="me", token=opened.access_token)
    assert refused.value.status == 401


@pytest.mark.slow
def test_who_does_not_read_is_given_up_and_costs_no_queue(
    shared_server: LiveServer, publish_many: Publish
) -> None:
    """Small segments and a small window, so that the system takes little on trust."""
    publish_many(300)
    epoch = httpx.get(f"{shared_server.url}/api/v1/events?limit=1").json()["cursors"]["events"][0]
    ask = f"GET /api/v1/live?cursor={epoch}:0 HTTP/1.1\r\nHost: {shared_server.url[7:]}\r\n\r\n"
    with socket.socket() as line:
        before = gauge(shared_server, DELIVERIES)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", shared_server.port))
        line.sendall(ask.encode())
        assert poll(lambda: gauge(shared_server, "starscal_live_streams") == 1, timeout_s=30)
        least = settings.LIVE_CREDIT_TIMEOUT_S
        began = time.monotonic()
        assert poll(lambda: gauge(shared_server, "starscal_live_streams") == 0, timeout_s=2 * least)
        assert time.monotonic() - began > least / 2
        assert gauge(shared_server, DELIVERIES) - before < 300  # the rest stayed in the log


def test_a_server_that_stops_says_so(
    shared_server: LiveServer, listen: Callable[..., Listener]
) -> None:
    stream = listen()
    stream.hear("welcome")
    assert shared_server.process is not None
    shared_server.process.send_signal(signal.SIGTERM)
    assert stream.hear("refusal").frame["code"] == "service.restart"
    assert poll(lambda: shared_server.has_ended, timeout_s=30)


def test_without_an_event_loop_the_answer_ends_where_the_log_does(
    client: Any, publish_many: Publish
) -> None:
    """What gunicorn answers: Django's own view."""
    start = frames(client.get("/api/v1/live"))
    epoch, seq = start[0]["cursors"]["events"]
    assert ([frame["op"] for frame in start], seq) == (["welcome", "cursor"], 0)
    publish_many(3)
    told = frames(client.get("/api/v1/live", headers={"Last-Event-ID": f"{epoch}:1"}))
    assert [(f["prev"], f["seq"]) for f in told if f["op"] == "event"] == [(1, 2), (2, 3)]
    assert told[-1] == {"op": "cursor", "stream": "events", "seq": 3}
    lost = frames(client.get("/api/v1/live", {"cursor": f"{uuid4()}:1"}))
    assert lost[1]["cursor"] == [epoch, 3]
    assert client.get("/api/v1/live", {"stream": "me"}).status_code == 401


def frames(answer: Any) -> list[dict[str, Any]]:
    lines = answer.content.decode().splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data")]
