"""An account gets another address from whoever knows the password and reads its letters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import EmailChange, Mail, Session, User
from accounts.services.email_change import email_change_confirm, email_change_request
from accounts.services.export import user_export
from accounts.services.passwords import password_change
from accounts.services.sessions import session_open
from accounts.tasks import purge
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
from starscal.core.models import AuditEntry, OutboxMessage

pytestmark = pytest.mark.django_db
NEW = "vera@observatory.example"


@pytest.fixture
def user() -> User:
    return person(email_verified_at=clock.now())


def ask(user: User, email: str = NEW, password: str = PASSWORD) -> Any:
    return call("post", "/me/email", {"email": email, "password": password}, user)


def confirm(token: str) -> Any:
    return call("post", "/auth/email/confirm", {"token": token})


def test_the_address_changes_when_the_letter_to_it_is_opened(user: User) -> None:
    token, tag = session_open(user=user).access_token, call("get", "/me", user=user)["ETag"]
    asked = ask(user)
    assert (asked.status_code, asked["Cache-Control"]) == (202, "private, no-store")
    user.refresh_from_db()
    assert user.email == "vera@example.org"  # until then nothing has changed
    confirming, notice = letters()
    assert (confirming.to, notice.to) == ([NEW], ["vera@example.org"])
    assert token_in(confirming) not in str(notice.body)
    assert NEW not in str(notice.body)
    answer = confirm(token_in(confirming))
    assert (answer.status_code, answer.json()) == (200, {"username": "vera"})
    user.refresh_from_db()
    assert user.email == NEW
    assert user.email_verified_at
    assert call("get", "/me", Authorization=f"Bearer {token}").status_code == 401
    assert not Session.objects.filter(user=user, revoked_at__isnull=True).exists()
    assert call("get", "/me", user=user)["ETag"] != tag
    again = confirm(token_in(confirming))
    assert (again.status_code, again.json()["code"]) == (400, "link.invalid")
    assert not EmailChange.objects.exists()


def test_the_change_is_audited_and_announced_without_the_address(user: User) -> None:
    email_change_request(user=user, session_id=uuid4(), password=PASSWORD, email=NEW)
    email_change_confirm(token=token_in(letters()[0]))
    actions = AuditEntry.objects.filter(object_id=str(user.pk)).values_list("action", flat=True)
    assert {"email.change_request", "email.change"} <= set(actions)
    told = OutboxMessage.objects.get(stream_id=f"me:{user.pk}")
    assert (told.kind, told.body["fields"]) == ("profile.updated", ["email", "email_verified_at"])
    assert told.body["etag"] == call("get", "/me", user=User.objects.get())["ETag"]
    assert OutboxMessage.objects.filter(stream_id="revocations", kind="user.revoked").exists()
    kept = [*AuditEntry.objects.values_list("changes"), *OutboxMessage.objects.values_list("body")]
    assert NEW not in str(kept)


@pytest.mark.parametrize(
    ("email", "password", "pointer"),
    [
        (NEW, "not-my-password", "/password"),
        (NEW, "x" * 5000, "/password"),
        ("no address", PASSWORD, "/email"),
        ("véra@example.org", PASSWORD, "/email"),
        ("x" * 300 + "@example.org", PASSWORD, "/email"),
        ("VERA@example.org", PASSWORD, "/email"),
        ("a\x00b@example.org", PASSWORD, "/email"),
    ],
)
def test_what_is_wrong_is_named(user: User, email: str, password: str, pointer: str) -> None:
    answer = ask(user, email, password)
    assert answer.status_code == 400
    assert set(pointers(answer)) == {pointer}
    assert not Mail.objects.exists()
    assert not EmailChange.objects.exists()


def test_nobody_learns_whose_an_address_is(user: User) -> None:
    other = person("cecilia", email="Cecilia@example.org", display_name="Cecilia")
    known, unknown = ask(user, "cecilia@EXAMPLE.org"), ask(user, NEW)
    assert known.status_code == unknown.status_code == 202
    assert known.content == unknown.content
    sent = {str(letter.to[0]): str(letter.body) for letter in letters()}
    assert set(sent) == {"Cecilia@example.org", "vera@example.org", NEW}
    assert "vera" not in sent["Cecilia@example.org"].lower()
    other.refresh_from_db()
    assert other.email == "Cecilia@example.org"


def test_an_address_that_somebody_got_in_the_meantime_is_refused(user: User) -> None:
    ask(user)
    token = token_in(letters()[0])
    person("cecilia", email=NEW.upper())
    assert confirm(token).json()["code"] == "link.invalid"
    user.refresh_from_db()
    assert user.email == "vera@example.org"


def test_a_later_wish_takes_the_place_of_an_earlier_one(user: User) -> None:
    ask(user)
    first = token_in(letters()[0])
    ask(user)  # waits in the box when the next wish comes
    ask(user, "vera@elsewhere.example")
    sent = {str(letter.to[0]): letter for letter in letters()}
    assert NEW not in sent
    assert confirm(first).status_code == 400
    assert confirm(token_in(sent["vera@elsewhere.example"])).status_code == 200


def test_a_notice_goes_to_the_address_of_before_however_late(user: User) -> None:
    ask(user)
    email_change_confirm(token=token_in(sent_first()))
    assert [letter.to for letter in letters()] == [["vera@example.org"]]


def sent_first() -> Any:
    """Send the letter to the new address alone."""
    waiting = Mail.objects.filter(kind=Mail.Kind.EMAIL_NOTICE)
    waiting.update(due_at=clock.now() + timedelta(hours=1))
    (letter,) = letters()
    waiting.update(due_at=clock.now())
    return letter


def test_the_link_ends_after_a_day_and_with_a_new_password(user: User) -> None:
    ask(user)
    token = token_in(letters()[0])
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert confirm(token).status_code == 400
        assert purge() == 1
    ask(user)
    token = token_in(letters()[0])
    password_change(
        user=User.objects.get(), session_id=uuid4(), current=PASSWORD, new=OTHER_PASSWORD
    )
    assert confirm(token).status_code == 400


def test_an_address_of_staffs_making_is_confirmed_the_same_way() -> None:
    user = person()
    assert user.email_verified_at is None
    assert ask(user, user.email or "").status_code == 202
    assert confirm(token_in(letters()[0])).status_code == 200
    user.refresh_from_db()
    assert user.email_verified_at


def test_who_has_no_address_gets_one_without_a_notice() -> None:
    user = person(email=None)
    ask(user)
    (letter,) = letters()
    assert confirm(token_in(letter)).status_code == 200


def test_letters_to_strangers_are_few(user: User, settings: Any) -> None:
    settings.RATE_LIMITS = {"reset-account": (3, 3600), "*": (1000, 60)}
    answers = [ask(user, f"{n}-{user.pk}@example.org").status_code for n in range(5)]
    assert answers == [202, 202, 202, 429, 429]


def test_what_is_wanted_is_exported_with_the_rest(user: User) -> None:
    ask(user)
    (row,) = user_export(user=user)["tables"]["accounts.emailchange"]["rows"]
    assert row["email"] == NEW


def test_a_browser_asks_and_stays_signed_in(user: User) -> None:
    browser, other = Client(), Client()
    browser.force_login(user)
    other.force_login(user)
    page = reverse("account:email", args=["de"])
    wrong = browser.post(page, {"email": NEW, "password": "x"})
    assert (wrong.status_code, wrong.context["form"].errors.keys()) == (400, {"password"})
    assert browser.post(page, {"email": NEW, "password": PASSWORD}).status_code == 302
    link = reverse("account:email-confirm", args=["de", token_in(letters()[0])])
    assert browser.get(link).status_code == 200
    user.refresh_from_db()
    assert user.email == "vera@example.org"  # a program that follows links changes nothing
    assert browser.post(link).status_code == 302
    assert NEW in browser.get(page).content.decode()
    assert other.get(page).status_code == 302
    assert browser.post(link).status_code == 400
