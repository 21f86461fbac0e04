"""T13: what is meant to break the service costs it little, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Self

import httpx
import psutil
import pytest

from accounts.models import User
from starscal.devservices.waiting import pause
from starscal.testing.drill.load import drill_full
from starscal.testing.live import LiveServer, new_server
from starscal.testing.pulse import Pulse

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.drill("T13"),
    pytest.mark.timeout(300),
]

PASSWORD = "a long and good password"
LOGIN = "/admin/login/"
MEMORY_MIB = 600
HEALTH_MS = 250 if drill_full() else 2500  # a suite may share its machine with others
MIB = 1024 * 1024
STORES = ("postgres", "valkey")


@pytest.fixture(scope="module")
def standing_target(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """Keep a web process with the pool and the limits of an installation for the module."""
    server = new_server(tmp_path_factory.mktemp("target"))
    server.environment = {"STARSCAL_TEST_POOL": "1", "DB_POOL_MIN": "2"}
    server.start()
    httpx.get(server.url + LOGIN, timeout=60)  # loads what a fresh process has not read yet
    httpx.get(server.url + "/api/v1/problems", timeout=60)
    yield server
    server.stop()


@pytest.fixture
def target(standing_target: LiveServer, transactional_db: None) -> LiveServer:
    """Return the web process, which every bomb must leave whole."""
    assert not standing_target.has_ended
    return standing_target


class Watch:
    """Feel the pulse of a server all the while, and weigh it with the stores we started."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        self.pulse = Pulse(f"{server.url}/livez")
        self.most_mib = 0.0
        self.ended = threading.Event()
        self.scales = threading.Thread(target=self.weigh)

    def __enter__(self) -> Self:
        self.pulse.__enter__()
        self.scales.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.ended.set()
        self.scales.join()
        self.pulse.__exit__(*error)

    def weigh(self) -> None:
        while not self.ended.is_set():
            self.most_mib = max(self.most_mib, sum(map(pss_mib, stack_of(self.server))))
            pause(0.3)

    def told(self) -> dict[str, float]:
        """Return the figures, which hold on any machine but for the health's."""
        return {"p99_ms": self.pulse.p99_ms, "most_mib": round(self.most_mib, 1)}

    def check(self) -> None:
        assert 0 < self.most_mib <= MEMORY_MIB
        assert self.pulse.p99_ms <= HEALTH_MS


def stack_of(server: LiveServer) -> Iterator[psutil.Process]:
    """Yield the processes of a server and the stores of this run; of a browser nothing."""
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            ours = server.process is not None and process.pid == server.process.pid
            if ours or process.name().startswith(STORES):
                yield process


def pss_mib(process: psutil.Process) -> float:
    """Return the share of a process in the memory, with what it has on disk as swap."""
    try:
        return float(process.memory_full_info().pss) / MIB
    except psutil.Error:
        return 0.0


async def logins(server: LiveServer, path: str, count: int) -> list[httpx.Response]:
    """Sign in as so many people at once, each from an address of their own."""
    token = "a" * 32
    headers = {"X-CSRFToken": token, "Cookie": f"csrftoken={token}"}

    async def one(number: int) -> httpx.Response:
        transport = httpx.AsyncHTTPTransport(local_address=f"127.0.3.{number + 1}", verify=False)
        given = {"username": f"person{number}", "password": PASSWORD}
        body: Any = {"json": given} if path.startswith("/api/") else {"data": given}
        async with httpx.AsyncClient(transport=transport, timeout=180) as client:
            return await client.post(server.url + path, headers=headers, **body)

    return await asyncio.gather(*(one(number) for number in range(count)))


@pytest.mark.parametrize("path", [LOGIN, "/api/v1/auth/token"])
def test_a_crowd_signs_in_at_once(target: LiveServer, figures: dict[str, Any], path: str) -> None:
    count = 200 if drill_full() else 60
    User.objects.create_superuser("person0", password=PASSWORD)
    with Watch(target) as watch:
        started = time.monotonic()
        answers = asyncio.run(logins(target, path, count))
        seconds = round(time.monotonic() - started, 1)
    statuses = Counter(answer.status_code for answer in answers)
    figures.update(watch.told(), path=path, statuses=dict(statuses), seconds=seconds)
    right, wrong = (302, 200) if path == LOGIN else (200, 401)
    assert statuses == {right: 1, wrong: count - 1}
    watch.check()


