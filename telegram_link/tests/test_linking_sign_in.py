"""Signing in and up with Telegram, by the API: the code, the secret, and what attackers try."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import Registration, Session, User
from accounts.services.activation import user_deactivate
from starscal.core import clock
from starscal.core.models import AuditEntry
from telegram_link.bot.link import pressed
from telegram_link.models import TelegramAccount, TelegramLinkToken
from telegram_link.services.tokens import TRIES
from telegram_link.tests.linking_support import (
    CHAT,
    Someone,
    api,
    code_of,
    reader,
    someone,
    someone_linked,
    start,
    text_of,
    wrong,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bot_on")]


@pytest.fixture
def vera() -> Someone:
    return someone_linked()


def ask(device: str = "A phone") -> dict[str, str]:
    answer = api("post", "/auth/telegram", {"device": device})
    assert answer.status_code == 201
    return dict(answer.json())


def give(link: dict[str, str], code: str, **more: Any) -> Any:
    body = {"holder": link["holder"], "code": code, **more}
    return api("post", f"/auth/telegram/{link['id']}", body)


def test_a_code_signs_in_whoever_asked(vera: Someone) -> None:
    link = ask()
    told = start(CHAT, link["url"])
    assert "opened with: <code>A phone</code>." in text_of(told)
    answer = give(link, code_of(told))
    assert answer.status_code == 200
    tokens = answer.json()
    assert set(tokens) == {"access", "refresh", "token_type", "expires_in", "session"}
    assert answer.headers["Cache-Control"] == "private, no-store"
    me = api("get", "/me", Authorization=f"Bearer {tokens['access']}")
    assert me.json()["username"] == "vera"
    assert Session.objects.get(pk=tokens["session"]).device == "A phone"
    assert give(link, code_of(told)).json()["code"] == "telegram.code"  # once


DEVICES = {
    "Support: send this code to @x t.me/x": "Support send this code to x t",
    "https://evil.example/?a=b#c": "https evil example a b c",
    "stars.example, Firefox": "stars example Firefox",
    "</code><a href='tg://x'>x</a>&amp;": "code a href tg x x a amp",
    "/start #tag $TON +49 1 me@x.org": "start tag TON 49 1 me x org",
    "Vera\u2019s iPhone-15\n\u202e\x1b": "Vera s iPhone-15",
    "वेरा का फ़ोन": "वेरा का फ़ोन",
    "t．me。x．example": "t me x example",
    "x" * 100: "x" * 30,
    "@./:": "Unknown device",
}


@pytest.mark.parametrize("device", DEVICES)
def test_a_stranger_writes_nothing_into_the_message_of_the_code(device: str) -> None:
    told = text_of(start(CHAT, ask(device)["url"]))
    kept = unicodedata.normalize("NFC", DEVICES[device])
    assert f"opened with: <code>{kept}</code>." in told
    assert set(re.findall(r"</?\w+", told)) == {"<code", "</code"}


@pytest.mark.parametrize("digits", ["٠", "０"])
def test_a_code_may_have_spaces_and_digits_of_any_script(vera: Someone, digits: str) -> None:
    link = ask()
    code = code_of(start(CHAT, link["url"]))
    written = "".join(chr(ord(digits) + int(sign)) for sign in code)
    assert give(link, f" {written[:3]} {written[3:]} ").status_code == 200


def test_a_forwarded_link_gives_the_forwarder_nothing_without_the_code(vera: Someone) -> None:
    """Mallory asks and holds the secret; Vera opens what he sent her, and keeps the code."""
    link = ask("Mallory's browser")
    code = code_of(start(CHAT, link["url"]))
    for _try in range(TRIES):
        assert give(link, wrong(code)).status_code == 401
    assert give(link, code).status_code == 401
    assert Session.objects.filter(user=vera.user).count() == 1


def test_a_code_is_of_no_use_without_the_secret(vera: Someone) -> None:
    """Vera asks; Mallory sees address and code, over her shoulder."""
    link = ask()
    code = code_of(start(CHAT, link["url"]))
    for holder in ("", "x" * 43, link["url"].partition("start=")[2], link["id"]):
        answer = give({**link, "holder": holder}, code)
        assert answer.status_code in {400, 401}
    assert TelegramLinkToken.objects.get(pk=link["id"]).tries == 0  # hers are not used up
    assert give(link, code).status_code == 200


def test_whoever_opened_it_can_end_it(vera: Someone) -> None:
    link = ask()
    told = start(CHAT, link["url"])
    pressed(reader(CHAT), told.messages[0].keyboard[-1][-1].data.partition(":")[2])
    assert give(link, code_of(told)).status_code == 401


def test_a_refusal_says_the_same_whatever_was_wrong(vera: Someone) -> None:
    link = ask()
    code = code_of(start(CHAT, link["url"]))
    unopened, late, foreign = ask(), ask(), ask()
    late_code = code_of(start(CHAT, late["url"]))
    TelegramLinkToken.objects.filter(pk=late["id"]).update(expires_at=Now() - timedelta(seconds=1))
    refusals = [
        give(link, wrong(code)),
        give(unopened, "000000"),
        give(late, late_code),
        give({**link, "id": str(uuid4())}, code),
        give({**link, "holder": foreign["holder"]}, code),
    ]
    seen = set()
    for refusal in refusals:
        problem = refusal.json()
        for name in ("instance", "request_id"):
            del problem[name]
        seen.add((refusal.status_code, str(problem), refusal.headers["WWW-Authenticate"]))
    assert len(seen) == 1


def test_an_unknown_link_costs_what_a_known_one_does(vera: Someone) -> None:
    link = ask()
    code = code_of(start(CHAT, link["url"]))
    with CaptureQueriesContext(connection) as known:
        give(link, wrong(code))
    with CaptureQueriesContext(connection) as unknown:
        give({**link, "id": str(uuid4())}, code)
    assert abs(len(known) - len(unknown)) <= 1  # the row itself, by its key


def test_a_link_to_link_is_none_to_sign_in(vera: Someone) -> None:
    rosa = someone("rosa")
    link = rosa.call("post", "/me/telegram/links").json()
    start(CHAT, link["url"])
    assert give({**link, "holder": ""}, "000000").status_code == 400
    assert give({**link, "holder": "x"}, "").status_code == 400
    assert give({**link, "holder": "x"}, "000000").status_code == 401
    sign_in = ask()
    start(CHAT, sign_in["url"])
    assert rosa.call("post", f"/me/telegram/links/{sign_in['id']}/confirm").status_code == 404


def test_a_deactivated_account_is_refused_as_with_a_password(vera: Someone) -> None:
    link = ask()
    code = code_of(start(CHAT, link["url"]))
    user_deactivate(user=vera.user)
    answer = give(link, code)
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.account_deactivated")
    assert AuditEntry.objects.filter(action="login.failure", object_id=str(vera.user.pk)).exists()


def test_an_account_that_was_unlinked_meanwhile_is_not_signed_in(vera: Someone) -> None:
    link = ask()
    code = code_of(start(CHAT, link["url"]))
    vera.call("delete", "/me/telegram")
    assert give(link, code).json()["code"] == "telegram.no_account"


def test_whoever_has_no_account_agrees_first_and_has_one_then() -> None:
    link = ask()
    told = start(CHAT, link["url"], "Ada 🌙 <b>\u202eL.</b>", "ada_l")
    first = give(link, code_of(told))
    assert (first.status_code, first.json()["code"]) == (409, "telegram.no_account")
    assert first.json()["telegram"]["username"] == "ada_l"
    assert not User.objects.exists()
    answer = give(link, code_of(told), consent=True)
    assert answer.status_code == 200
    user = User.objects.get()
    assert (user.username, user.email, user.has_usable_password()) == ("ada_l", None, False)
    assert user.display_name == "Ada 🌙 <b>L.</b>"
    account = TelegramAccount.objects.get(user=user)
    assert (user.telegram_user_id, account.chat_id) == (CHAT, CHAT)
    again = ask()
    assert give(again, code_of(start(CHAT, again["url"]))).status_code == 200
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("username", "name", "expected"),
    [
        ("vera", "Rosa", "Rosa"),  # taken
        ("waits", "Rosa", "Rosa"),  # somebody has a letter to answer
        ("admin_", "Rosa", "Rosa"),  # reserved
        ("", "Վերա Կ.", "Վերա_Կ"),
        ("", "Вера Rubin", "stargazer"),  # two alphabets
        ("", "🌙", "stargazer"),
        ("vera", "Vera", "Vera"),
    ],
)
def test_the_name_of_a_new_account_keeps_the_rules(username: str, name: str, expected: str) -> None:
    someone()
    Registration.objects.create(
        username="waits", username_folded="waits", email="w@example.org", password="x",
        language="en", expires_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    link = ask()
    code = code_of(start(CHAT, link["url"], name, username))
    assert give(link, code, consent=True).status_code == 200
    made = User.objects.get(telegram_user_id=CHAT)
    if (username, name) == ("vera", "Vera"):
        assert made.username[4:].isdecimal()
    elif expected == "stargazer":
        assert made.username.startswith(expected)
    else:
        assert made.username == expected


def test_whoever_has_no_password_sets_one_right_after_signing_in() -> None:
    link = ask()
    given = give(link, code_of(start(CHAT, link["url"], "Ada", "ada_l")), consent=True).json()
    bearer = {"Authorization": f"Bearer {given['access']}"}
    body = {"current_password": "", "new_password": "a long walk under stars"}
    Session.objects.update(created_at=clock.now() - timedelta(minutes=16))
    late = api("post", "/auth/password/change", body, **bearer)
    assert late.status_code == 400
    assert "Sign in anew" in late.json()["errors"][0]["detail"]
    mail = {"email": "ada@example.org", "password": ""}
    assert api("post", "/me/email", mail, **bearer).status_code == 400
    Session.objects.update(created_at=clock.now() - timedelta(minutes=14))
    assert api("post", "/me/email", mail, **bearer).status_code == 202
    assert api("post", "/auth/password/change", body, **bearer).status_code == 204
    assert User.objects.get().has_usable_password()


def test_guesses_are_counted_by_address(vera: Someone, settings: Settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "telegram-code": (3, 3600)}
    link = ask()
    answers = [give(link, "000000").status_code for _guess in range(4)]
    assert answers[-1] == 429
    assert 429 not in answers[:3]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"holder": "x"},
        {"code": "1"},
        {"holder": "x" * 101, "code": "1"},
        {"holder": "x", "code": "1" * 21},
        {"holder": "x", "code": "\x00"},
        {"holder": {}, "code": []},
        {"holder": "x", "code": "1", "consent": "perhaps"},
        {"holder": "x", "code": "1", "admin": True},
        [],
    ],
)
def test_a_body_that_is_none_is_refused_and_no_more(body: Any) -> None:
    answer = api("post", f"/auth/telegram/{uuid4()}", body)
    assert answer.status_code == 400


def test_codes_and_secrets_are_kept_as_hashes_alone(vera: Someone) -> None:
    link = ask()
    code = code_of(start(CHAT, link["url"]))
    row = TelegramLinkToken.objects.filter(pk=link["id"]).values_list().get()
    kept = " ".join(map(str, row))
    assert link["holder"] not in kept
    assert not any(str(value) == code for value in row)
    assert link["url"].partition("start=")[2] not in kept


def test_staff_who_sign_in_with_telegram_still_need_the_second_factor() -> None:
    staff = someone_linked("boss", is_staff=True, is_superuser=True)
    client = Client()
    client.post("/en/telegram/sign-in/begin/")
    page = client.get("/en/telegram/sign-in/").content.decode()
    url = page.split('href="https://t.me/')[1].split('"')[0]
    code = code_of(start(CHAT, url))
    assert client.post("/en/telegram/sign-in/", {"code": code}).status_code == 302
    assert client.get("/en/account/profile/").status_code == 200
    assert client.get("/admin/").headers["Location"].startswith("/admin/second-factor/")
    assert TelegramAccount.objects.get().user == staff.user
