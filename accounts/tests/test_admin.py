"""Who may do what to accounts in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import Session, User
from accounts.services.profile import profile_update
from accounts.services.sessions import session_open
from starscal.core.models import AuditEntry, Stream
from starscal.testing.staff import staff_sign_in

pytestmark = pytest.mark.django_db
ADD = "/admin/accounts/user/add/"


@pytest.fixture
def owner() -> User:
    return User.objects.create_superuser("owner", password=None)


@pytest.fixture
def clerk() -> User:
    """Return a member of staff who looks after accounts but owns nothing."""
    user = User.objects.create_user("clerk", is_staff=True)
    rights = ("add_user", "change_user", "view_user", "delete_user")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


def page(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def sent(client: Client, actor: User, user: User, **values: str) -> Any:
    staff_sign_in(client, actor)
    fields = {
        "username": user.username,
        "language": "",
        "timezone": "",
        "is_active": "on",
    }
    chosen = {
        name: value for name, value in (fields | values).items() if value or name != "is_active"
    }
    return client.post(page(user), chosen)


@pytest.mark.parametrize("name", ["OWNER", "ｏｗｎｅｒ", "ﷺ" * 50], ids=["case", "width", "length"])
def test_a_name_that_looks_like_another_or_folds_too_long_is_refused(
    client: Client, owner: User, name: str
) -> None:
    staff_sign_in(client, owner)
    person = User.objects.create_user("person")
    added = client.post(ADD, {"username": name, "usable_password": "false"})
    changed = sent(client, owner, person, username=name)
    for answer in (added, changed):
        assert answer.status_code == 200
        assert answer.context["errors"]
    assert set(User.objects.values_list("username", flat=True)) == {"owner", "person"}


def test_an_account_can_be_added_and_renamed(client: Client, owner: User) -> None:
    staff_sign_in(client, owner)
    assert client.post(ADD, {"username": "Anna", "usable_password": "false"}).status_code == 302
    person = User.objects.get(username="Anna")
    assert sent(client, owner, person, username="ANNA").status_code == 302
    person.refresh_from_db()
    assert (person.username, person.username_folded) == ("ANNA", "anna")


def test_only_owners_hand_out_rights(client: Client, clerk: User, owner: User) -> None:
    person, group = User.objects.create_user("person"), Group.objects.create(name="Curators")
    rights = {"is_superuser": "on", "is_staff": "on", "groups": str(group.pk)}
    for actor in (clerk, owner):
        assert sent(client, actor, person, display_name="Anna", **rights).status_code == 302
        person.refresh_from_db()
        assert person.display_name == "Anna"
        assert person.is_superuser is person.is_staff is (actor is owner)
        assert person.groups.exists() is (actor is owner)


def test_only_owners_touch_staff(client: Client, clerk: User, owner: User) -> None:
    colleague = User.objects.create_user("colleague", is_staff=True)
    assert sent(client, clerk, colleague, display_name="Mine").status_code == 403
    staff_sign_in(client, clerk)
    assert client.get(page(owner)).status_code == 200
    assert sent(client, clerk, owner, display_name="Mine").status_code == 403
    password = reverse("admin:auth_user_password_change", args=[owner.pk])
    assert client.get(password).status_code == 403
    delete = reverse("admin:accounts_user_delete", args=[owner.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": str(owner.pk), "post": "yes"}
    client.post("/admin/accounts/user/", chosen)
    assert User.objects.filter(pk=owner.pk, display_name="").exists()


def test_whom_staff_close_out_is_signed_out_at_once(client: Client, clerk: User) -> None:
    person = User.objects.create_user("person")
    session_open(user=person)
    assert sent(client, clerk, person, is_active="").status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    assert not Session.objects.filter(user=person, revoked_at__isnull=True).exists()
    entry = AuditEntry.objects.get(action="user.deactivate")
    assert (entry.actor, entry.object_id) == (str(clerk.pk), str(person.pk))


def test_whom_staff_delete_leaves_no_stream(client: Client, owner: User) -> None:
    person = User.objects.create_user("person")
    profile_update(user=person, body={"display_name": "Anna"})
    staff_sign_in(client, owner)
    delete = reverse("admin:accounts_user_delete", args=[person.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=person.pk).exists()
    assert not Stream.objects.filter(name=f"me:{person.pk}").exists()
    assert AuditEntry.objects.get(action="user.delete").actor == str(owner.pk)
