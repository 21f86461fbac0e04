"""Nothing that a visitor sends comes back in the log: marked words go into every field."""

from __future__ import annotations

import http.client
import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from accounts.models import User
from starscal.testing.live import HOST, LiveServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill("T19")]

FIELDS = (
    "agent", "referer", "origin", "authorization", "cookie", "session", "language", "forwarded",
    "etag", "unknown", "request", "query", "name", "word", "mail", "refresh", "extra", "host",
    "frame", "socket", "code",
)  # fmt: skip
CANARY = {field: f"canary{number:02d}{field}" for number, field in enumerate(FIELDS)}
HEADERS = {
    "User-Agent": CANARY["agent"],
    "Referer": f"https://{CANARY['referer']}.example/?u={CANARY['referer']}",
    "Origin": f"https://{CANARY['origin']}.example",
    "Cookie": f"sessionid={CANARY['session']}; csrftoken={CANARY['cookie']}; me={CANARY['cookie']}",
    "Accept-Language": f"{CANARY['language']}, de;q=0.5",
    "X-Forwarded-For": f"203.0.113.77, {CANARY['forwarded']}",
    "If-None-Match": f'"{CANARY["etag"]}"',
    "X-Anything": CANARY["unknown"],
    "X-Request-ID": f"{CANARY['request']}@mail.example",
}
AUTHORIZATIONS = ("Bearer {}", "Api-Key sc_00.{}", "Basic {}", "{}")
QUERY = urlencode({"q": CANARY["query"], CANARY["query"]: CANARY["query"], "lang": CANARY["query"]})
PERSON = {
    "username": CANARY["name"],
    "login": CANARY["name"],
    "password": CANARY["word"],
    "email": f"{CANARY['mail']}@mail.example",
    "refresh_token": CANARY["refresh"],
    "refresh": CANARY["refresh"],
    "token": CANARY["refresh"],
    "display_name": CANARY["name"],
    "code": CANARY["code"],
    CANARY["extra"]: {"deep": [CANARY["extra"]]},
}
READ = ("/", "/de/", "/api/v1/events", "/api/v1/sky/state", "/api/v1/kinds", "/admin/", "/nowhere/",
        "/api/v1/nowhere", "/api/v1/me", "/api/v1/auth/sessions", "/metrics", "/readyz",
        "/admin/second-factor/", "/de/account/", "/de/account/sign-in/")  # fmt: skip
WRITTEN = ("/api/v1/auth/token", "/api/v1/auth/register", "/api/v1/auth/refresh",
           "/api/v1/auth/password/reset", "/api/v1/me", "/api/v1/keys", "/api/v1/events",
           "/api/v1/auth/telegram", "/api/v1/auth/telegram/00000000-0000-0000-0000-000000000007",
           "/admin/login/", "/admin/second-factor/", "/de/account/sign-in/",
           "/de/account/register/", "/de/telegram/sign-in/",
           "/de/telegram/sign-in/begin/")  # fmt: skip


class Visitor:
    """Sends marked requests to a real Daphne."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        self.statuses: list[int] = []

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> None:
        line = http.client.HTTPConnection(HOST, self.server.port, timeout=30)
        try:
            line.request(method, path, body or None, HEADERS | headers)
            answer = line.getresponse()
            answer.read()
            self.statuses.append(answer.status)
        finally:
            line.close()

    def read_everything(self) -> None:
        for number, path in enumerate(READ):
            scheme = AUTHORIZATIONS[number % len(AUTHORIZATIONS)]
            authorization = scheme.format(CANARY["authorization"])
            self.send("GET", f"{path}?{QUERY}", Authorization=authorization)
        self.send("GET", "/", Host=f"{CANARY['host']}.example")

    def write_everything(self) -> None:
        form_type = "application/x-www-form-urlencoded"
        as_json, as_form = json.dumps(PERSON).encode(), urlencode(PERSON).encode()
        broken = as_json[:-9]
        for path in WRITTEN:
            for method in ("POST", "PATCH", "DELETE"):
                self.send(method, path, as_json, **{"Content-Type": "application/json"})
            self.send("POST", path, broken, **{"Content-Type": "application/json"})
            self.send("POST", path, as_form, **{"Content-Type": form_type})
            self.send("POST", path, as_form, **{"Content-Type": f"text/{CANARY['extra']}"})

    def talk(self) -> None:
        hello = {"type": "hello", "token": CANARY["frame"], "ticket": CANARY["frame"],
                 "streams": [CANARY["frame"]], CANARY["frame"]: CANARY["frame"]}  # fmt: skip
        for text in (json.dumps(hello), f"{{{CANARY['frame']}", json.dumps([CANARY["frame"]])):
            address = f"{self.server.ws_url}/ws/v1/live?token={CANARY['socket']}"
            headers = {"Cookie": HEADERS["Cookie"], "X-Anything": CANARY["unknown"]}
            with connect(
                address, subprotocols=["starscal.v1"], additional_headers=headers,  # type: ignore[list-item] # plain text
                user_agent_header=CANARY["agent"],
            ) as socket:  # fmt: skip
                socket.send(text)
                with suppress(ConnectionClosed):
                    while True:
                        socket.recv(timeout=20)


def lines_of(server: LiveServer) -> list[dict[str, Any]]:
    """Send every canary to a server, stop it, and return the lines it wrote."""
    User.objects.create_user(CANARY["name"].upper(), email=str(PERSON["email"]))
    visitor = Visitor(server)
    visitor.read_everything()
    visitor.write_everything()
    visitor.talk()
    assert all(status < 500 or status == 503 for status in visitor.statuses)
    server.stop()
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert sum(line["event"] == "request" for line in lines) >= len(visitor.statuses)
    return lines


def test_no_canary_comes_back(running_server: LiveServer) -> None:
    lines = lines_of(running_server)
    kept = json.dumps(lines).lower()
    assert [field for field, word in CANARY.items() if word in kept] == []
    assert "203.0.113.77" not in kept
    assert "mail.example" not in kept
    ids = [line["request_id"] for line in lines if line["event"] == "request"]
    assert len(set(ids)) == len(ids)
