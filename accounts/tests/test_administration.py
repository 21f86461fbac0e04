"""What staff do to accounts is on record, without what belongs to the person."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.services.api_keys import api_key_create
from accounts.services.deletion import user_delete_request, users_purge
from accounts.services.second_factor import second_factor_offer
from accounts.services.sessions import session_open
from starscal.core import clock
from starscal.core.audit import login_failure_record, name_fingerprint
from starscal.core.models import AuditEntry
from starscal.testing.staff import staff_sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "a long walk under stars"


@pytest.fixture
def owner() -> User:
    return User.objects.create_superuser("owner", password=PASSWORD)


@pytest.fixture
def desk(client: Client, owner: User) -> Client:
    staff_sign_in(client, owner)
    return client


@pytest.fixture
def person() -> User:
    return User.objects.create_user("Anahit", email="anahit@mail.example")


def page(user: User, name: str = "change") -> str:
    return reverse(f"admin:accounts_user_{name}", args=[user.pk])


def sent(desk: Client, user: User, **values: Any) -> None:
    fields = {"username": user.username, "email": user.email or "", "language": "", "timezone": ""}
    assert desk.post(page(user), {**fields, "is_active": "on", **values}).status_code == 302


def trail() -> list[tuple[str, Any]]:
    """Return what staff did, without what follows from it for sessions."""
    entries = AuditEntry.objects.exclude(action__startswith="session").order_by("pk")
    return list(entries.values_list("action", "changes"))


def test_rights_are_on_record_with_what_they_were(desk: Client, owner: User, person: User) -> None:
    group = Group.objects.create(name="Stargazers")
    sent(desk, person, is_staff="on", groups=[str(group.pk)])
    sent(desk, person, is_active="", is_staff="on", groups=[str(group.pk)])
    assert trail() == [
        ("user.rights", {"is_staff": [False, True], "groups": [[], ["Stargazers"]]}),
        ("user.deactivate", {}),
        ("user.rights", {"is_active": [True, False]}),
    ]
    entries = AuditEntry.objects.filter(action="user.rights").values_list("actor", "object_id")
    assert set(entries) == {(str(owner.pk), str(person.pk))}


def test_other_rights_and_passwords_end_all_sessions(desk: Client, person: User) -> None:
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    new = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    for change in (lambda: sent(desk, person, is_staff="on"), lambda: desk.post(address, new)):
        session = session_open(user=User.objects.get(pk=person.pk)).session
        change()
        session.refresh_from_db()
        assert session.revoked_at is not None


def test_staff_end_sessions_and_keys_of_others(desk: Client, owner: User, person: User) -> None:
    session = session_open(user=person).session
    key = api_key_create(user=person, name="mine", scopes=["read"]).key
    for row, name, action in ((session, "session", "session.end"), (key, "apikey", "api_key.end")):
        address = reverse(f"admin:accounts_{name}_changelist")
        for _time in range(2):
            chosen = {"action": "end_chosen", "_selected_action": str(row.pk)}
            assert desk.post(address, chosen, follow=True).status_code == 200
        row.refresh_from_db()
        assert row.revoked_at is not None
        entry = AuditEntry.objects.get(action=action)
        assert (entry.actor, entry.object_id) == (str(owner.pk), str(person.pk))
        page_of = reverse(f"admin:accounts_{name}_change", args=[row.pk])
        html = desk.get(page_of).content.decode()
        assert 'name="_save"' not in html
        assert key.key_hash not in html


def test_onlookers_end_nothing(client: Client, person: User) -> None:
    onlooker = User.objects.create_user("onlooker", is_staff=True)
    onlooker.user_permissions.set(Permission.objects.filter(codename="view_session"))
    session = session_open(user=person).session
    staff_sign_in(client, onlooker)
    chosen = {"action": "end_chosen", "_selected_action": str(session.pk)}
    client.post("/admin/accounts/session/", chosen)
    session.refresh_from_db()
    assert session.revoked_at is None


def test_whom_staff_let_in_again_is_not_deleted(desk: Client, owner: User, person: User) -> None:
    user_delete_request(user=person)
    sent(desk, person)  # with a tick at "active"
    person.refresh_from_db()
    assert person.is_active
    assert users_purge(at=clock.now() + timedelta(days=30)) == 0
    entry = AuditEntry.objects.get(action="user.keep")
    assert (entry.actor, entry.object_id) == (str(owner.pk), str(person.pk))


def test_an_edit_brings_no_older_password_back(
    desk: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checked(self: User) -> None:
        """Let the owner be faster than the form that staff have just sent."""
        User.objects.filter(pk=self.pk).update(password="newer", token_version=7)

    monkeypatch.setattr(User, "clean", checked)
    sent(desk, person, display_name="Anahit of Garni")
    person.refresh_from_db()
    kept = (person.password, person.token_version, person.display_name)
    assert kept == ("newer", 7, "Anahit of Garni")


def test_whoever_changes_the_own_password_signs_in_anew(desk: Client, owner: User) -> None:
    session = session_open(user=owner).session
    new = "a longer walk under stars"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert desk.post("/admin/password_change/", fields).status_code == 302
    assert desk.get("/admin/").status_code == 302
    session.refresh_from_db()
    assert session.revoked_at is not None


@pytest.mark.parametrize("whose", ["own", "of another"])
def test_no_password_changes_without_ending_sessions(
    desk: Client, owner: User, person: User, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    def broken(**_kwargs: Any) -> None:
        raise OperationalError("the server went away")

    for module in ("accounts.admin", "accounts.admin_site"):
        monkeypatch.setattr(f"{module}.user_password_record", broken)
    new = "a longer walk under stars"
    if whose == "own":
        fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert desk.post("/admin/password_change/", fields).status_code == 503
        assert User.objects.get(pk=owner.pk).check_password(PASSWORD)
    else:
        address = reverse("admin:auth_user_password_change", args=[person.pk])
        fields = {"password1": new, "password2": new, "usable_password": "true"}
        assert desk.post(address, fields).status_code == 503
        assert User.objects.get(pk=person.pk).password == person.password


def test_edits_are_on_record_by_field_alone(desk: Client, person: User) -> None:
    sent(desk, person, display_name="Anahit of Garni", email="new@mail.example")
    sent(desk, person, display_name="Anahit of Garni", email="new@mail.example")
    assert trail() == [("user.update", {"fields": ["display_name", "email"]})]


def test_what_is_deleted_leaves_its_id_alone(desk: Client, person: User) -> None:
    other = User.objects.create_user("Tigran")
    sent(desk, person, display_name="Anahit of Garni")
    desk.post(page(person, "delete"), {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": str(other.pk), "post": "yes"}
    desk.post("/admin/accounts/user/", chosen)
    assert not User.objects.filter(pk__in=[person.pk, other.pk]).exists()
    gone = AuditEntry.objects.filter(action="user.delete").values_list("object_id", flat=True)
    assert set(gone) == {str(person.pk), str(other.pk)}
    assert not LogEntry.objects.exists()
    kept = json.dumps(list(AuditEntry.objects.values()), default=str)
    for word in ("Anahit", "Tigran", "mail.example"):
        assert word not in kept


def test_a_password_given_by_staff_is_on_record(desk: Client, person: User) -> None:
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    desk.post(address, {"password1": "short", "password2": "short"})
    assert trail() == []
    new = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    assert desk.post(address, new).status_code == 302
    assert ("user.password", {}) in trail()
    assert PASSWORD not in json.dumps(trail())


def test_accounts_added_by_staff_are_on_record(desk: Client) -> None:
    desk.post("/admin/accounts/user/add/", {"username": "Nare", "usable_password": "false"})
    (action, changes) = trail()[0]
    assert action == "user.create"
    assert "Nare" not in json.dumps(changes)


def test_rights_of_groups_are_on_record(desk: Client) -> None:
    right = Permission.objects.get(codename="view_auditentry")
    desk.post("/admin/auth/group/add/", {"name": "Readers", "permissions": []})
    group = Group.objects.get(name="Readers")
    change = reverse("admin:auth_group_change", args=[group.pk])
    desk.post(change, {"name": "Readers", "permissions": [str(right.pk)]})
    desk.post(change, {"name": "Auditors", "permissions": [str(right.pk)]})
    desk.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"})
    assert trail() == [
        ("group.update", {"name": [None, "Readers"], "permissions": [None, []]}),
        ("group.update", {"permissions": [[], ["view_auditentry"]]}),
        ("group.update", {"name": ["Readers", "Auditors"]}),
        ("group.delete", {"name": ["Auditors", None], "permissions": [["view_auditentry"], None]}),
    ]


def test_only_superusers_touch_groups(client: Client) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__model="group"))
    staff_sign_in(client, clerk)
    group = Group.objects.create(name="Stargazers")
    for address in ("/admin/auth/group/", reverse("admin:auth_group_change", args=[group.pk])):
        assert client.get(address).status_code == 403


def test_signing_in_is_on_record(client: Client, owner: User) -> None:
    wrong = {"username": "Owner", "password": "Sirius, the dog"}
    client.post("/admin/login/", wrong)
    client.post("/admin/login/", {"username": " OWNER", "password": PASSWORD})
    failure, login = AuditEntry.objects.filter(action__startswith="login").order_by("pk")
    assert (failure.actor, failure.action) == ("anonymous", "login.failure")
    assert (failure.object_type, failure.object_id) == ("user", str(owner.pk))
    assert failure.changes == {"surface": "admin", "reason": "password"}
    assert (login.actor, login.action) == (str(owner.pk), "login")
    assert login.changes == {"surface": "admin", "method": "password"}
    kept = json.dumps(list(AuditEntry.objects.values()), default=str)
    assert "sirius" not in kept.lower()
    assert "owner" not in kept.lower()


def test_failures_elsewhere_are_on_record_without_the_name(client: Client, db: None) -> None:
    client.post("/en/account/sign-in/", {"login": "Vega", "password": "blue star"})
    client.post("/admin/login/", {"username": "ｖｅｇａ", "password": "blue star"})
    body = {"username": "Vega", "password": "blue star"}
    client.post("/api/v1/auth/token", body, content_type="application/json")
    failures = AuditEntry.objects.filter(action="login.failure").order_by("pk")
    assert [entry.changes["surface"] for entry in failures] == ["web", "admin", "api"]
    assert {entry.object_id for entry in failures} == {name_fingerprint("vega")}
    assert "vega" not in json.dumps(list(AuditEntry.objects.values()), default=str).lower()


@pytest.mark.parametrize("name", ["", "\ud800", "x" * 10_000, "a\x00b"])
def test_any_name_can_be_tried(name: str) -> None:
    assert len(login_failure_record(name=name, surface="api", reason="x").object_id) == 32


def test_readers_who_try_the_admin_are_on_record(client: Client, person: User) -> None:
    person.set_password(PASSWORD)
    person.save()
    client.post("/admin/login/", {"username": "Anahit", "password": PASSWORD})
    failure = AuditEntry.objects.get(action="login.failure")
    assert (failure.object_id, failure.changes["reason"]) == (str(person.pk), "not_staff")
    assert failure.changes["surface"] == "admin"
    assert not AuditEntry.objects.filter(action="login").exists()


def test_the_second_factor_is_taken_away_by_superusers(client: Client, desk: Client) -> None:
    colleague = User.objects.create_user("colleague", is_staff=True)
    second_factor_offer(user=colleague)
    chosen = {"action": "second_factor_take", "_selected_action": str(colleague.pk)}
    assert desk.post("/admin/accounts/user/", chosen, follow=True).status_code == 200
    assert not TOTPDevice.objects.filter(user=colleague).exists()
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    staff_sign_in(client, clerk)
    second_factor_offer(user=colleague)
    client.post("/admin/accounts/user/", chosen, follow=True)
    assert TOTPDevice.objects.filter(user=colleague).exists()


def test_the_command_line_lets_a_locked_out_administrator_in(owner: User) -> None:
    second_factor_offer(user=owner)
    call_command("second_factor_reset", "OWNER")
    assert not TOTPDevice.objects.exists()
    assert AuditEntry.objects.get().actor == "command"
    with pytest.raises(CommandError, match="no account"):
        call_command("second_factor_reset", "nobody")


def test_the_groups_of_staff_are_made_once() -> None:
    migration = import_module("accounts.migrations.0006_staff_groups")
    kept, _new = Group.objects.get_or_create(name="Translator-hy")
    for _time in range(2):
        migration.groups_create(apps, connection.schema_editor())
    names = set(Group.objects.values_list("name", flat=True))
    languages = {f"Translator-{code}" for code, _name in settings.LANGUAGES}
    assert {"Curator", "Publisher", "Auditor"} | languages <= names
    assert Group.objects.filter(name__startswith="Translator-").count() == 10
    assert Group.objects.get(name="Translator-hy") == kept
