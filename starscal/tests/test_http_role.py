"""A real gunicorn in the role `http`: what it serves, refuses and survives."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any, Self

import pytest
from django.db import connection

from starscal.devservices.tests.processes_of_a_run import all_end, descendants
from starscal.devservices.waiting import poll
from starscal.testing.databases import waiting_for_locks
from starscal.testing.live import HOST, LiveServer, new_http_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AT_ONCE = 3


@pytest.fixture(scope="module")
def kept_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    server = new_http_server(tmp_path_factory.mktemp("http"))
    server.environment = {"HTTP_AT_ONCE": str(AT_ONCE)}
    yield server
    server.stop()


@pytest.fixture
def server(transactional_db: None, kept_server: LiveServer) -> LiveServer:
    """Return a gunicorn that serves; starting one costs seconds, so tests share it."""
    if kept_server.has_ended:
        kept_server.start()
    return kept_server


def ask(server: LiveServer, path: str, **headers: str) -> tuple[int, Any, bytes]:
    line = http.client.HTTPConnection(HOST, server.port, timeout=20)
    try:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        line.close()


def say(server: LiveServer, *pieces: bytes) -> bytes:
    """Send pieces and return everything the server says until it ends the connection."""
    with socket.create_connection((HOST, server.port), timeout=20) as line:
        for piece in pieces:
            line.sendall(piece)
        return heard(line)


def heard(line: socket.socket) -> bytes:
    answer = b""
    with contextlib.suppress(ConnectionError):
        while piece := line.recv(4096):
            answer += piece
    return answer


def post(*headers: str, body: bytes = b"") -> bytes:
    head = ["POST /api/v1/auth/token HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    return "\r\n".join([*head, "Content-Type: application/json", *headers, "", ""]).encode() + body


def lines(server: LiveServer) -> list[dict[str, Any]]:
    return [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]


def test_it_serves_pages_and_api_and_sends_sockets_elsewhere(server: LiveServer) -> None:
    assert ask(server, "/livez")[0] == 200
    assert ask(server, "/en/")[0] == 200
    status, headers, body = ask(server, "/api/v1/events?limit=1")
    assert status == 200
    assert "RateLimit" in headers
    assert "Server" not in headers
    assert json.loads(body)["cursors"]["events"][1] == 0
    status, headers, body = ask(server, "/ws/v1/live", Connection="Upgrade", Upgrade="websocket")
    assert status == 426
    assert headers["Upgrade"] == "websocket"
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["code"] == "upgrade.required"
    assert {line["logger"] for line in lines(server)} >= {"gunicorn.error", "starscal.access"}


def test_a_body_in_chunks_arrives_whole(server: LiveServer) -> None:
    body = b'{"username":"nobody","password":"a long and good password"}'
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    told = say(server, post(f"Content-Length: {len(body)}", body=body))
    pieces = say(server, post("Transfer-Encoding: chunked"), chunked[:9], chunked[9:])
    assert told.startswith(b"HTTP/1.1 401 ")
    assert pieces.startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (post("Content-Length: 1048577"), 413),
        (post("Transfer-Encoding: chunked", body=b"fffffff\r\n"), 413),
        (post("X-Long: " + "a" * 20_000), 431),
        (post("X-Long: " + "a" * 9_000), 431),
        (post(*(f"X-{number}: 1" for number in range(101))), 431),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", 414),
        (post("Transfer-Encoding: chunked", body=b"nothing\r\n"), 400),
        (post("Content-Length: 1", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"), 400),
        (post("Content-Length: one"), 400),
        (b"\x16\x03\x01\x00 what is this\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
    ],
)
def test_what_is_too_large_or_broken_gets_a_clear_answer(
    server: LiveServer, request_bytes: bytes, status: int
) -> None:
    assert say(server, request_bytes).startswith(b"HTTP/1.1 %d " % status)
    assert ask(server, "/livez")[0] == 200
    assert not [line for line in lines(server) if "exception" in line]


def test_slow_clients_cost_no_thread(server: LiveServer) -> None:
    started = time.monotonic()
    crowd = [socket.create_connection((HOST, server.port), timeout=60) for _ in range(AT_ONCE * 20)]
    try:
        for number, line in enumerate(crowd):
            line.sendall(b"GET /en/ HTTP/1.1\r\n" if number % 2 else post("Content-Length: 9"))
        assert ask(server, "/api/v1/problems")[0] == 200
        assert heard(crowd[1]) == b""  # the headers never came
        assert 8 < time.monotonic() - started < 40
    finally:
        for line in crowd:
            line.close()
    assert ask(server, "/livez")[0] == 200


def test_requests_follow_on_one_connection(server: LiveServer) -> None:
    again = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = b"GET /api/v1/problems HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    answer = say(server, again + again + last[:20], last[20:])
    assert answer.count(b"HTTP/1.1 200 OK") == 3


class Queue:
    """Requests that hang at a lock of the database until the test gives it back."""

    def __init__(self, server: LiveServer, count: int) -> None:
        self.statuses: list[int] = []
        work = lambda: self.statuses.append(ask(server, "/api/v1/events")[0])  # noqa: E731
        self.threads = [threading.Thread(target=work) for _ in range(count)]

    def __enter__(self) -> Self:
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE events_computedwindow IN ACCESS EXCLUSIVE MODE")
        for thread in self.threads:
            thread.start()
        most = min(AT_ONCE, len(self.threads))
        assert poll(lambda: waiting_for_locks() == most, timeout_s=20)
        return self

    def __exit__(self, *_error: object) -> None:
        self.give_back()
        for thread in self.threads:
            thread.join()

    def give_back(self) -> None:
        if not connection.get_autocommit():
            connection.rollback()
            connection.set_autocommit(True)


def test_probes_answer_beside_a_full_house(server: LiveServer) -> None:
    with Queue(server, AT_ONCE + 5) as queue:
        for _time in range(20):
            assert ask(server, "/livez")[0] == 200
        assert queue.statuses == []
    assert set(queue.statuses) <= {200, 503}


def test_it_ends_gracefully(server: LiveServer) -> None:
    assert server.process is not None
    family = descendants(server.process.pid)
    assert len(family) == 2
    with (
        socket.create_connection((HOST, server.port), timeout=20) as idle,
        Queue(server, 1) as queue,
    ):
        server.process.send_signal(signal.SIGTERM)
        assert poll(lambda: not accepts(server), timeout_s=10)
        queue.give_back()
        queue.threads[0].join()
        assert queue.statuses == [200]  # who was inside got an answer
        assert heard(idle) == b""
    assert server.process.wait(timeout=20) == 0
    assert all_end(family)


def accepts(server: LiveServer) -> bool:
    try:
        socket.create_connection((HOST, server.port), timeout=2).close()
    except OSError:
        return False
    return True


def test_a_killed_master_takes_its_workers_along(server: LiveServer) -> None:
    assert server.process is not None
    family = descendants(server.process.pid)
    server.kill()
    assert all_end(family)
    server.start()
    assert ask(server, "/livez")[0] == 200
