"""T6: credentials that are not good are refused, all in one shape, and at once."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client

from accounts.models import ApiKey, RefreshToken, Session, User
from accounts.services.api_keys import api_key_create
from accounts.services.sessions import (
    session_open,
    session_refresh,
    session_revoke,
    sessions_revoke,
)
from accounts.services.tickets import socket_ticket_open
from accounts.tests.attacks import Victim, bearer_attacks
from accounts.tests.saboteurs import library_check
from accounts.tickets import Ticket
from starscal.testing.drill import drill_full
from starscal.testing.live import LiveServer

pytestmark = [pytest.mark.drill("T6"), pytest.mark.django_db]
EFFECTIVE_S = 1.0 if drill_full() else 5.0  # a suite may share its machine with others
PRIVATE = "/api/v1/auth/sessions"
REFRESH = "/api/v1/auth/refresh"
PROBLEM = {"type", "title", "status", "detail", "instance", "code", "request_id"}


@pytest.fixture
def user() -> User:
    return User.objects.create_user("vera")


@pytest.fixture
def victim(user: User) -> Victim:
    other = session_open(user=User.objects.create_user("cecilia")).session
    return Victim(session_open(user=user).access_token, other.user_id, other.pk)


def fault_of(answer: Any) -> str:
    """Return what is wrong with a refusal; empty if it is as it should be."""
    if answer.status_code not in {401, 403}:
        return f"status {answer.status_code}"
    if answer.headers["Content-Type"] != "application/problem+json":
        return "no problem document"
    missing = PROBLEM - set(answer.json())
    if missing or answer.json()["status"] != answer.status_code:
        return f"shape {missing}"
    if "Bearer" not in answer.headers.get("WWW-Authenticate", ""):
        return "no challenge"
    return "" if answer.headers["Cache-Control"] == "no-store" else "may be kept"


def asked(client: Client, header: str) -> Any:
    return client.get(PRIVATE, headers={"Authorization": header})


def faults(client: Client, victim: Victim) -> tuple[int, dict[str, str]]:
    attacks = list(bearer_attacks(victim))
    assert len({name for name, _token in attacks}) == len(attacks)
    found = {name: fault_of(asked(client, f"Bearer {token}")) for name, token in attacks}
    return len(attacks), {name: fault for name, fault in found.items() if fault}


def test_no_attack_on_an_access_token_passes(
    client: Client, victim: Victim, figures: dict[str, Any]
) -> None:
    assert asked(client, f"Bearer {victim.token}").status_code == 200
    assert asked(client, f"bearer {victim.token}").status_code == 200
    count, wrong = faults(client, victim)
    figures |= {"attacks": count, "passed_or_misshapen": wrong}
    assert count >= 60
    assert not wrong


def test_the_check_of_the_library_is_seen_to_fail(client: Client, victim: Victim) -> None:
    with library_check():
        _count, wrong = faults(client, victim)
    assert {"iss 'evil'", "aud 'others-api'", "typ 'JWT'"} <= set(wrong)


def test_no_other_credential_passes_for_an_access_token(
    client: Client, user: User, victim: Victim, figures: dict[str, Any]
) -> None:
    opened = session_open(user=user)
    key = api_key_create(user=user, name="Dome", scopes=["read"]).secret
    claims = victim.claims
    ticket = socket_ticket_open(
        ticket=Ticket(claims["sub"], claims["sid"], claims["tv"], claims["exp"])
    )
    headers = {
        "none": "", "only the scheme": "Bearer", "Basic": "Basic dmVyYTp4", "Digest": "Digest x",
        "Token": f"Token {victim.token}", "JWT": f"JWT {victim.token}", "no scheme": victim.token,
        "refresh token": f"Bearer {opened.refresh_token}", "ticket": f"Bearer {ticket}",
        "key as token": f"Bearer {key}", "token as key": f"Api-Key {victim.token}",
        "key without secret": f"Api-Key {key.partition('.')[0]}.", "key cut": f"Api-Key {key[:-1]}",
        "key with more": f"Api-Key {key}x", "key of nobody": "Api-Key sc_000000000000.secret",
        "empty key": "Api-Key", "key in latin": "Api-Key é.é", "long key": "Api-Key " + "a." * 9999,
        "session": f"Bearer {opened.session.pk}", "user": f"Bearer {user.pk}",
    }  # fmt: skip
    wrong = {name: fault_of(asked(client, text)) for name, text in headers.items()}
    figures["attacks"] = len(headers)
    assert not {name: fault for name, fault in wrong.items() if fault}


def test_ended_keys_are_refused(client: Client, user: User) -> None:
    for change in ({"revoked_at": Now()}, {"expires_at": Now()}, {"key_hash": "0" * 64}):
        created = api_key_create(user=user, name="Dome", scopes=["read"])
        ApiKey.objects.filter(pk=created.key.pk).update(**change)
        assert not fault_of(asked(client, f"Api-Key {created.secret}"))


def test_bad_refresh_tokens_are_refused(
    client: Client, user: User, victim: Victim, figures: dict[str, Any]
) -> None:
    used, reused = session_open(user=user).refresh_token, session_open(user=user)
    session_refresh(refresh_token=used)
    session_refresh(refresh_token=reused.refresh_token)
    minute = timedelta(minutes=1)
    RefreshToken.objects.filter(used_at__isnull=False).update(used_at=F("used_at") - minute)
    ended, expired = session_open(user=user), session_open(user=user)
    session_revoke(session_id=ended.session.pk, user=user, reason="logout")
    RefreshToken.objects.filter(session=expired.session).update(expires_at=Now())
    old = session_open(user=user)
    Session.objects.filter(pk=old.session.pk).update(expires_at=Now())
    gone = User.objects.create_user("gone")
    deleted = session_open(user=gone)
    gone.delete()
    tokens = {
        "access token": victim.token, "used": used, "used by another": reused.refresh_token,
        "of an ended session": ended.refresh_token, "expired": expired.refresh_token,
        "of an expired session": old.refresh_token, "of nobody": deleted.refresh_token,
        "invented": "x" * 43, "cut": expired.refresh_token[:-1], "a dot": ".", "latin": "é" * 43,
        "hash": RefreshToken.objects.latest("pk").token_hash, "SQL": "' OR 1=1 --",
    }  # fmt: skip
    wrong = {}
    for name, token in tokens.items():
        answer = client.post(REFRESH, {"refresh": token}, "application/json")
        wrong[name] = fault_of(answer)
    figures["attacks"] = len(tokens)
    assert not {name: fault for name, fault in wrong.items() if fault}
    assert Session.objects.filter(revoked_reason="refresh_reuse").count() == 2


@pytest.mark.parametrize("end", ["logout", "logout-all", "password", "deactivation", "deletion"])
def test_an_end_counts_from_the_next_request_on(client: Client, user: User, end: str) -> None:
    opened = session_open(user=user)
    assert asked(client, f"Bearer {opened.access_token}").status_code == 200
    if end.startswith("logout"):
        bearer = {"Authorization": f"Bearer {opened.access_token}"}
        assert client.post(f"/api/v1/auth/{end}", headers=bearer).status_code == 204
    elif end == "password":
        sessions_revoke(user=user, reason=end)
    elif end == "deactivation":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        user.delete()
    assert not fault_of(asked(client, f"Bearer {opened.access_token}"))
    again = client.post(REFRESH, {"refresh": opened.refresh_token}, "application/json")
    assert not fault_of(again)


@pytest.mark.django_db(transaction=True)
def test_an_end_reaches_a_running_server_within_a_second(
    running_server: LiveServer, figures: dict[str, Any]
) -> None:
    user = User.objects.create_user("vera")
    opened = session_open(user=user)
    bearer = {"Authorization": f"Bearer {opened.access_token}"}
    with httpx.Client(base_url=running_server.url, headers=bearer) as http:
        assert http.get(PRIVATE).status_code == 200
        sessions_revoke(user=user, reason="password")
        start = time.monotonic()
        answer = http.get(PRIVATE)
        figures["effective_s"] = round(time.monotonic() - start, 3)
    assert not fault_of(answer)
    assert figures["effective_s"] <= EFFECTIVE_S
