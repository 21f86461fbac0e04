"""Passwords are changed by whoever knows the present one or reads the letters."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import Session, User
from accounts.services.api_keys import Scope, api_key_create
from accounts.services.sessions import session_open
from accounts.tests.people_support import (
    OTHER_PASSWORD,
    PASSWORD,
    call,
    letters,
    person,
    pointers,
    token_in,
)
from starscal.core import clock
from starscal.core.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return person()


def change(user: User, current: str, new: str) -> Any:
    body = {"current_password": current, "new_password": new}
    return call("post", "/auth/password/change", body, user)


def all_ended(user: User) -> bool:
    told = OutboxMessage.objects.filter(stream_id="revocations", kind="user.revoked").exists()
    return told and not Session.objects.filter(user=user, revoked_at__isnull=True).exists()


def test_a_change_needs_the_present_password_and_ends_all_sessions(user: User) -> None:
    token = session_open(user=user).access_token
    wrong = change(user, "not-my-password", OTHER_PASSWORD)
    assert (wrong.status_code, pointers(wrong)) == (400, ["/current_password"])
    assert pointers(change(user, PASSWORD, "short")) == ["/new_password"]
    assert change(user, PASSWORD, OTHER_PASSWORD).status_code == 204
    user.refresh_from_db()
    assert user.check_password(OTHER_PASSWORD)
    assert all_ended(user)
    assert call("get", "/me", Authorization=f"Bearer {token}").status_code == 401
    (letter,) = letters()
    assert letter.to == [user.email]


def test_guessing_the_present_password_is_held_back(user: User, settings: Any) -> None:
    settings.RATE_LIMITS = {"password-confirm": (3, 3600), "*": (1000, 60)}
    stolen = f"Bearer {session_open(user=user).access_token}"
    guess = {"current_password": "a-guess", "new_password": OTHER_PASSWORD}
    answers = [
        call("post", "/auth/password/change", guess, Authorization=stolen) for _n in range(4)
    ]
    leaving = {"password": PASSWORD}
    answers += [call("post", "/auth/deactivate", leaving, Authorization=stolen)]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 429, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 1200
    assert change(user, PASSWORD, OTHER_PASSWORD).status_code == 204  # the owner, elsewhere


def test_right_passwords_use_no_tries_up(user: User, settings: Any) -> None:
    settings.RATE_LIMITS = {"password-confirm": (2, 3600), "*": (1000, 60)}
    mine = f"Bearer {session_open(user=user).access_token}"
    body = {"current_password": PASSWORD, "new_password": "short"}
    path = "/auth/password/change"
    answers = [call("post", path, body, Authorization=mine) for _n in range(5)]
    assert {answer.status_code for answer in answers} == {400}
    assert {tuple(pointers(answer)) for answer in answers} == {("/new_password",)}


def test_a_reset_says_nothing_and_its_link_works_once(user: User) -> None:
    known = call("post", "/auth/password/reset", {"email": "VERA@example.org"})
    unknown = call("post", "/auth/password/reset", {"email": "nobody@example.org"})
    odd = call("post", "/auth/password/reset", {"email": "no\x00thing"})
    assert known.status_code == unknown.status_code == odd.status_code == 202
    assert known.content == unknown.content == odd.content
    (letter,) = letters()
    body = {"token": token_in(letter), "new_password": OTHER_PASSWORD}
    weak = call("post", "/auth/password/reset/confirm", body | {"new_password": "vera"})
    assert pointers(weak) == ["/new_password"] * len(pointers(weak))
    session_open(user=user)
    key = api_key_create(user=user, name="server", scopes=[Scope.READ]).key
    assert call("post", "/auth/password/reset/confirm", body).status_code == 204
    again = call("post", "/auth/password/reset/confirm", body)
    assert (again.status_code, again.json()["code"]) == (400, "link.invalid")
    user.refresh_from_db()
    assert user.check_password(OTHER_PASSWORD)
    assert all_ended(user)
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_reset_link_ends_after_an_hour_and_with_any_change(user: User) -> None:
    call("post", "/auth/password/reset", {"email": user.email})
    call("post", "/auth/password/reset", {"email": user.email})
    old, other = map(token_in, letters())
    body = {"token": old, "new_password": OTHER_PASSWORD}
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert call("post", "/auth/password/reset/confirm", body).status_code == 400
    assert call("post", "/auth/password/reset/confirm", body).status_code == 204
    body = {"token": other, "new_password": PASSWORD}
    assert call("post", "/auth/password/reset/confirm", body).status_code == 400


def test_a_link_for_one_purpose_serves_no_other(user: User) -> None:
    call("post", "/auth/password/reset", {"email": user.email})
    token = token_in(letters()[0])
    for path in ("/auth/verify", "/auth/keep", "/auth/return"):
        assert call("post", path, {"token": token}).json()["code"] == "link.invalid"


def test_letters_to_one_address_are_limited_whoever_asks(settings: Any) -> None:
    settings.RATE_LIMITS = {"reset-account": (2, 3600), "*": (1000, 60)}
    mark = uuid.uuid4().hex  # buckets outlive a test
    known = person(f"v{mark}").email
    for email in (known, f"nobody-{mark}@example.org"):
        answers = [call("post", "/auth/password/reset", {"email": email}) for _n in range(3)]
        assert [answer.status_code for answer in answers] == [202, 202, 429]
        assert int(answers[-1]["Retry-After"]) > 0
