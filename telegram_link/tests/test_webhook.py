"""Who may send updates, and what becomes of what is sent."""

from __future__ import annotations

import json
from typing import Any, Final

import orjson
import pytest
from django.test import Client, RequestFactory

from telegram_link.models import TelegramUpdate
from telegram_link.tests.update_shapes import HOME, message, private, update
from telegram_link.webhook import LONGEST_BODY, webhook

pytestmark = pytest.mark.django_db
PATH: Final = "/telegram/webhook"
SECRET: Final = "correct-horse_battery-staple"
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture(autouse=True)
def bot(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = "123:abc"
    settings.TELEGRAM_WEBHOOK_SECRET = SECRET


def send(body: bytes, secret: str | None = SECRET, **more: Any) -> Any:
    headers = {} if secret is None else {HEADER: secret}
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    answer = client.post(PATH, body, content_type="application/json", headers=headers, **more)
    assert not answer.cookies
    return answer


def told(update_: object) -> Any:
    return send(json.dumps(update_).encode())


def test_an_update_is_stored_once() -> None:
    said = message("/today")
    assert [told(said).status_code for _time in range(3)] == [200, 200, 200]
    row = TelegramUpdate.objects.get()
    assert (row.pk, row.chat_id, row.outcome, row.done_at) == (said["update_id"], 7, "", None)
    assert row.body["what"] == "command"


def test_of_what_nobody_cares_for_only_the_number_is_kept() -> None:
    secret_talk = message("our secret", chat={"id": -5, "type": "group", "title": "Us"})
    for said in (secret_talk, update(poll={"id": "1"}), update(unheard_of=7), update()):
        assert told(said).status_code == 200
    rows = TelegramUpdate.objects.all()
    assert {(row.outcome, row.chat_id, str(row.body)) for row in rows} == {("ignored", None, "{}")}
    assert all(row.done_at for row in rows)
    assert len(rows) == 4


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "",
        "wrong",
        SECRET[:-1],
        f"{SECRET}x",
        f"{SECRET},{SECRET}",
        SECRET.upper(),
        "é",
        "\x7f",
    ],
)
def test_without_the_secret_nothing_is_read(secret: str | None) -> None:
    answer = send(orjson.dumps(message("/today")), secret)
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert not TelegramUpdate.objects.exists()


def test_a_forged_body_is_not_even_touched() -> None:
    class Untouchable:
        def read(self, *_size: int) -> bytes:
            raise AssertionError("The body was read.")

    request = RequestFactory().post(PATH, b"{}", content_type="application/json")
    setattr(request, "_stream", Untouchable())  # noqa: B010 - what request.body reads
    assert webhook(request).status_code == 403


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_post_is_answered(method: str) -> None:
    answer = getattr(Client(), method)(PATH, headers={HEADER: SECRET})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"])
@pytest.mark.parametrize("secret", ["", SECRET])
def test_without_a_bot_there_is_nothing(settings: Any, name: str, secret: str) -> None:
    setattr(settings, name, "")
    answer = send(orjson.dumps(message("/today")), secret)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert Client().get(PATH).status_code == 404


@pytest.mark.parametrize("length", [LONGEST_BODY + 1, 1024 * 1024])
def test_what_is_too_large_is_refused(length: int) -> None:
    assert send(b" " * length).status_code == 413
    assert send(b" " * length, "wrong").status_code == 403


def test_the_largest_that_is_allowed_is_taken() -> None:
    said = orjson.dumps(message("/today"))
    assert send(said + b" " * (LONGEST_BODY - len(said))).status_code == 200


GARBAGE: Final = {
    "nothing": b"",
    "half": b'{"update_id": 1',
    "text": b"update_id=1",
    "utf-16": '{"update_id":1}'.encode("utf-16"),
    "no utf-8": b'{"update_id": 1, "x": "\xff"}',
    "half a letter": rb'{"update_id": 1, "x": "\ud800"}',
    "not a number": b'{"update_id": NaN}',
    "deep": b'{"update_id": 1, "message": ' + b"[" * 30_000,
    "deep and closed": b'{"update_id":1,"message":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "a list": b"[]",
    "null": b"null",
    "no number": b"{}",
    "number as text": b'{"update_id": "1"}',
    "a fraction": b'{"update_id": 1.5}',
    "true": b'{"update_id": true}',
    "negative": b'{"update_id": -1}',
    "beyond a column": b'{"update_id": 9223372036854775808}',
    "beyond everything": b'{"update_id": 1' + b"0" * 400 + b"}",
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_is_refused(body: bytes) -> None:
    answer = send(body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not TelegramUpdate.objects.exists()


def test_nothing_that_people_write_breaks_the_row() -> None:
    name = "\0\u202e</b>'; DROP TABLE x;--\U0001f319" + "é" * 2000
    said = private(9, f"/place {name}", last_name=name, username=name, language_code=name)
    assert told(said).status_code == 200
    sender = TelegramUpdate.objects.get().body["sender"]
    assert sender["name"].startswith("P9 </b>'; DROP TABLE x;--\U0001f319é")
    assert len(sender["name"]) == 150
    assert (sender["username"], sender["language_code"]) == ("", "")


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**30, 1.5, "7", True, None, 0])
def test_a_chat_without_a_real_number_is_ignored(number: object) -> None:
    said = message("/today", chat={**HOME, "id": number})
    assert told(said).status_code == 200
    assert TelegramUpdate.objects.get().outcome == "ignored"
