"""T19: the export is complete, deletion leaves nothing, no log has anything personal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client

from accounts.data_map import DATA_MAP, Sort
from accounts.links import Purpose, user_token
from accounts.models import ApiKey, ApiKeyUsage, EmailChange, Mail, Registration, User
from accounts.services.deletion import user_delete_request, users_purge
from accounts.services.export import user_export
from accounts.services.profile import profile_update
from accounts.services.second_factor import recovery_codes_renew
from accounts.services.sessions import session_open
from accounts.tests.people_support import API, call, letters, person, token_in
from starscal.core import clock
from starscal.core.logging import configure
from starscal.core.models import OutboxMessage, Stream

pytestmark = [pytest.mark.django_db, pytest.mark.drill("T19")]
CANARY = "zilpzalp"  # in no dictionary, so that one line that has it is a leak
SECRET_WORD = f"{CANARY}-and-29.5-days"


def canary(field: str) -> str:
    return f"{CANARY}-{field}"


@pytest.fixture
def full() -> User:
    """Return a user with a row in every model that can belong to one."""
    user = person(
        canary("name"),
        email=f"{CANARY}@example.org",
        password=SECRET_WORD,
        email_verified_at=datetime(2026, 1, 1, tzinfo=UTC),
        last_login=datetime(2026, 1, 2, tzinfo=UTC),
        telegram_user_id=987_654_321_012,
        is_telegram_subscribed=True,
    )
    profile_update(
        user=user,
        body={
            "display_name": canary("display"),
            "language": "hy",
            "timezone": "Asia/Yerevan",
            "place": {"latitude_deg": 40.1817, "longitude_deg": 44.5099, "elevation_m": 989.4},
            "spiritual_preferences": {"interests": [canary("belief")], "consent": True},
        },
    )
    user.groups.add(Group.objects.create(name="Readers"))
    user.user_permissions.add(Permission.objects.earliest("pk"))
    session_open(user=user, device=canary("device"))
    key = ApiKey.objects.create(
        user=user, name=canary("key"), prefix="sk_12345678", key_hash="f" * 64, scopes=["events"]
    )
    ApiKeyUsage.objects.create(key=key, day=clock.now().date(), requests=3)
    recovery_codes_renew(user=user)
    Mail.objects.create(kind=Mail.Kind.RESET, user=user, address=f"{CANARY}@old.example")
    EmailChange.objects.create(
        user=user, email=f"{CANARY}@new.example", expires_at=clock.now() + timedelta(hours=24)
    )
    waiting = Registration.objects.create(
        username=canary("again"), username_folded=canary("again"), email=user.email or "",
        password="x", language="hy", expires_at=clock.now() + timedelta(hours=24),
    )  # fmt: skip
    Mail.objects.create(kind=Mail.Kind.VERIFY, registration=waiting)
    about = ContentType.objects.get_for_model(User)
    clerk = person("clerk", is_staff=True)
    for actor, repr_ in ((user, "an event"), (clerk, str(user))):
        LogEntry.objects.create(
            user=actor, content_type=about, object_id=str(user.pk), object_repr=repr_,
            action_flag=CHANGE, change_message="",
        )  # fmt: skip
    browser = SessionStore()
    browser["_auth_user_id"] = str(user.pk)
    browser.save()
    return user


def everything() -> Iterator[tuple[str, str]]:
    """Yield every row of every table as PostgreSQL writes it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT t::text FROM {name} t")  # noqa: S608 - names of our tables
            yield from ((table, row) for (row,) in cursor.fetchall())


def tables_with(word: str) -> set[str]:
    return {table for table, row in everything() if word in row}


def test_the_export_has_every_row_of_every_model_that_is_personal(full: User) -> None:
    answer = call("get", "/me/export", user=full)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    tables = answer.json()["tables"]
    wanted = {label for label in DATA_MAP if label.startswith("accounts.")}
    wanted |= {"core.stream", "core.outboxmessage", "core.auditentry", "admin.logentry"}
    assert set(tables) >= wanted
    for label in wanted:
        assert tables[label]["rows"], label
    (own,) = tables["accounts.user"]["rows"]
    assert own["email"] == f"{CANARY}@example.org"
    assert own["spiritual_preferences"]["interests"] == [canary("belief")]
    assert [row["name"] for row in tables["accounts.apikey"]["rows"]] == [canary("key")]


def test_the_export_names_secrets_and_gives_none(full: User) -> None:
    text = json.dumps(user_export(user=full), default=str)
    assert "argon2" not in text
    assert "f" * 64 not in text
    tables = json.loads(text)["tables"]
    assert set(tables["accounts.user"]["withheld"]) == {"password", "token_version"}
    for label, table in tables.items():
        secret = {name for name, sort in DATA_MAP[label].sorts() if sort is Sort.SECRET}
        assert set(table["withheld"]) == secret, label


