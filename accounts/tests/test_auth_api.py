from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import ApiKeyUsage, RefreshToken, Session, User
from accounts.selectors.api_keys import api_keys_of
from accounts.selectors.sessions import session_user
from accounts.services.api_keys import api_key_create, api_key_revoke
from accounts.services.sessions import session_open, sessions_revoke
from accounts.tickets import Ticket, ticket_key
from starscal.core import clock
from starscal.core.models import AuditEntry
from starscal.core.redis_client import quick_redis

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
SESSIONS = "/api/v1/auth/sessions"


@pytest.fixture
def user() -> User:
    return User.objects.create_user("Vera", "Vera@example.org", PASSWORD, language="de")


@pytest.fixture
def bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {session_open(user=user, device='here').access_token}"}


def post(client: Client, path: str, body: Any = None, **options: Any) -> Any:
    return client.post(f"/api/v1/{path}", body or {}, "application/json", **options)


@pytest.mark.parametrize("login", ["vera", "VERA", "vera@EXAMPLE.org"])
def test_signing_in_by_name_or_address(client: Client, user: User, login: str) -> None:
    answer = post(client, "auth/token", {"username": login, "password": PASSWORD, "device": "Desk"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    tokens = answer.json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    mine = {"Authorization": f"Bearer {tokens['access']}"}
    (session,) = client.get(SESSIONS, headers=mine).json()["results"]
    assert (session["id"], session["device"], session["current"]) == (
        tokens["session"], "Desk", True,
    )  # fmt: skip


@pytest.mark.parametrize("login", ["vera", "nobody", "nobody@example.org"])
def test_a_wrong_password_says_the_same_of_everybody(
    client: Client, user: User, login: str
) -> None:
    answer = post(client, "auth/token", {"username": login, "password": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid_credentials")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert not Session.objects.exists()


def test_a_refused_sign_in_is_audited_without_what_was_typed(client: Client, user: User) -> None:
    post(client, "auth/token", {"username": "vera", "password": "wrong-and-secret"})
    entry = AuditEntry.objects.get(action="login.failure")
    assert (entry.object_type, entry.object_id) == ("user", str(user.pk))
    assert entry.changes == {"surface": "api", "reason": "password"}
    assert "secret" not in str(entry.__dict__)


def test_signing_in_tells_the_device_its_cookie(client: Client, user: User) -> None:
    post(client, "auth/token", {"username": "vera", "password": "wrong"})
    assert "device" not in client.cookies
    post(client, "auth/token", {"username": "vera", "password": PASSWORD})
    cookie = client.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_renewing_is_counted_by_session(client: Client, user: User, settings: Settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "token-refresh": (2, 3600)}
    first, other = session_open(user=user), session_open(user=user)
    bodies = [{"refresh": first.refresh_token}] * 3 + [{"refresh": other.refresh_token}]
    answers = [post(client, "auth/refresh", body) for body in bodies]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    assert int(answers[2].headers["Retry-After"]) > 0


def test_guessing_refresh_tokens_is_counted_by_address(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "refresh-address": (2, 3600)}
    asked = {"REMOTE_ADDR": f"2001:db8:{uuid.uuid4().hex[:4]}::1"}  # buckets outlive a test
    answers = [post(client, "auth/refresh", {"refresh": f"g{n}"}, **asked) for n in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]


def test_only_who_knows_the_password_learns_of_a_deactivation(client: Client, user: User) -> None:
    User.objects.update(is_active=False)
    wrong = post(client, "auth/token", {"username": "vera", "password": "wrong"})
    right = post(client, "auth/token", {"username": "vera", "password": PASSWORD})
    assert wrong.json()["code"] == "auth.invalid_credentials"
    assert right.json()["code"] == "auth.account_deactivated"


@pytest.mark.parametrize(
    "body",
    [
        [], 7, {}, {"username": "vera"}, {"username": "", "password": "x"},
        {"username": "a\0b", "password": "x"}, {"username": "v" * 256, "password": "x"},
        {"username": "v", "password": "x" * 1025}, {"username": {}, "password": []},
        {"username": "v", "password": "x", "scope": "all"},
    ],
    ids=str,
)  # fmt: skip
def test_a_body_of_another_form_is_refused(client: Client, body: Any) -> None:
    answer = client.post("/api/v1/auth/token", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "validation.invalid")


def test_renewing_by_the_api(client: Client, user: User) -> None:
    first = session_open(user=user)
    answer = post(client, "auth/refresh", {"refresh": first.refresh_token})
    assert answer.status_code == 200
    assert answer.json()["session"] == str(first.session.pk)
    again = post(client, "auth/refresh", {"refresh": first.refresh_token})
    assert again.json()["refresh"] == answer.json()["refresh"]


def test_who_asks_comes_in_one_query(client: Client, bearer: dict[str, str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert post(client, "auth/ws-ticket", headers=bearer).status_code == 200
    assert len(queries) == 1


def test_who_asks_is_the_user_whom_django_would_load(user: User) -> None:
    User.objects.update(
        spiritual_preferences={"signs": ["leo"], "consent": True},
        latitude_deg=48.2,
        longitude_deg=16.4,
    )
    opened = session_open(user=user)
    expected = User.objects.get()
    with CaptureQueriesContext(connection) as queries:
        found = session_user(session_id=opened.session.pk, user_id=user.pk)
        assert found is not None
        loaded, ended, expires_at = found
        fields = [field.attname for field in User._meta.concrete_fields]
        assert [getattr(loaded, name) for name in fields] == [
            getattr(expected, name) for name in fields
        ]
    assert len(queries) == 1
    assert (ended, expires_at) == (False, opened.session.expires_at)
    assert session_user(session_id=opened.session.pk, user_id=uuid.uuid4()) is None


def test_signing_out_ends_this_session_at_once(
    client: Client, user: User, bearer: dict[str, str]
) -> None:
    other = {"Authorization": f"Bearer {session_open(user=user).access_token}"}
    assert post(client, "auth/logout", headers=bearer).status_code == 204
    assert client.get(SESSIONS, headers=bearer).json()["code"] == "auth.invalid_token"
    assert client.get(SESSIONS, headers=other).status_code == 200


def test_signing_out_everywhere(client: Client, user: User, bearer: dict[str, str]) -> None:
    other = {"Authorization": f"Bearer {session_open(user=user).access_token}"}
    assert post(client, "auth/logout-all", headers=bearer).status_code == 204
    assert [client.get(SESSIONS, headers=h).status_code for h in (bearer, other)] == [401, 401]


def test_ending_another_session(client: Client, user: User, bearer: dict[str, str]) -> None:
    other = session_open(user=user)
    path = f"{SESSIONS}/{other.session.pk}"
    assert client.delete(path, headers=bearer).status_code == 204
    assert client.delete(path, headers=bearer).status_code == 404
    stranger = session_open(user=User.objects.create_user("cecilia"))
    assert client.delete(f"{SESSIONS}/{stranger.session.pk}", headers=bearer).status_code == 404
    stranger.session.refresh_from_db()
    assert stranger.session.revoked_at is None


def test_a_ticket_stands_for_the_session_for_half_a_minute(
    client: Client, user: User, bearer: dict[str, str]
) -> None:
    given = post(client, "auth/ws-ticket", headers=bearer).json()
    key = ticket_key(given["ticket"])
    assert given["expires_in"] == 30
    assert 25 < quick_redis().ttl(key) <= 30
    ticket = Ticket.read(str(quick_redis().getdel(key)))
    assert ticket.user == str(user.pk)
    assert uuid.UUID(ticket.session) == Session.objects.get().pk


def test_without_a_token_a_private_address_says_how_to_sign_in(client: Client) -> None:
    answer = client.get(SESSIONS)
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.missing_header")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="StarsCalendars"'


def test_refusals_speak_the_language_of_the_account(
    client: Client, user: User, bearer: dict[str, str]
) -> None:
    sessions_revoke(user=user, reason="test")
    answer = client.get(SESSIONS, headers={**bearer, "Accept-Language": "fr"})
    assert answer.status_code == 401
    assert answer.headers["Content-Language"] == "de"
    asked = client.get(f"{SESSIONS}?lang=ru", headers=bearer)
    assert asked.headers["Content-Language"] == "ru"


def test_a_deleted_account_is_told_apart(
    client: Client, user: User, bearer: dict[str, str]
) -> None:
    user.delete()
    assert client.get(SESSIONS, headers=bearer).json()["code"] == "auth.user_not_found"
    assert not RefreshToken.objects.exists()


def test_a_deactivated_account_is_told_so(
    client: Client, user: User, bearer: dict[str, str]
) -> None:
    User.objects.update(is_active=False)
    answer = client.get(SESSIONS, headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.account_deactivated")


def test_public_answers_ask_nothing_of_anybody(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/api/v1/problems?lang=en")
    assert answer.status_code == 200
    assert not queries.captured_queries
    assert "Authorization" not in answer.headers["Vary"]  # as it is where the account decides
    assert answer.headers["Cache-Control"].startswith("public")


def test_a_bad_token_is_refused_on_public_addresses_too(client: Client) -> None:
    answer = client.get("/api/v1/problems", headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid_token")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_key_is_made_shown_once_used_and_ended(client: Client, bearer: dict[str, str]) -> None:
    made = post(client, "keys", {"name": "Dome", "scopes": ["read"]}, headers=bearer)
    assert made.status_code == 201
    key = made.json()
    asks = {"Authorization": f"Api-Key {key['secret']}"}
    assert client.get("/api/v1/problems", headers=asks).status_code == 200
    (listed,) = client.get("/api/v1/keys", headers=bearer).json()["results"]
    assert "secret" not in listed
    assert (listed["prefix"], listed["requests_today"]) == (key["prefix"], 1)
    assert client.delete(f"/api/v1/keys/{key['id']}", headers=bearer).status_code == 204
    assert client.delete(f"/api/v1/keys/{key['id']}", headers=bearer).status_code == 404
    assert client.get("/api/v1/problems", headers=asks).json()["code"] == "auth.invalid_token"


def test_a_key_opens_nothing_that_does_not_name_its_scope(client: Client, user: User) -> None:
    secret = api_key_create(user=user, name="Dome", scopes=["read", "profile:read"]).secret
    for path in (SESSIONS, "/api/v1/keys"):
        answer = client.get(path, headers={"Authorization": f"Api-Key {secret}"})
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope_missing")
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_a_key_of_the_scope_reads_the_profile_and_no_more(client: Client, user: User) -> None:
    reader = api_key_create(user=user, name="Dome", scopes=["profile:read"])
    other = api_key_create(user=user, name="Dome", scopes=["read"])
    asks = {"Authorization": f"Api-Key {reader.secret}"}
    seen = client.get("/api/v1/me", headers=asks)
    assert (seen.status_code, seen.json()["username"]) == (200, user.username)
    refused = [
        client.get("/api/v1/me", headers={"Authorization": f"Api-Key {other.secret}"}),
        client.patch("/api/v1/me", {}, "application/json", headers={**asks, "If-Match": "*"}),
        client.delete("/api/v1/me", headers=asks),
        client.get("/api/v1/auth/sessions", headers=asks),
    ]
    assert {(a.status_code, a.json()["code"]) for a in refused} == {(403, "auth.scope_missing")}
    assert client.get("/api/v1/me/export", headers=asks).status_code == 401


def test_names_of_keys_and_devices_hide_nothing(client: Client, bearer: dict[str, str]) -> None:
    turned = post(client, "keys", {"name": "\u202eemoD", "scopes": ["read"]}, headers=bearer)
    assert (turned.status_code, turned.json()["code"]) == (400, "validation.invalid")
    assert turned.json()["errors"][0]["pointer"] == "/name"
    user = User.objects.get()
    session = session_open(user=user, device="Dome\u202e\x07 of Garni").session
    session.refresh_from_db()
    assert session.device == "Dome of Garni"


def test_no_list_hides_a_key_that_still_opens(client: Client, user: User) -> None:
    first = api_key_create(user=user, name="first", scopes=["read"]).key
    for _number in range(40):
        key = api_key_create(user=user, name="later", scopes=["read"]).key
        api_key_revoke(key_id=key.pk, user=user)
    listed = list(api_keys_of(user=user, at=clock.now()))
    assert listed[0] == first
    assert len(listed) == 30


def test_an_export_costs_what_it_reads(
    client: Client, bearer: dict[str, str], settings: Any
) -> None:
    settings.RATE_LIMITS = {"*": (1000, 60), "api-user": (100, 3600)}
    asked = [client.get("/api/v1/me/export", headers=bearer).status_code for _time in range(2)]
    assert asked == [200, 429]


def test_times_are_written_as_everywhere(client: Client, bearer: dict[str, str]) -> None:
    (session,) = client.get(SESSIONS, headers=bearer).json()["results"]
    assert session["created_at"].endswith("Z")


def test_a_quota_is_exact_and_says_until_when(client: Client, user: User) -> None:
    created = api_key_create(user=user, name="Dome", scopes=["read"])
    created.key.daily_quota = 3
    created.key.save()
    asks = {"Authorization": f"Api-Key {created.secret}"}
    answers = [client.get("/api/v1/problems", headers=asks) for _number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].json()["code"] == "quota.exceeded"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 86_401
    assert ApiKeyUsage.objects.get().requests == 3


def test_what_has_not_changed_is_free(client: Client, user: User) -> None:
    secret = api_key_create(user=user, name="Dome", scopes=["read"]).secret
    asks = {"Authorization": f"Api-Key {secret}"}
    tag = client.get("/api/v1/problems", headers=asks).headers["ETag"]
    again = client.get("/api/v1/problems", headers={**asks, "If-None-Match": tag})
    assert again.status_code == 304
    assert ApiKeyUsage.objects.get().requests == 1


def test_an_account_has_a_bounded_number_of_keys(client: Client, bearer: dict[str, str]) -> None:
    wish = {"name": "Dome", "scopes": ["read"], "expires_in_days": 30}
    for _number in range(20):
        assert post(client, "keys", wish, headers=bearer).status_code == 201
    answer = post(client, "keys", wish, headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation.invalid")


@pytest.mark.parametrize(
    "wish",
    [
        {"name": "Dome", "scopes": []}, {"name": "Dome", "scopes": ["write"]}, {"scopes": ["read"]},
        {"name": "Dome", "scopes": ["read"], "expires_in_days": 0},
        {"name": "Dome", "scopes": ["read"], "expires_in_days": 10**12},
    ],
    ids=str,
)  # fmt: skip
def test_a_key_of_another_form_is_refused(
    client: Client, bearer: dict[str, str], wish: Any
) -> None:
    assert post(client, "keys", wish, headers=bearer).status_code == 400
