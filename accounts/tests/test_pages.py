"""The pages of an account, as a browser without JavaScript sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.hashers import Argon2idHasher
from accounts.links import LIFETIMES, Purpose, user_token
from accounts.models import Session, User
from accounts.services.activation import user_deactivate
from accounts.services.deletion import user_delete_request
from accounts.services.passwords import password_change
from accounts.services.sessions import (
    invalid_credentials,
    lifetime,
    session_open,
    session_revoke,
    sessions_revoke,
)
from starscal.core import clock
from starscal.core.i18n import language_active

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough word for one test"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
OPEN = ("sign-in", "register", "forgotten", "letter-sent")
OWN = (
    "profile",
    "preferences",
    "password",
    "email",
    "sessions",
    "keys",
    "data",
    "deactivate",
    "delete",
)


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("Anna", "anna@example.org", PASSWORD, display_name="Anna K.")


@pytest.fixture
def annas(client: Client, anna: User) -> Client:
    """Return a browser in which Anna is signed in."""
    client.force_login(anna)
    return client


def path(name: str, language: str = "en", *args: Any) -> str:
    return reverse(f"account:{name}", args=[language, *args])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OPEN)
def test_open_pages_stand_in_every_language(client: Client, name: str, language: str) -> None:
    answer = client.get(path(name, language))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].split(", ").count("no-store") == 1
    assert is_sound(answer.content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OWN)
def test_own_pages_stand_in_every_language(annas: Client, name: str, language: str) -> None:
    answer = annas.get(path(name, language))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Anna K." in answer.content.decode()
    assert is_sound(answer.content.decode())


def is_sound(page: str) -> bool:
    """Say whether a page has no script or style inside and every field a label."""
    fields = re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', page)
    labelled = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', page))
    wrapped = set(re.findall(r'<label class="choice"><input[^>]*\sid="([^"]+)"', page))
    assert set(fields) <= labelled | wrapped
    assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son\w+=", page)
    assert "%(" not in page
    return True


@pytest.mark.parametrize("name", [*OWN, "home", "export"])
def test_strangers_are_sent_to_sign_in_and_back(client: Client, anna: User, name: str) -> None:
    method = client.post if name == "export" else client.get
    answer = method(path(name, "hy"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(path("sign-in", "hy"))
    if name in OWN:
        signed_in = client.post(answer.headers["Location"], given(anna))
        assert signed_in.headers["Location"] == path(name, "hy")


@pytest.mark.parametrize("login", ["Anna", "ANNA", "ａnna", "anna@example.org", "Anna@Example.ORG"])
def test_name_or_address_in_any_case_opens_a_session_of_ours(
    client: Client, anna: User, login: str
) -> None:
    answer = client.post(
        path("sign-in"), given(anna, login), headers={"User-Agent": "X11; Linux Firefox/140"}
    )
    assert answer.status_code == 302
    session = Session.objects.get()
    assert (session.user, session.kind, session.device) == (anna, "web", "Firefox · Linux")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert timedelta(seconds=int(cookie["max-age"])) == lifetime("web")
    assert client.get(path("profile")).status_code == 200


@pytest.mark.parametrize("login", ["Anna", "nobody", "no@example.org"])
def test_a_wrong_sign_in_says_the_same_to_all_in_the_language(
    client: Client, anna: User, login: str
) -> None:
    answer = client.post(path("sign-in", "de"), {"login": login, "password": "wrong"})
    assert answer.status_code == 401
    with language_active("de"):
        assert str(invalid_credentials().message) in answer.content.decode()
    assert not Session.objects.exists()


def test_an_unknown_name_costs_one_hash_like_a_known_one(
    client: Client, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    for name in ("encode", "verify"):
        watch(monkeypatch, name, hashed)
    for login in ("Anna", "nobody"):
        client.post(path("sign-in"), {"login": login, "password": "wrong"})
    assert hashed == ["verify", "encode"]


def watch(monkeypatch: pytest.MonkeyPatch, name: str, calls: list[str]) -> None:
    """Note each call of the hasher, which does its work all the same."""
    work = getattr(Argon2idHasher, name)

    def noted(*given: Any) -> Any:
        calls.append(name)
        return work(*given)

    monkeypatch.setattr(Argon2idHasher, name, noted)


def test_a_form_takes_as_many_letters_as_the_api(
    client: Client, anna: User, settings: Settings
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "reset-account": (2, 3600)}
    wish = {"username": "petra", "email": anna.email, "password": "a long walk under stars"}
    for _time in range(2):  # somebody registers with her address
        assert client.post(path("register"), wish).status_code == 302
    sent = [client.post(path("forgotten"), {"email": anna.email}) for _time in range(3)]
    assert [answer.status_code for answer in sent] == [302, 302, 429]


def test_guesses_are_held_back_with_the_time_to_wait(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "login-account": (2, 3600)}
    user = User.objects.create_superuser("guessed", password=PASSWORD)
    for _guess in range(2):
        assert client.post(path("sign-in"), given(user, password="wrong")).status_code == 401
    answer = client.post(path("sign-in"), given(user))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    admin = client.post("/admin/login/", {"username": "guessed", "password": PASSWORD})
    assert admin.status_code == 429


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_nobody_is_led_to_another_site(client: Client, anna: User, wanted: str) -> None:
    answer = client.post(path("sign-in"), {**given(anna), "next": wanted})
    assert answer.headers["Location"] == path("home")


def test_a_form_without_its_token_is_refused(anna: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path("sign-in"), given(anna)).status_code == 403


ENDINGS: dict[str, Callable[[User], object]] = {
    "revoked": lambda user: sessions_revoke(user=user, reason="test"),
    "one": lambda user: session_revoke(
        session_id=Session.objects.get().pk, user=user, reason="test"
    ),
    "expired": lambda _user: Session.objects.update(expires_at=clock.now()),
    "deactivated": lambda user: user_deactivate(user=user),
    "deleted": lambda user: user_delete_request(user=user),
    "version": lambda _user: User.objects.update(token_version=7),
    "password": lambda user: password_change(
        user=user, session_id="", current=PASSWORD, new=PASSWORD + "!"
    ),
    "password-in-admin": lambda _user: User.objects.update(password="!"),
    "forgotten": lambda _user: Session.objects.all().delete(),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_browser_is_signed_out_at_once(annas: Client, anna: User, ending: str) -> None:
    assert annas.get(path("profile")).status_code == 200
    ENDINGS[ending](anna)
    assert annas.get(path("profile")).status_code == 302


def test_admin_sign_ins_are_listed_and_end_like_others(client: Client) -> None:
    staff = User.objects.create_superuser("staff", password=PASSWORD)
    client.post("/admin/login/", {"username": "STAFF", "password": PASSWORD})
    assert client.get("/admin/").headers["Location"].startswith("/admin/second-factor/")
    assert Session.objects.filter(user=staff, kind="web").count() == 1
    sessions_revoke(user=staff, reason="test")
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")


def test_user_and_session_come_in_one_query(annas: Client, anna: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        annas.get(path("data"))
    ours = [q["sql"] for q in queries if "accounts_" in q["sql"]]
    assert len(ours) == 1


def test_the_last_use_is_noted_every_few_minutes(annas: Client) -> None:
    old = clock.now() - timedelta(minutes=6)
    Session.objects.update(last_used_at=old)
    annas.get(path("profile"))
    noted = Session.objects.get().last_used_at
    annas.get(path("profile"))
    assert Session.objects.get().last_used_at == noted > old


def test_signing_out_ends_the_session(annas: Client) -> None:
    answer = annas.post(path("sign-out", "fr"))
    assert answer.headers["Location"] == "/fr/"
    assert Session.objects.get().revoked_at is not None


def test_public_pages_tell_caches_that_they_may_be_somebodys_own(annas: Client) -> None:
    answer = annas.get("/en/")
    assert "Cookie" in answer.headers["Vary"]
    assert f'href="{path("home")}"' in answer.content.decode()


@pytest.mark.parametrize("purpose", ["verify", "reset", "keep", "return"])
def test_a_link_that_is_too_old_says_so_before_anything_is_filled_in(
    client: Client, anna: User, purpose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = user_token(Purpose(purpose), anna)
    assert client.get(path(purpose, "fr", token)).status_code == 200
    monkeypatch.setitem(LIFETIMES, Purpose(purpose), timedelta(seconds=-1))
    for address in (token, f"{token}x"):
        answer = client.get(path(purpose, "fr", address))
        assert answer.status_code == 400
        assert "<form class" not in answer.content.decode()


def test_this_browser_stands_first_among_the_sessions(annas: Client, anna: User) -> None:
    session_open(user=anna, device="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    page = annas.get(path("sessions")).content.decode()
    assert page.index("this browser") < page.index("Firefox · Windows")
    assert "Mozilla" not in page


def test_kinds_of_events_stand_in_their_families(annas: Client) -> None:
    page = annas.get(path("preferences", "de")).content.decode()
    groups = re.findall(r'<fieldset class="group">.*?</fieldset>', page, re.DOTALL)
    boxes = [len(re.findall('name="event_types"', group)) for group in groups]
    assert len(boxes) > 5
    assert min(boxes) >= 1
    assert sum(boxes) == len(set(re.findall('name="event_types" value="([a-z_]+)"', page)))


def given(user: User, login: str = "", password: str = PASSWORD) -> dict[str, str]:
    return {"login": login or user.username, "password": password}
