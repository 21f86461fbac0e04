"""In which language the API answers whom, and what caches may do with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services.api_keys import api_key_create
from accounts.services.profile import profile_update
from accounts.services.sessions import session_open
from accounts.tokens.access import access_check

pytestmark = pytest.mark.django_db
KINDS = "/api/v1/kinds/full_moon"
NAMES = {"ru": "Полнолуние", "de": "Vollmond", "ja": "満月", "en": "Full Moon"}


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", email="vera@example.org", language="ru")


def asked(
    path: str = KINDS, user: User | None = None, accept: str = "", etag: str = "", key: str = ""
) -> Any:
    headers = {"Accept-Language": accept, "If-None-Match": etag}
    if key:
        headers["Authorization"] = f"Api-Key {key}"
    if user is not None:
        headers["Authorization"] = f"Bearer {session_open(user=user).access_token}"
    return Client().get(path, headers={name: value for name, value in headers.items() if value})


def varies(answer: Any) -> set[str]:
    return {name.strip() for name in answer["Vary"].split(",")}


@pytest.mark.parametrize(
    ("path", "accept", "language", "kept"),
    [
        pytest.param(KINDS, "de", "ru", "private", id="own-before-browser"),
        pytest.param(f"{KINDS}?lang=ja", "de", "ja", "public", id="asked-before-own"),
        pytest.param(f"{KINDS}?lang=tlh", "de", "en", "public", id="asked-unknown"),
        pytest.param(f"{KINDS}?lang=", "de", "ru", "private", id="asked-nothing"),
    ],
)
def test_the_order_of_wishes(vera: User, path: str, accept: str, language: str, kept: str) -> None:
    answer = asked(path, vera, accept=accept)
    body = answer.json()
    assert (body["name"], body["lang_used"]) == (NAMES[language], language)
    assert body["fallback"] is ("tlh" in path)
    assert answer["Content-Language"] == language
    assert answer["Cache-Control"].startswith("public") is (kept == "public")
    assert ("private" in answer["Cache-Control"]) is (kept == "private")
    assert ("Authorization" in varies(answer)) is (kept == "private")


def test_strangers_get_what_caches_share_but_never_with_those_signed_in(vera: User) -> None:
    answer = asked(accept="de")
    assert answer.json()["name"] == NAMES["de"]
    assert answer["Cache-Control"].startswith("public")
    assert {"Authorization", "Accept-Language"} <= varies(answer)
    again = asked(accept="de", etag=answer["ETag"])
    assert (again.status_code, again["Vary"]) == (304, answer["Vary"])


def test_who_chose_no_language_is_answered_in_the_browsers(vera: User) -> None:
    profile_update(user=vera, body={"language": ""})
    answer = asked(user=vera, accept="de")
    assert (answer.json()["lang_used"], answer["Content-Language"]) == ("de", "de")
    assert answer["Cache-Control"].startswith("public")


def test_a_tag_of_one_language_is_none_of_another(vera: User) -> None:
    path = "/api/v1/events?start=2026-06-01&end=2026-06-08"
    german = asked(path, accept="de")
    own = asked(path, vera, accept="de", etag=german["ETag"])
    assert own.status_code == 200
    assert {row["lang_used"] for row in own.json()["results"]} == {"ru"}
    same = asked(path, vera, etag=own["ETag"])
    assert (same.status_code, "private" in same["Cache-Control"]) == (304, True)
    assert same["Content-Language"] == "ru"
    again = asked(path, accept="de")
    assert (again["ETag"], again.content) == (german["ETag"], german.content)


def test_a_key_speaks_for_a_server_and_its_readers(vera: User) -> None:
    created = api_key_create(user=vera, name="server", scopes=["events:read"])
    answer = asked(key=created.secret, accept="de")
    assert answer.json()["name"] == NAMES["de"]


def test_problems_of_who_is_signed_in_are_told_in_the_own_language(vera: User) -> None:
    answer = asked("/api/v1/events?limit=0", vera, accept="de")
    assert (answer.status_code, answer["Content-Language"]) == (400, "ru")
    assert answer["Cache-Control"] == "no-store"


def test_a_new_token_says_the_language_of_the_account(vera: User) -> None:
    assert access_check(session_open(user=vera).access_token).language == "ru"
    profile_update(user=vera, body={"language": "zho"})
    vera.refresh_from_db()
    assert access_check(session_open(user=vera).access_token).language == "zh-hans"


def test_the_first_page_is_that_of_the_account(vera: User) -> None:
    client = Client()
    client.force_login(vera)
    assert client.get("/", headers={"Accept-Language": "de"})["Location"] == "/ru/"
    assert client.get("/?lang=ja")["Location"] == "/ja/"
    assert Client().get("/", headers={"Accept-Language": "de"})["Location"] == "/de/"
