from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pytest_django import Settings

from starscal.core import sentry

SCRIPT = """
import django
django.setup()
from starscal.core.errors import error_record
from starscal.core.sentry import Client
try:
    password = "local-" + "secret"
    raise ValueError("for ann@mail.example at 203.0.113.9")
except ValueError as error:
    error_record(exception=error, where="task")
Client.sdk.flush(timeout=10)
"""


class Sink(BaseHTTPRequestHandler):
    """Take what the package sends."""

    bodies: list[str] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        zipped = self.headers.get("Content-Encoding") == "gzip"
        self.bodies.append((gzip.decompress(body) if zipped else body).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the same
        del format, args


@pytest.fixture
def sink() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Sink) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://key@127.0.0.1:{server.server_port}/1"
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_an_error_is_sent_once_without_what_is_personal(sink: str) -> None:
    pytest.importorskip("sentry_sdk")
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "starscal.settings.test", "SENTRY_DSN": sink}
    subprocess.run([sys.executable, "-c", SCRIPT], env=env, check=True, timeout=60)
    (body,) = [body for body in Sink.bodies if "ValueError" in body]
    assert "fingerprint" in body
    assert "for [e-mail] at [address]" in body
    assert "ann@" not in body
    assert "local-secret" not in body


def test_a_missing_package_is_said_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SENTRY_DSN = "http://key@127.0.0.1:1/1"
    monkeypatch.setattr(sentry, "find_spec", lambda _name: None)
    sentry.start()
    assert sentry.Client.sdk is None
    assert "pip install sentry-sdk" in caplog.text


def test_requests_keep_their_method_alone() -> None:
    event = {
        "request": {"method": "GET", "url": "u", "query_string": "a=b", "data": "x", "headers": {}},
        "user": {"ip_address": "203.0.113.9"},
        "server_name": "host",
        "logentry": {"message": "from ann@mail.example"},
        "level": "error",
    }
    assert sentry.before_send(event, {}) == {
        "request": {"method": "GET"},
        "logentry": {"message": "from [e-mail]"},
        "level": "error",
    }
