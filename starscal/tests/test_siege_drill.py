"""T5: whatever comes over a socket gets a documented code, and nobody else notices."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from websockets.exceptions import ConnectionClosed

from events.live.refusals import Close
from events.tests.live_client import LiveSocket
from starscal.testing.drill.load import drill_full
from starscal.testing.live import LiveServer
from starscal.testing.soak import wire
from starscal.testing.soak.hostile import HELLO, siege

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.drill("T5"),
    pytest.mark.timeout(600),
]

CONNECTIONS = 8_000 if drill_full() else 400
EXAMPLES, STEPS = (200, 20) if drill_full() else (12, 10)
PING_MS = 250 if drill_full() else float("inf")  # a suite shares its machine
CODES = {int(code) for code in Close} | {1000, 1002, 1007, 1009}
STREAMS = st.lists(st.sampled_from(["events", "no"]), min_size=1, max_size=3)
LANGUAGES = st.sampled_from(["de", "zh-hans", "tlh", "pt_BR"])


def assert_unhurt(server: LiveServer) -> None:
    """See that the server runs, and that its log tells of nothing unforeseen."""
    log = server.log.read_text(errors="replace")
    assert not server.has_ended
    for sign in ("Traceback", '"exception"', '"level": "error"', '"level": "critical"'):
        assert sign not in log, log[max(0, log.index(sign) - 2000) :][:4000]


def test_hostile_connections_harm_nobody(quiet_server: LiveServer, figures: dict[str, Any]) -> None:
    damage = asyncio.run(siege(quiet_server.port, CONNECTIONS))
    figures["connections"] = damage.connections
    figures["codes"], figures["statuses"] = dict(damage.codes), dict(damage.statuses)
    figures["left_waiting"] = damage.unanswered
    figures["ping_p99_ms"], figures["pings"] = damage.p99_ms, len(damage.pings_ms)
    assert damage.connections == CONNECTIONS
    assert set(damage.codes) <= CODES
    assert {4400, 4401, 4413, 4429, 1002, 1007, 1009} <= set(damage.codes)
    assert all(400 <= status < 500 for status in damage.statuses)
    assert damage.p99_ms <= PING_MS
    assert_unhurt(quiet_server)


def test_who_says_hello_and_leaves_in_one_breath_is_no_error(quiet_server: LiveServer) -> None:
    for _time in range(20):
        with socket.create_connection(("127.0.0.1", quiet_server.port), timeout=10) as line:
            line.sendall(wire.handshake(quiet_server.port))
            assert b" 101 " in line.recv(4096)
            farewell = wire.masked(wire.CLOSE, (1000).to_bytes(2, "big"))
            line.sendall(wire.text(HELLO) + farewell)
            while line.recv(4096):
                continue
    assert_unhurt(quiet_server)


class Talk(RuleBasedStateMachine):
    """A client who says anything at any time; it knows what the protocol answers."""

    server: LiveServer

    def __init__(self) -> None:
        super().__init__()
        self.open()

    def open(self) -> None:
        self.socket = LiveSocket(self.server.ws_url).__enter__()
        self.greeted = self.closed = False

    @precondition(lambda self: self.closed)
    @rule()
    def comes_again(self) -> None:
        self.teardown()
        self.open()

    def teardown(self) -> None:
        with suppress(ConnectionClosed):
            self.socket.__exit__(None, None, None)

    def ends(self, code: str, close: int) -> None:
        assert self.socket.hear_op("error")["code"] == code
        assert self.socket.close_code() == close
        self.closed = True

    @precondition(lambda self: not self.closed)
    @rule(lang=LANGUAGES, streams=STREAMS)
    def says_hello(self, lang: str, streams: list[str]) -> None:
        self.socket.say("hello", lang=lang, streams=streams)
        if self.greeted:
            self.ends("hello.repeated", 4400)
            return
        assert self.socket.hear()["op"] == "welcome"
        self.greeted = True
        self.hears_unknown(streams)

    def hears_unknown(self, streams: list[str]) -> None:
        for _name in range(list(dict.fromkeys(streams)).count("no")):
            assert self.socket.hear_op("error")["code"] == "stream.unknown"

    @precondition(lambda self: not self.closed)
    @rule(lang=LANGUAGES)
    def changes_language(self, lang: str) -> None:
        self.socket.say("lang", lang=lang)
        self.only_after_hello()

    @precondition(lambda self: not self.closed)
    @rule(seq=st.integers(0, 2**53))
    def acknowledges(self, seq: int) -> None:
        self.socket.say("ack", stream="events", seq=seq)
        self.only_after_hello()

    @precondition(lambda self: not self.closed)
    @rule()
    def pongs(self) -> None:
        self.socket.say("pong")
        self.only_after_hello()

    def only_after_hello(self) -> None:
        if not self.greeted:
            self.ends("hello.missing", 4400)

    @precondition(lambda self: self.greeted and not self.closed)
    @rule(least=st.integers(1, 5))
    def subscribes(self, least: int) -> None:
        self.socket.say("subscribe", streams=["events"], filter={"min_significance": least})
        assert self.hears_cursor()

    def hears_cursor(self) -> bool:
        while (frame := self.socket.hear())["op"] == "ping":
            continue
        return bool(frame["op"] == "cursor")

    @precondition(lambda self: self.greeted and not self.closed)
    @rule()
    def unsubscribes(self) -> None:
        self.socket.say("unsubscribe", streams=["events"])

    @precondition(lambda self: self.greeted and not self.closed)
    @rule(token=st.text(min_size=1, max_size=40))
    def shows_a_bad_token(self, token: str) -> None:
        self.socket.say("auth", token=token)
        assert self.socket.hear_op("error")["code"] in {"auth.invalid", "frame.invalid"}
        assert self.socket.close_code() in {4400, 4401}
        self.closed = True

    @precondition(lambda self: not self.closed)
    @rule(op=st.text(max_size=12).filter(lambda op: op.isascii() and not op.isalpha()))
    def says_something_else(self, op: str) -> None:
        self.socket.line.send(json.dumps({"op": op}))
        assert self.socket.hear_op("error")["code"] in {"op.unknown", "frame.invalid"}
        assert self.socket.close_code() == 4400
        self.closed = True


def test_any_talk_goes_as_the_protocol_says(
    quiet_server: LiveServer, figures: dict[str, Any]
) -> None:
    Talk.server = quiet_server
    run_state_machine_as_test(
        Talk,
        settings=hypothesis_settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None
        ),
    )
    figures["talks"] = EXAMPLES
    assert_unhurt(quiet_server)
