"""What staff see in the lists of the admin: names, states, and no counting of long tables."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Session, User
from accounts.services.api_keys import api_key_create
from accounts.services.sessions import session_open, session_revoke
from starscal.core import admin_shared, clock
from starscal.core.audit import audit_record
from starscal.core.models import AuditEntry
from starscal.testing.staff import staff_sign_in

pytestmark = pytest.mark.django_db
AUDIT = "/admin/core/auditentry/"
SESSIONS = "/admin/accounts/session/"
KEYS = "/admin/accounts/apikey/"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit Version/18.1 Safari"


@pytest.fixture
def desk(client: Client) -> Client:
    staff_sign_in(client, User.objects.create_superuser("owner", password=None))
    return client


@pytest.fixture
def person() -> User:
    return User.objects.create_user("Anahit", email="anahit@mail.example")


def entry(actor: str, object_type: str, object_id: str) -> AuditEntry:
    return audit_record(
        actor=actor,
        action="user.rights",
        object_type=object_type,
        object_id=object_id,
        changes={"is_staff": [False, True]},
        reason="Helps with texts.",
    )


def test_the_trail_names_people_in_one_query(desk: Client, person: User) -> None:
    asked = []
    for rows in (1, 10):
        for _row in range(rows):
            entry(str(person.pk), "user", str(person.pk))
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(AUDIT).content.decode()
        asked.append(len(queries))
        assert f'/admin/accounts/user/{person.pk}/change/">Anahit</a>' in page
        assert "is_staff" in page
    assert asked[0] == asked[1]


def test_who_may_not_see_accounts_sees_the_beginning_of_an_id(client: Client, person: User) -> None:
    auditor = User.objects.create_user("auditor", is_staff=True)
    auditor.user_permissions.set(Permission.objects.filter(codename="view_auditentry"))
    staff_sign_in(client, auditor)
    entry(str(person.pk), "user", str(person.pk))
    page = client.get(AUDIT).content.decode()
    assert f"{str(person.pk)[:8]}…" in page
    assert "Anahit" not in page
    assert client.get(AUDIT, {"q": "Anahit"}).context["cl"].result_count == 0


@pytest.mark.parametrize("term", ["Anahit", "ANAHIT", "user.rights"])
def test_the_trail_is_found_by_name_and_action(desk: Client, person: User, term: str) -> None:
    wanted = [entry(str(person.pk), "event", str(uuid4())), entry("task", "user", str(person.pk))]
    audit_record(actor="task", action="event.create", object_type="event", object_id="x")
    found = desk.get(AUDIT, {"q": term}).context["cl"].result_list
    assert {row.pk for row in found} == {row.pk for row in wanted}


def test_the_trail_is_narrowed_by_object_and_day(desk: Client, person: User) -> None:
    for kind in ("event", "user", "event", "session"):
        entry("task", kind, str(uuid4()))
    answer = desk.get(AUDIT, {"object_type": "event"})
    assert len(answer.context["cl"].result_list) == 2
    offered = answer.context["cl"].filter_specs[1].lookup_choices
    assert {"event", "session", "user"} <= {code for code, _name in offered}
    assert (
        desk.get(AUDIT, {"created_at__gte": "2999-01-01 00:00:00+00:00"}).context["cl"].result_count
        == 0
    )


def test_an_entry_shows_everything_and_nothing_to_change(desk: Client, person: User) -> None:
    row = entry(str(person.pk), "user", str(person.pk))
    page = desk.get(f"{AUDIT}{row.pk}/change/").content.decode()
    assert all(text in page for text in ("Anahit", "Helps with texts.", "<pre>"))
    assert 'name="_save"' not in page


@pytest.mark.parametrize("query", [{}, {"object_type": "user"}], ids=["all", "some"])
def test_a_long_trail_is_not_counted(
    desk: Client, person: User, monkeypatch: pytest.MonkeyPatch, query: dict[str, str]
) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(actor="task", action="x", object_type="user", object_id="x") for _ in range(300)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_auditentry")
    monkeypatch.setattr(admin_shared, "COUNTED_UP_TO", 100)
    with CaptureQueriesContext(connection) as queries:
        told = desk.get(AUDIT, query).context["cl"].result_count
    assert 290 <= told <= 310
    counts = [q["sql"] for q in queries if "COUNT(*)" in q["sql"] and "audit" in q["sql"]]
    assert all("LIMIT 101" in sql for sql in counts)
    assert not [q["sql"] for q in queries if "DISTINCT" in q["sql"] and "audit" in q["sql"]]


def test_sessions_say_what_device_and_whether_they_let_in(desk: Client, person: User) -> None:
    used = session_open(user=person, device=IPHONE).session
    session_revoke(session_id=used.pk, user=person, reason="ended_by_user")
    past = session_open(user=person).session
    Session.objects.filter(pk=past.pk).update(expires_at=clock.now() - timedelta(days=1))
    live = session_open(user=person).session
    page = desk.get(SESSIONS).content.decode()
    assert "Safari · iPhone" in page
    assert "Mozilla" not in page
    for status, wanted in (("open", {live.pk}), ("over", {used.pk, past.pk})):
        found = desk.get(SESSIONS, {"status": status, "q": "anahit"}).context["cl"].result_list
        assert {row.pk for row in found} == wanted


def test_keys_without_an_end_are_active(desk: Client, person: User) -> None:
    lasting = api_key_create(user=person, name="lasting", scopes=["read"]).key
    over = clock.now() - timedelta(days=1)
    api_key_create(user=person, name="over", scopes=["read"], expires_at=over)
    (row,) = desk.get(KEYS, {"status": "open"}).context["cl"].result_list
    assert row.pk == lasting.pk


@pytest.mark.parametrize(
    "name", ["accounts/user", "auth/group", "core/auditentry", "events/deskjob"]
)
def test_a_list_is_shown_in_the_language_of_its_address(desk: Client, name: str) -> None:
    answer = desk.get(f"/admin/{name}/?lang=hy")
    assert answer.status_code == 200
    assert '<html lang="hy"' in answer.content.decode()