def send(server: LiveServer, head: str, piece: bytes, times: int) -> bytes:
    """Send a request piece by piece until the server answers; return the first of its answer."""
    with socket.create_connection((httpx.URL(server.url).host, server.port), timeout=30) as line:
        line.sendall(head.encode())
        with contextlib.suppress(ConnectionError, TimeoutError):
            for _time in range(times):
                line.sendall(piece)
                line.settimeout(0.0)
                with contextlib.suppress(BlockingIOError):
                    return line.recv(4096)
                line.settimeout(30)
        line.settimeout(30)
        return line.recv(4096)


def head(path: str, length: str) -> str:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        length,
    ]
    return "\r\n".join([*lines, "", ""])


@pytest.mark.parametrize("path", ["/api/v1/auth/token", "/en/", "/admin/login/"])
def test_a_body_of_a_gigabyte_is_never_taken_in(
    target: LiveServer, figures: dict[str, Any], path: str
) -> None:
    gigabyte, piece = 1024 * MIB, b"x" * 65536
    with Watch(target) as watch:
        told = send(
            target, head(path, f"Content-Length: {gigabyte}"), piece, gigabyte // len(piece)
        )
        chunk = b"10000\r\n" + piece + b"\r\n"
        untold = send(
            target, head(path, "Transfer-Encoding: chunked"), chunk, gigabyte // len(piece)
        )
    figures.update(watch.told())
    for answer in (told, untold):
        assert answer.startswith(b"HTTP/1.1 413 "), answer[:100]
    watch.check()


@pytest.mark.parametrize("opening", ["[", '{"a":'], ids=["lists", "objects"])
def test_deep_json_is_refused(target: LiveServer, figures: dict[str, Any], opening: str) -> None:
    closing = {"[": "]", '{"a":': "1}"}[opening]
    deep = opening * 100_000 + ("1" if opening != "[" else "") + closing[-1] * 100_000
    with Watch(target) as watch, httpx.Client(timeout=30) as client:
        for _time in range(5):
            for path in ("/api/v1/auth/token", "/api/v1/me", "/api/v1/events"):
                answer = client.post(
                    target.url + path,
                    content=deep.encode(),
                    headers={"Content-Type": "application/json"},
                )
                assert 400 <= answer.status_code < 500
                assert json.loads(answer.content)["code"]
    figures.update(watch.told())
    watch.check()


@pytest.mark.parametrize("query", ["page_size=1000000000", "limit=1000000000", "limit=-1"])
def test_huge_pages_are_refused(target: LiveServer, query: str) -> None:
    answer = httpx.get(f"{target.url}/api/v1/events?{query}", timeout=30)
    assert answer.status_code == 400


def trickle(server: LiveServer, lines: int, drip: Callable[[int], bytes]) -> float:
    """Hold connections open by sending a little now and then; return how long the longest lived."""
    started = time.monotonic()
    open_lines = [
        socket.create_connection(("127.0.0.1", server.port), timeout=30) for _number in range(lines)
    ]
    for at in range(120):
        if not open_lines:
            break
        for line in list(open_lines):
            try:
                line.sendall(drip(at))
            except OSError:
                line.close()
                open_lines.remove(line)
        pause(0.25)
    for line in open_lines:
        line.close()
    return time.monotonic() - started


def test_trickling_requests_end_by_a_deadline(target: LiveServer, figures: dict[str, Any]) -> None:
    lines = 200 if drill_full() else 50

    def drip(at: int) -> bytes:
        return b"GET / HTTP/1.1\r\nHost: localhost\r\n" if at == 0 else f"X-{at}: 1\r\n".encode()

    with Watch(target) as watch:
        lived_s = trickle(target, lines, drip)
    figures.update(watch.told(), lines=lines, lived_s=round(lived_s, 1))
    assert lived_s < 15
    watch.check()


def test_headers_have_an_end(target: LiveServer) -> None:
    with socket.create_connection(("127.0.0.1", target.port), timeout=30) as line:
        line.sendall(b"GET / HTTP/1.1\r\n" + b"X-Long: " + b"x" * 20_000 + b"\r\n\r\n")
        try:
            answer = line.recv(100)
        except ConnectionError:
            answer = b""
        assert answer in {b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"}
