"""The webhook under real Daphne: what the event loop takes, and what goes on to Django."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx
import pytest
from django.db import connection, transaction

from starscal.testing.live import LiveServer
from starscal.testing.telegram.double import TelegramDouble
from starscal.testing.telegram.plugin import SECRET
from telegram_link.models import TelegramUpdate
from telegram_link.tests.test_webhook import GARBAGE
from telegram_link.tests.update_shapes import message, private
from telegram_link.webhook import LONGEST_BODY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
PATH: Final = "/telegram/webhook"
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
LOCK: Final = "LOCK TABLE telegram_link_telegramupdate IN ACCESS EXCLUSIVE MODE"


@pytest.fixture
def client(telegram: TelegramDouble, running_server: LiveServer) -> Iterator[httpx.Client]:
    """Return what sends as Telegram does, to a server whose bot is configured."""
    with httpx.Client(
        base_url=running_server.url, headers={HEADER: SECRET}, timeout=30, trust_env=False
    ) as made:
        yield made


def told(client: httpx.Client, update: object, **more: Any) -> httpx.Response:
    return client.post(PATH, content=json.dumps(update).encode(), **more)


def test_updates_are_stored_and_everything_else_is_refused(client: httpx.Client) -> None:
    said = message("/today")
    answers = [told(client, said) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    head = answers[0].headers
    assert (answers[0].content, head["Cache-Control"]) == (b"", "no-store")
    assert head["X-Content-Type-Options"] == "nosniff"
    assert head["X-Request-ID"] != answers[1].headers["X-Request-ID"]
    assert "Set-Cookie" not in head
    assert TelegramUpdate.objects.get().body["what"] == "command"
    for body in GARBAGE.values():
        assert client.post(PATH, content=body).status_code == 400
    for length in (LONGEST_BODY + 1, 900_000):
        assert client.post(PATH, content=b" " * length).status_code == 413
    assert client.get(PATH).status_code == 405
    assert TelegramUpdate.objects.count() == 1


def test_forged_secrets_are_refused(client: httpx.Client) -> None:
    body = json.dumps(message("/today")).encode()
    forged: list[Any] = [
        {HEADER: ""}, {HEADER: "wrong"}, {HEADER: SECRET + "x"}, {HEADER: "é".encode()},
        [(HEADER, SECRET), (HEADER, SECRET)], [(HEADER, "wrong"), (HEADER, SECRET)],
    ]  # fmt: skip
    for headers in forged:
        answer = httpx.post(str(client.base_url.join(PATH)), content=body, headers=headers)
        assert answer.status_code == 403
    assert not TelegramUpdate.objects.exists()


def test_a_body_in_pieces_is_one(client: httpx.Client) -> None:
    body = json.dumps(message("/today")).encode()
    pieces = (body[at : at + 7] for at in range(0, len(body), 7))
    assert client.post(PATH, content=pieces).status_code == 200
    assert client.post(PATH, content=iter([b" " * 70_000])).status_code == 413
    assert TelegramUpdate.objects.count() == 1


def test_a_client_that_goes_leaves_nothing_behind(
    client: httpx.Client, running_server: LiveServer
) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\n{HEADER}: {SECRET}\r\n"
    with socket.create_connection(("127.0.0.1", running_server.port)) as half:
        half.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
    assert told(client, message("/today")).status_code == 200
    assert TelegramUpdate.objects.count() == 1


def test_a_crowd_of_the_same_updates_is_stored_once(client: httpx.Client) -> None:
    said = [private(number, "/today") for number in range(1, 9)]
    crowd = [update for _time in range(32) for update in said]
    with ThreadPoolExecutor(32) as pool:
        answers = Counter(pool.map(lambda each: told(client, each).status_code, crowd))
    assert answers == {200: len(crowd)}
    assert TelegramUpdate.objects.count() == len(said)


def test_without_the_database_telegram_is_asked_to_come_again(client: httpx.Client) -> None:
    assert told(client, message("/today")).status_code == 200
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)  # longer than the database lets a statement wait
        answer = told(client, message("/today"))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert told(client, message("/today")).status_code == 200


def test_a_connection_that_was_lost_costs_nothing(client: httpx.Client) -> None:
    assert told(client, message("/today")).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    assert [told(client, message("/today")).status_code for _time in range(2)] == [200, 200]
    assert TelegramUpdate.objects.count() == 3
