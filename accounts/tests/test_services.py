from __future__ import annotations

import pytest

from accounts.models import User
from accounts.services.bootstrap import staff_bootstrap
from starscal.core.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


def test_the_first_administrator_is_created_and_noted() -> None:
    assert staff_bootstrap(username="admin", password=PASSWORD)
    user = User.objects.get()
    assert user.is_superuser
    assert user.is_staff
    assert user.check_password(PASSWORD)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("staff.bootstrap", str(user.pk))


def test_a_second_call_does_nothing() -> None:
    staff_bootstrap(username="admin", password=PASSWORD)
    assert not staff_bootstrap(username="other", password=PASSWORD)
    assert User.objects.count() == AuditEntry.objects.count() == 1


def test_a_deactivated_administrator_leaves_room_for_another() -> None:
    staff_bootstrap(username="admin", password=PASSWORD)
    User.objects.update(is_active=False)
    assert staff_bootstrap(username="Admin", password=PASSWORD)
    assert sorted(User.objects.values_list("username", flat=True)) == ["Admin-2", "admin"]


def test_a_name_taken_by_a_reader_is_not_taken_over() -> None:
    reader = User.objects.create_user("ADMIN")
    User.objects.create_user("admin-2")
    assert staff_bootstrap(username="admin", password=PASSWORD) == "admin-3"
    reader.refresh_from_db()
    assert not reader.is_superuser
    assert User.objects.get(is_superuser=True).username == "admin-3"
