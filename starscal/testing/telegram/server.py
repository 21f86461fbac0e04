"""The HTTP side of the double."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from starscal.testing.telegram.control import control_answer

if TYPE_CHECKING:
    from starscal.testing.telegram.double import Response, TelegramDouble

HOST: Final = "127.0.0.1"
LARGEST_BODY: Final = 50 * 1024 * 1024
JSON_TYPE: Final = "application/json"


class _Threads(ThreadingHTTPServer):
    """A server that can end the connections that clients keep open."""

    request_queue_size = 256
    daemon_threads = False
    double: TelegramDouble

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.open: set[socket.socket] = set()
        self.opened = 0
        self.lock = Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that are killed leave broken connections."""

    def close_all(self) -> None:
        """Have every thread that waits for a client's next request end."""
        with self.lock:
            for connection in self.open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class Server:
    """A thread that accepts, and one for each connection."""

    def __init__(self, double: TelegramDouble, port: int) -> None:
        self._http = _Threads(port)
        self._http.double = double
        self._thread = Thread(
            target=self._http.serve_forever, args=(0.05,), name="telegram-double", daemon=True
        )

    @property
    def url(self) -> str:
        """Return the base address."""
        return f"http://{HOST}:{self._http.server_port}"

    @property
    def opened(self) -> int:
        """Return how many connections were made so far."""
        with self._http.lock:
            return self._http.opened

    def start(self) -> None:
        """Accept connections."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port and all connections."""
        if self._thread.is_alive():
            self._http.shutdown()
        self._http.close_all()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Threads

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.open.add(self.connection)
            self.server.opened += 1

    def finish(self) -> None:
        with self.server.lock:
            self.server.open.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has there
        """Say nothing: addresses carry the token."""

    def version_string(self) -> str:
        return "nginx/1.18.0"

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        """Answer a call of the Bot API, or of whoever looks after the double."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            self._send(413, b"")
            return
        body = self.rfile.read(length)
        parts = urlsplit(self.path)
        steps = [step for step in parts.path.split("/") if step]
        if steps[:1] == ["control"]:
            self._send(*control_answer(self.server.double, self.command, steps[1:], body))
        elif len(steps) == 2 and steps[0].startswith("bot"):
            given, photo = parameters_read(self.headers.get("Content-Type", ""), body)
            given = dict(parse_qsl(parts.query)) | given
            token = steps[0].removeprefix("bot")
            self._respond(self.server.double.answer(token, steps[1], given, photo))
        else:
            said = {"ok": False, "error_code": 404, "description": "Not Found"}
            self._send(404, json.dumps(said).encode())

    def _respond(self, response: Response) -> None:
        if response.delay_s:
            self.server.double.stopping.wait(response.delay_s)
        if response.body is None:
            self.close_connection = True
            return
        self._send(response.status, response.body, response.retry_after)

    def _send(self, status: int, body: bytes, retry_after: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", JSON_TYPE if body[:1] == b"{" else "text/html")
        self.send_header("Content-Length", str(len(body)))
        if retry_after:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(body)


def parameters_read(kind: str, body: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the parameters of a call and its photo, from JSON or either kind of form."""
    if kind.startswith(JSON_TYPE):
        try:
            given = json.loads(body or b"{}")
        except ValueError:
            given = {}
        return (given if isinstance(given, dict) else {}), b""
    if kind.startswith("multipart/form-data"):
        return _form_read(kind.partition("boundary=")[2].strip('"'), body)
    texts = dict(parse_qsl(body.decode("utf-8", "replace")))
    return {name: _value(text) for name, text in texts.items()}, b""


def _form_read(boundary: str, body: bytes) -> tuple[dict[str, Any], bytes]:
    given: dict[str, Any] = {}
    photo = b""
    for part in body.split(b"--" + boundary.encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0].decode()
        if b"filename=" in head:
            photo = content
        else:
            given[name] = _value(content.decode("utf-8", "replace"))
    return given, photo


def _value(text: str) -> Any:
    """Return objects and lists of a form as what they are; everything else is text."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
