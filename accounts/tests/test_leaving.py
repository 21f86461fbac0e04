"""Leave for a while or for good, and come back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from accounts.models import Session, User
from accounts.selectors.people import user_locked
from accounts.services.activation import user_deactivate
from accounts.services.deletion import user_delete_request, user_erase, users_purge
from accounts.services.profile import profile_update
from accounts.services.sessions import session_open
from accounts.tasks import mails_send, purge
from accounts.tests.people_support import PASSWORD, call, letters, person, pointers, token_in
from starscal.core import clock
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import AuditEntry, OutboxMessage, Stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return person()


def test_a_deactivated_account_is_closed_at_once_and_comes_back_by_letter(user: User) -> None:
    token = session_open(user=user).access_token
    wrong = call("post", "/auth/deactivate", {"password": "not-my-password"}, user)
    assert pointers(wrong) == ["/password"]
    assert call("post", "/auth/deactivate", {"password": PASSWORD}, user).status_code == 204
    closed = call("get", "/me", Authorization=f"Bearer {token}")
    assert (closed.status_code, closed.json()["code"]) == (401, "auth.account_deactivated")
    assert not Session.objects.filter(revoked_at__isnull=True).exists()
    back = {"token": token_in(letters()[0])}
    assert call("post", "/auth/return", back).json() == {"username": "vera"}
    assert call("post", "/auth/return", back).status_code == 400
    user.refresh_from_db()
    assert user.is_active


def test_whom_staff_close_out_does_not_come_back_by_an_old_letter(user: User) -> None:
    user_deactivate(user=user)
    back = {"token": token_in(letters()[0])}
    user_deactivate(user=user, actor=person("clerk", is_staff=True))
    assert not letters()
    assert call("post", "/auth/return", back).status_code == 400


def test_whom_staff_close_out_first_gets_no_letter_that_leads_back(user: User) -> None:
    clerk = person("clerk", is_staff=True)
    asking = User.objects.get(pk=user.pk)  # as loaded before
    user_deactivate(user=user, actor=clerk)
    user_deactivate(user=asking)
    assert user_delete_request(user=asking) is None
    assert letters() == []
    assert User.objects.get(pk=user.pk).delete_after is None


@pytest.mark.parametrize("leave", [user_deactivate, user_delete_request])
def test_a_letter_that_waits_does_not_lead_back_past_staff(user: User, leave: Any) -> None:
    leave(user=user)
    user_deactivate(user=user, actor=person("clerk", is_staff=True))
    assert letters() == []


def test_a_deletion_closes_at_once_and_is_undone_within_a_week(user: User) -> None:
    token = session_open(user=user).access_token
    answer = call("delete", "/me", user=user)
    assert answer.status_code == 202
    user.refresh_from_db()
    assert user.delete_after
    waits = user.delete_after - clock.now()
    assert timedelta(days=6, hours=23) < waits <= timedelta(days=7)
    assert call("get", "/me", Authorization=f"Bearer {token}").status_code == 401
    first = user.delete_after
    assert user_delete_request(user=user) == first
    (letter,) = letters()
    assert users_purge(at=clock.now() + timedelta(days=6)) == 0
    with time_machine.travel(clock.now() + timedelta(days=6, hours=20), tick=False):
        assert call("post", "/auth/keep", {"token": token_in(letter)}).status_code == 200
        assert call("post", "/auth/keep", {"token": token_in(letter)}).status_code == 400
    assert users_purge(at=clock.now() + timedelta(days=30)) == 0
    user.refresh_from_db()
    assert user.is_active
    assert user.check_password(PASSWORD)


def test_after_a_week_the_account_is_gone_once(user: User) -> None:
    user_delete_request(user=user)
    (letter,) = letters()
    later = clock.now() + timedelta(days=7, minutes=1)
    assert users_purge(at=later) == 1
    assert users_purge(at=later) == 0
    assert not User.objects.exists()
    assert AuditEntry.objects.filter(action="user.delete", object_id=str(user.pk)).count() == 1
    assert call("post", "/auth/keep", {"token": token_in(letter)}).status_code == 400


def test_a_deletion_cannot_be_kept_by_the_link_of_an_earlier_one(user: User) -> None:
    user_delete_request(user=user)
    old = token_in(letters()[0])
    assert call("post", "/auth/keep", {"token": old}).status_code == 200
    user_delete_request(user=user)
    assert call("post", "/auth/keep", {"token": old}).status_code == 400


def test_the_tasks_do_what_is_due_however_often_they_run(user: User) -> None:
    user_delete_request(user=user)
    assert [mails_send(), mails_send(), purge()] == [1, 0, 0]
    User.objects.update(delete_after=clock.now())
    assert [purge(), purge()] == [1, 0]
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_to_an_account_while_it_goes(user: User) -> None:
    """Write the profile in other connections beside the deletion: no stream stays behind."""

    def write(number: int) -> bool:
        try:
            profile_update(user=user, body={"display_name": f"vera {number}"})
        except ApplicationError as error:
            return error.code != ErrorCode.AUTH_USER_NOT_FOUND
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(3) as pool:
        written = pool.map(write, range(40))
        with transaction.atomic():
            locked = user_locked(user_id=user.pk)
            assert locked is not None
            user_erase(user=locked, actor="test")
        assert not all(written)
    assert not Stream.objects.filter(name__startswith="me:").exists()
    assert not OutboxMessage.objects.filter(stream__name__startswith="me:").exists()