def test_the_export_has_nothing_of_others(full: User) -> None:
    other = person("someone-else", display_name="not yours")
    profile_update(user=other, body={"display_name": "still not yours"})
    clerk = User.objects.get(username="clerk")
    text = json.dumps(user_export(user=full)["tables"], default=str)
    for foreign in (str(other.pk), "not yours", "someone-else"):
        assert foreign not in text
    (about,) = [
        row
        for row in user_export(user=full)["tables"]["admin.logentry"]["rows"]
        if row["object_repr"] == str(full)
    ]
    assert about["user"] in {clerk.pk, None}


def test_a_foreign_key_to_the_user_cannot_be_forgotten(full: User) -> None:
    exported = user_export(user=full)["tables"]
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is User:
                assert model._meta.label_lower in exported


def test_deletion_leaves_nothing_but_the_trail_of_ids(full: User) -> None:
    assert tables_with(CANARY) >= {"accounts_user", "accounts_session", "accounts_apikey"}
    user_delete_request(user=full)
    assert users_purge(at=clock.now() + timedelta(days=8)) == 1
    assert tables_with(CANARY) == set()
    assert tables_with("987654321012") == set()
    assert tables_with("44.5099") == set()
    # The id stays where it says what was done; revocations leave the log after seven days.
    assert tables_with(str(full.pk)) <= {"core_auditentry", "core_outboxmessage"}
    assert not Stream.objects.filter(pk=f"me:{full.pk}").exists()
    assert set(
        OutboxMessage.objects.filter(body__uid=str(full.pk)).values_list("stream_id", flat=True)
    ) <= {"revocations"}
    assert not SessionStore().model.objects.exists()
    assert User.objects.filter(username="clerk").exists()


@pytest.fixture
def all_lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Send everything that is logged, down to DEBUG, through our own way out, and return it."""
    configure({"level": "DEBUG", "json": True})
    yield lambda: capsys.readouterr().err
    configure(settings.LOGGING)


def test_nothing_personal_is_ever_logged(all_lines: Any) -> None:
    client = Client(raise_request_exception=False)

    def send(method: str, path: str, body: Any = None, **headers: str) -> Any:
        options: dict[str, Any] = {"headers": {"User-Agent": canary("agent"), **headers}}
        if body is not None:
            options |= {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"{API}{path}", **options)

    email = f"{CANARY}@example.org"
    wish = {"username": canary("name"), "email": email, "password": SECRET_WORD}
    assert send("post", "/auth/register", wish).status_code == 202
    for broken in (wish | {"timezone": canary("zone")}, wish | {CANARY: "x"}, {"email": email}):
        assert send("post", "/auth/register", broken).status_code == 400
    assert send("post", "/auth/register", f'{{"{CANARY}":').status_code == 400
    verify = token_in(letters()[0])
    assert send("post", f"/auth/verify?token={verify}", {"token": verify}).status_code == 200
    assert send("post", "/auth/verify", {"token": verify}).status_code == 400
    user = User.objects.get()
    opened = session_open(user=user, device=canary("device"))
    signed = {"Authorization": f"Bearer {opened.access_token}", "If-Match": "*"}
    belief = {"interests": [canary("belief")], "consent": True}
    assert send("patch", "/me", {"spiritual_preferences": belief}, **signed).status_code == 200
    assert send("patch", "/me", {"display_name": f"{CANARY}\x00"}, **signed).status_code == 400
    assert send("get", f"/me?q={CANARY}", **signed).status_code in {200, 400}
    assert send("get", "/me/export", **signed).status_code == 200
    assert send("post", "/auth/password/reset", {"email": email}).status_code == 202
    reset = token_in(letters()[0])
    assert send("get", "/me", Authorization=f"Bearer {CANARY}").status_code == 401
    assert send("delete", "/me", **signed).status_code == 202
    keep = token_in(letters()[0])
    users_purge(at=clock.now() + timedelta(days=8))
    logged = all_lines()
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert sum(line["logger"] == "starscal.access" for line in lines) >= 14
    for personal in (CANARY, verify, reset, keep, opened.access_token, opened.refresh_token):
        assert personal not in logged
    assert all(line.get("request_id") for line in lines if line["logger"] == "starscal.access")


@pytest.mark.parametrize("end", ["/", ""])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_token_of_a_page_is_not_logged(all_lines: Any, purpose: Purpose, end: str) -> None:
    token = user_token(purpose, person())
    Client(raise_request_exception=False).get(f"/en/account/{purpose}/{token}{end}")
    logged = all_lines()
    assert '"path"' in logged
    assert token not in logged
