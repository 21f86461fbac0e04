"""What a client may say wrong: each gets a documented code, and the server minds nothing."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from events.live.refusals import Close
from events.tests.live_client import LiveSocket
from starscal.testing.live import LiveServer

pytestmark = pytest.mark.django_db  # has the database made; these tests write nothing

HELLO = json.dumps({"op": "hello"})
EPOCH = "0b9de1a5-1cc7-4a26-9b5a-2b3f3c1c4a11"
DEEP = "[" * 5000 + "]" * 5000
CODES = {int(code) for code in Close}


def hello(**fields: Any) -> str:
    return json.dumps({"op": "hello", **fields})


Case = tuple[str | bytes, int, str]

BEFORE_HELLO: dict[str, Case] = {
    "broken JSON": ('{"op":', 4400, "frame.invalid"),
    "no object": ("[1]", 4400, "frame.invalid"),
    "a number": ("1", 4400, "frame.invalid"),
    "empty": ("", 4400, "frame.invalid"),
    "NaN": ('{"op":"hello","tz":NaN}', 4400, "frame.invalid"),
    "lone surrogate": ('{"op":"hello","lang":"\\ud800"}', 4400, "frame.invalid"),
    "no op": ("{}", 4400, "op.unknown"),
    "unknown op": ('{"op":"sing"}', 4400, "op.unknown"),
    "op of another type": ('{"op":["hello"]}', 4400, "op.unknown"),
    "deep": (DEEP, 4400, "frame.invalid"),
    "deep in a field": ('{"op":"hello","filter":' + DEEP + "}", 4400, "frame.invalid"),
    "unknown field": (hello(colour="red"), 4400, "frame.invalid"),
    "NUL": (hello(lang="d\0e"), 4400, "frame.invalid"),
    "lang of another type": (hello(lang=5), 4400, "frame.invalid"),
    "streams of another type": (hello(streams="events"), 4400, "frame.invalid"),
    "no streams": (hello(streams=[]), 4400, "frame.invalid"),
    "unknown zone": (hello(tz="Mars/Olympus"), 4400, "tz.unknown"),
    "zone as a path": (hello(tz="../../etc/passwd"), 4400, "tz.unknown"),
    "unknown filter": (hello(filter={"colour": 1}), 4400, "frame.invalid"),
    "unknown kind": (hello(filter={"event_type": ["comet"]}), 4400, "frame.invalid"),
    "significance 6": (hello(filter={"min_significance": 6}), 4400, "frame.invalid"),
    "significance true": (hello(filter={"min_significance": True}), 4400, "frame.invalid"),
    "cursor without seq": (hello(cursors={"events": [EPOCH]}), 4400, "frame.invalid"),
    "cursor of no epoch": (hello(cursors={"events": ["x", 1]}), 4400, "frame.invalid"),
    "negative seq": (hello(cursors={"events": [EPOCH, -1]}), 4400, "frame.invalid"),
    "huge seq": (hello(cursors={"events": [EPOCH, 10**30]}), 4400, "frame.invalid"),
    "not hello": ('{"op":"pong"}', 4400, "hello.missing"),
    "token": (hello(token="eyJ"), 4401, "auth.invalid"),
    "ticket": (hello(ticket="abc"), 4401, "auth.invalid"),
    "private stream": (hello(streams=["me"]), 4401, "auth.required"),
    "binary": (b"\x00\x01", 4400, "frame.invalid"),
    "17 KiB": (hello(lang="x" * 17_000), 4413, "frame.too_large"),
    "17 KiB of two-byte letters": (hello() + "я" * 8_600, 4413, "frame.too_large"),
}
AFTER_HELLO: dict[str, Case] = {
    "second hello": (HELLO, 4400, "hello.repeated"),
    "fresh token": ('{"op":"auth","token":"eyJ"}', 4401, "auth.invalid"),
    "ack of another type": ('{"op":"ack","stream":"events","seq":"1"}', 4400, "frame.invalid"),
    "ack without stream": ('{"op":"ack","seq":1}', 4400, "frame.invalid"),
    "subscribe to nothing": ('{"op":"subscribe"}', 4400, "frame.invalid"),
    "subscribe to me": ('{"op":"subscribe","streams":["me"]}', 4401, "auth.required"),
    "broken JSON": ("{", 4400, "frame.invalid"),
}


def outcome(socket: LiveSocket) -> tuple[str, int | None]:
    """Return the code of the error frame and of the close that follows it."""
    error = socket.hear_op("error")
    assert error["detail"]
    return error["code"], socket.close_code()


@pytest.mark.parametrize("case", BEFORE_HELLO)
def test_bad_first_frames_get_their_code(quiet_server: LiveServer, case: str) -> None:
    frame, close, code = BEFORE_HELLO[case]
    with LiveSocket(quiet_server.ws_url) as socket:
        socket.line.send(frame)
        assert outcome(socket) == (code, close)


@pytest.mark.parametrize("case", AFTER_HELLO)
def test_bad_later_frames_get_their_code(quiet_server: LiveServer, case: str) -> None:
    frame, close, code = AFTER_HELLO[case]
    with LiveSocket(quiet_server.ws_url) as socket:
        socket.hello()
        socket.line.send(frame)
        assert outcome(socket) == (code, close)


@pytest.mark.parametrize("size", [65_537, 1_048_576, 8_388_608])
def test_a_frame_past_the_servers_own_limit_gets_1009(quiet_server: LiveServer, size: int) -> None:
    with LiveSocket(quiet_server.ws_url) as socket:
        socket.line.send("x" * size)
        assert socket.close_code() == 1009


def test_an_unknown_stream_is_named_and_the_talk_goes_on(quiet_server: LiveServer) -> None:
    with LiveSocket(quiet_server.ws_url) as socket:
        assert list(socket.hello(streams=["stars", "events"])["cursors"]) == ["events"]
        error = socket.hear_op("error")
        assert error["code"] == "stream.unknown"
        assert "events" in error["detail"]
        socket.say("subscribe", streams=["events"])
        assert socket.hear()["op"] == "cursor"


@pytest.mark.slow
def test_no_hello_in_time_is_4401(quiet_server: LiveServer) -> None:
    with LiveSocket(quiet_server.ws_url) as socket:
        assert outcome(socket) == ("hello.timeout", 4401)


def test_too_many_frames_are_4429(quiet_server: LiveServer) -> None:
    with LiveSocket(quiet_server.ws_url) as socket:
        socket.hello()
        with suppress(ConnectionClosed):  # the server may be done before we are
            for _number in range(300):
                socket.say("pong")
        assert outcome(socket) == ("rate.limited", 4429)


def test_too_many_sockets_of_an_address_are_4409(quiet_server: LiveServer) -> None:
    with ExitStack() as stack:
        for _number in range(settings.LIVE_SOCKETS_PER_ADDRESS):
            stack.enter_context(LiveSocket(quiet_server.ws_url)).hello()
        one_more = stack.enter_context(LiveSocket(quiet_server.ws_url))
        assert outcome(one_more) == ("sockets.too_many", 4409)
    with LiveSocket(quiet_server.ws_url) as socket:
        assert socket.hello()["op"] == "welcome"


@pytest.mark.parametrize("path", ["/", "/ws/v2/live", "/ws/v1/live/../admin", "/ws/%00"])
def test_an_unknown_path_is_4404(quiet_server: LiveServer, path: str) -> None:
    with LiveSocket(quiet_server.ws_url, path) as socket:
        assert outcome(socket) == ("path.unknown", 4404)


def test_the_subprotocol_is_chosen_when_offered_and_not_required(quiet_server: LiveServer) -> None:
    with LiveSocket(quiet_server.ws_url, subprotocols=["other", "starscal.v1"]) as socket:
        assert socket.line.subprotocol == "starscal.v1"
    with LiveSocket(quiet_server.ws_url, subprotocols=None) as socket:
        assert socket.line.subprotocol is None
        assert socket.hello()["op"] == "welcome"


def test_what_goes_wrong_is_said_in_the_readers_language(quiet_server: LiveServer) -> None:
    with LiveSocket(quiet_server.ws_url) as socket:
        assert socket.hello(lang="tlh")["fallback"] is True
    headers = {"Accept-Language": "pt-BR,pt;q=0.9"}
    with LiveSocket(quiet_server.ws_url, additional_headers=headers) as socket:
        assert socket.hello()["lang"] == "pt-br"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
OPS = ["hello", "ack", "subscribe", "unsubscribe", "lang", "auth", "pong", "sing"]
FIELDS = ["stream", "streams", "seq", "cursors", "filter", "lang", "tz", "token"]
LIKELY = st.builds(
    lambda op, rest: json.dumps({"op": op, **rest}),
    st.sampled_from(OPS),
    st.dictionaries(
        st.sampled_from(FIELDS),
        JSON | st.sampled_from(["events", "me", ["events"], {"events": [EPOCH, 3]}]),
        max_size=3,
    ),
)
GARBAGE = LIKELY | JSON.map(json.dumps) | st.text(max_size=200) | st.binary(max_size=200)


@hypothesis_settings(
    max_examples=int(os.environ.get("LIVE_FUZZ_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(frames=st.lists(GARBAGE, min_size=1, max_size=6), greeted=st.booleans())
@pytest.mark.slow
def test_garbage_gets_documented_codes_only(
    quiet_server: LiveServer, frames: list[str | bytes], greeted: bool
) -> None:
    with LiveSocket(quiet_server.ws_url) as socket:
        if greeted:
            socket.hello()
        for frame in [*frames, "the end"]:
            try:
                socket.line.send(frame)
            except ConnectionClosed:
                break
        assert socket.close_code() in CODES


@pytest.fixture(autouse=True)
def no_traceback(quiet_server: LiveServer) -> Any:
    """Fail a test after which the server's log holds a traceback."""
    yield
    log = quiet_server.log.read_text(errors="replace")
    assert "Traceback" not in log, log[-3000:]
