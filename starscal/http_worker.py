"""Gunicorn's worker with threads, which gives a thread to a request only when it is whole.

The main thread gathers requests (`starscal.http_intake`) and holds the deadlines, so that slow
clients cost no thread. Whole requests wait in line for one of ``threads`` places, and are told
after a while to come again; the probes of an installation have threads of their own.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from io import BytesIO
from selectors import EVENT_READ
from typing import Any, Final

from django.conf import settings
from gunicorn.http import RequestParser
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import TConn, ThreadWorker

from starscal.bounds import (
    BODY_DEADLINE_S,
    HEADERS_DEADLINE_S,
    IDLE_S,
    LINGER_S,
    last_answer,
    refusal,
)
from starscal.core.views import OPERATIONS
from starscal.http_intake import Intake, Stage
from starscal.turnstile import HASHING, PREPARING

SEND_DEADLINE_S: Final = 30.0  # for each piece of an answer
PIECE_BYTES: Final = 64 * 1024
HELD_BYTES: Final = 64 * 1024 * 1024  # of all requests that are not whole yet
SWEEP_S: Final = 0.5
PROBE_THREADS: Final = 2
CONNECTIONS: Final = 2000  # open at once in a worker; most of them idle
PLAIN: Final = "text/plain; charset=utf-8"
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
HEAD_REFUSAL: Final = last_answer(
    "431 Request Header Fields Too Large", PLAIN, b"The headers are longer than 16 KiB.\n"
)
BUSY: Final = last_answer(
    "503 Service Unavailable",
    PLAIN,
    b"The service is busy. Try again in a few seconds.\n",
    "Retry-After: 5",
)
REFUSALS: Final = {Stage.HEAD_TOO_LARGE: HEAD_REFUSAL, Stage.BODY_TOO_LARGE: refusal()}

Environ = dict[str, Any]
WSGI = Callable[[Environ, Any], Any]


class Connection(TConn):  # type: ignore[misc] # untyped
    """A client: the request that is being gathered, and until when."""

    intake: Intake
    deadline: float
    refused = False
    asked_at = 0.0

    def expect(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    def begin(self) -> None:
        """Wait for the first byte of a request."""
        self.intake = Intake()
        self.expect(IDLE_S)

    def take(self, piece: bytes) -> Stage:
        """Take what arrived; the clock of a request starts with its first byte."""
        before = self.intake.stage if self.intake.data else None
        stage = self.intake.feed(piece)
        if before is None:
            self.expect(HEADERS_DEADLINE_S)
        if stage is Stage.BODY and before is not Stage.BODY:
            self.expect(BODY_DEADLINE_S)
            if self.intake.wants_permission:
                self.say(CONTINUE)
        return stage

    def say(self, answer: bytes) -> None:
        """Send a few bytes without waiting for anybody."""
        with contextlib.suppress(OSError):
            self.sock.send(answer)


class Lane:
    """Threads, and whole requests that wait for one: so many, so long."""

    def __init__(self, threads: int, wait_s: float = 60.0, line: int = CONNECTIONS) -> None:
        self.pool = ThreadPoolExecutor(threads)
        self.wait_s = wait_s
        self.line = line
        self.waiting: dict[Connection, Future[bool]] = {}

    def late(self, now: float) -> list[Connection]:
        """Take out of the line who has waited too long."""
        found = []
        for conn, place in list(self.waiting.items()):
            if now - conn.asked_at <= self.wait_s:
                break  # the others came later
            if place.cancel():
                found.append(conn)
        return found


class PatientWorker(ThreadWorker):  # type: ignore[misc] # untyped
    """Serve whole requests only."""

    def init_process(self) -> None:
        self.gathering: dict[Connection, None] = {}
        self.swept_at = 0.0
        self.held_bytes = 0
        self.common = Lane(self.cfg.threads, settings.HTTP_WAIT_S)
        self.probes = Lane(PROBE_THREADS)
        # As under Daphne: who signs in waits for the hasher, and nobody else does.
        self.hashing = Lane(
            settings.HASHER_SLOTS + PREPARING, settings.SIGN_IN_WAIT_S, settings.HASHER_LINE
        )
        super().init_process()

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Return the pool that gunicorn ends."""
        return self.common.pool

    # The main thread: gathering

    def accept(self, listener: socket.socket) -> None:
        """Take in everybody who knocks."""
        while self.nr_conns < self.worker_connections:
            try:
                client, address = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            self.nr_conns += 1
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.gather(Connection(self.cfg, client, address, listener.getsockname()))

    def set_accept_enabled(self, enabled: bool) -> None:
        """Close the door when the role ends, so that nobody waits behind it."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()

    def gather(self, conn: Connection, rest: bytes = b"") -> None:
        """Wait for the next request of a connection, of which some bytes may be here."""
        conn.sock.setblocking(False)
        conn.begin()
        self.gathering[conn] = None
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_piece, conn))
        if rest:
            self.on_bytes(conn, rest)

    def on_piece(self, conn: Connection, _client: object) -> None:
        """Read what arrived."""
        try:
            piece = conn.sock.recv(PIECE_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            piece = b""
        if not piece:
            self.drop(conn)
        elif not conn.refused:
            self.on_bytes(conn, piece)

    def on_bytes(self, conn: Connection, piece: bytes) -> None:
        """Hand a request over when it is whole, and refuse one that grows too large."""
        self.held_bytes += len(piece)
        stage = conn.take(piece)
        if stage is Stage.WHOLE:
            self.forget(conn)
            self.enqueue_req(conn)
        elif stage in REFUSALS:
            self.refuse(conn, REFUSALS[stage])
        elif self.held_bytes > HELD_BYTES:
            self.refuse(conn, BUSY)

    def refuse(self, conn: Connection, answer: bytes) -> None:
        """Answer, and throw away for a moment what the client still sends."""
        conn.say(answer)
        conn.refused = True
        self.held_bytes -= len(conn.intake.data)
        conn.begin()
        conn.expect(LINGER_S)

    def forget(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        del self.gathering[conn]
        self.held_bytes -= len(conn.intake.data)

    def drop(self, conn: Connection) -> None:
        self.forget(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Look at the deadlines: of requests not whole, and of whole ones that wait in line."""
        now = time.monotonic()
        if now - self.swept_at < SWEEP_S:
            return
        self.swept_at = now
        for conn in list(self.gathering):
            idle = not conn.intake.data and not conn.refused
            if now > conn.deadline or (idle and not self.alive):
                self.drop(conn)
        for lane in (self.common, self.hashing, self.probes):
            for conn in lane.late(now):
                conn.say(BUSY)

    # Between the main thread and the others

    def enqueue_req(self, conn: Connection) -> None:
        """Give a whole request a place in the line; probes pass by."""
        conn.asked_at = time.monotonic()
        conn.parser = RequestParser(self.cfg, iter([conn.intake.request]), conn.client)
        lane = self.lane(conn.intake)
        if len(lane.waiting) >= lane.line:
            conn.say(BUSY)
            self.linger(conn)
            return
        place = lane.pool.submit(self.handle, conn, lane)
        lane.waiting[conn] = place
        if place.running() or place.done():
            lane.waiting.pop(conn, None)
        place.add_done_callback(lambda done: self.method_queue.defer(self.finish, conn, lane, done))

    def lane(self, intake: Intake) -> Lane:
        """Return where a request waits."""
        if intake.path in OPERATIONS:
            return self.probes
        hashes = HASHING.fullmatch(f"{intake.method} {intake.path}")
        return self.hashing if hashes else self.common

    def finish(self, conn: Connection, lane: Lane, place: Future[bool]) -> None:
        """Wait for the next request, or end the connection."""
        lane.waiting.pop(conn, None)
        if place.cancelled():
            self.linger(conn)
        elif place.result():
            self.gather(conn, conn.intake.rest)
        else:
            self.nr_conns -= 1
            conn.close()

    def linger(self, conn: Connection) -> None:
        """Let a client that was sent away read why."""
        self.gather(conn)
        conn.refused = True
        conn.expect(LINGER_S)

    # A thread of the pool

    def handle(self, conn: Connection, lane: Lane) -> bool:
        """Answer one request; say whether the connection may be used again."""
        lane.waiting.pop(conn, None)
        request = None
        try:
            conn.sock.settimeout(SEND_DEADLINE_S)
            request = next(conn.parser)
            return bool(self.handle_request(request, conn))
        except (NoMoreData, StopIteration, OSError) as error:
            self.log.debug("A client went away: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - answered, and logged by what is beneath
            self.handle_error(request, conn.sock, conn.client, error)
        return False


def with_lengths(application: WSGI) -> WSGI:
    """Tell an application how long a body in chunks is: it is here, and Django asks for that."""

    def answer(environ: Environ, start_response: Any) -> Any:
        if "HTTP_TRANSFER_ENCODING" in environ:
            body = environ["wsgi.input"].read()
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
        return application(environ, start_response)

    return answer
