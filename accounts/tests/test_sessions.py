from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import RefreshToken, Session, User
from accounts.services.sessions import (
    session_open,
    session_refresh,
    session_revoke,
    sessions_revoke,
    token_hash,
)
from accounts.tokens.access import access_check
from starscal.core.exceptions import ApplicationError
from starscal.core.models import AuditEntry, OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("vera", "vera@example.org", "a-long-enough-password")


def refused(token: str) -> str:
    with pytest.raises(ApplicationError) as caught:
        session_refresh(refresh_token=token)
    return str(caught.value.code)


def age_uses(seconds: int) -> None:
    used = RefreshToken.objects.filter(used_at__isnull=False)
    used.update(used_at=F("used_at") - timedelta(seconds=seconds))


def test_a_session_opens_with_both_tokens(user: User) -> None:
    opened = session_open(user=user, device="Observatory")
    claims = access_check(opened.access_token)
    assert (claims.user_id, claims.session_id) == (user.pk, opened.session.pk)
    assert RefreshToken.objects.get().token_hash == token_hash(opened.refresh_token)


def test_a_session_of_the_web_has_no_tokens(user: User) -> None:
    opened = session_open(user=user, kind=Session.Kind.WEB)
    assert (opened.access_token, opened.refresh_token) == ("", "")
    assert not RefreshToken.objects.exists()


def test_a_refresh_gives_a_successor_and_a_retry_gives_the_same(user: User) -> None:
    first = session_open(user=user).refresh_token
    second = session_refresh(refresh_token=first).refresh_token
    assert second != first
    assert session_refresh(refresh_token=first).refresh_token == second
    assert session_refresh(refresh_token=second).refresh_token not in {first, second}


def test_a_token_used_again_later_ends_its_session(user: User) -> None:
    first = session_open(user=user).refresh_token
    second = session_refresh(refresh_token=first).refresh_token
    age_uses(11)
    assert refused(first) == "auth.invalid_token"
    assert refused(second) == "auth.invalid_token"
    session = Session.objects.get()
    assert session.revoked_reason == "refresh_reuse"
    assert AuditEntry.objects.get(action="session.revoke").reason == "refresh_reuse"
    message = OutboxMessage.objects.get(stream="revocations")
    assert message.body == {"sid": str(session.pk), "uid": str(user.pk)}


def test_an_expired_token_is_refused_and_harms_nobody(user: User) -> None:
    token = session_open(user=user).refresh_token
    RefreshToken.objects.update(expires_at=Now())
    assert refused(token) == "auth.invalid_token"
    assert Session.objects.get().revoked_at is None


def test_one_session_ends_once(user: User) -> None:
    session = session_open(user=user).session
    assert session_revoke(session_id=session.pk, user=user, reason="logout")
    assert not session_revoke(session_id=session.pk, user=user, reason="logout")
    assert OutboxMessage.objects.filter(stream="revocations").count() == 1


def test_nobody_ends_the_session_of_another(user: User) -> None:
    other = User.objects.create_user("cecilia")
    session = session_open(user=user).session
    assert not session_revoke(session_id=session.pk, user=other, reason="logout")


def test_all_sessions_end_but_the_one_that_is_kept(user: User) -> None:
    kept, gone = session_open(user=user), session_open(user=user)
    assert sessions_revoke(user=user, reason="password", keep=kept.session.pk) == 1
    assert refused(gone.refresh_token) == "auth.invalid_token"
    renewed = session_refresh(refresh_token=kept.refresh_token)
    assert access_check(renewed.access_token).token_version == user.token_version == 1
    message = OutboxMessage.objects.get(kind="user.revoked")
    assert message.body == {"uid": str(user.pk), "tv": 1}


@pytest.mark.parametrize("change", ["token_version", "password"])
def test_a_password_changed_since_it_was_checked_opens_nothing(user: User, change: str) -> None:
    User.objects.update(**{change: 7})
    with pytest.raises(ApplicationError) as caught:
        session_open(user=user)
    assert caught.value.code == "auth.invalid_credentials"


def test_a_deactivated_account_neither_signs_in_nor_renews(user: User) -> None:
    token = session_open(user=user).refresh_token
    User.objects.update(is_active=False)
    assert refused(token) == "auth.account_deactivated"
    with pytest.raises(ApplicationError):
        session_open(user=user)
