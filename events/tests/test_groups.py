"""Groups of staff have the rights of the table, each given once."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import GivenRight
from events.rights import GROUP_RIGHTS, languages_of, may_edit, reviewed_by
from events.services.groups import groups_settle
from events.tests.desk_support import member

pytestmark = pytest.mark.django_db
USING = "default"


def rights_of(name: str) -> set[str]:
    rows = Permission.objects.filter(group__name=name)
    return {
        f"{app}.{code}" for app, code in rows.values_list("content_type__app_label", "codename")
    }


@pytest.fixture
def curators() -> Group:
    member("Curator")
    return Group.objects.get(name="Curator")


def test_every_group_has_the_rights_of_the_table(curators: Group) -> None:
    assert len(GROUP_RIGHTS) == 13
    for name, rights in GROUP_RIGHTS.items():
        assert rights_of(name) == set(rights), name


def test_a_second_run_gives_nothing_and_asks_little(curators: Group) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert groups_settle(using=USING) == 0
    assert len(queries) == 4  # two of them begin and end the savepoint


def test_where_there_are_no_groups_nothing_is_given() -> None:
    Group.objects.all().delete()
    assert groups_settle(using=USING) == 0
    assert not Group.objects.exists()


def test_what_a_superuser_took_stays_taken(curators: Group) -> None:
    taken = Permission.objects.get(codename="translate_hy")
    curators.permissions.remove(taken)
    Group.objects.get(name="Publisher").permissions.clear()
    Group.objects.get(name="Auditor").delete()
    assert groups_settle(using=USING) == 0
    assert "events.translate_hy" not in rights_of("Curator")
    assert rights_of("Publisher") == set()
    assert not Group.objects.filter(name="Auditor").exists()


def test_a_right_that_is_new_reaches_groups_that_work_already(curators: Group) -> None:
    curators.permissions.remove(Permission.objects.get(codename="override_event"))
    GivenRight.objects.filter(right="events.override_event").delete()
    assert groups_settle(using=USING) == 1
    assert "events.override_event" in rights_of("Curator")


def test_migrating_settles_the_groups(curators: Group) -> None:
    GivenRight.objects.all().delete()
    curators.permissions.clear()
    emit_post_migrate_signal(0, interactive=False, db=USING)
    assert rights_of("Curator") == set(GROUP_RIGHTS["Curator"])


def test_translators_write_their_own_language() -> None:
    for code, _name in settings.LANGUAGES:
        translator = member(f"Translator-{code}")
        assert languages_of(translator) == reviewed_by(translator) == (code,)
        assert may_edit(translator)
    publisher, auditor, curator = (member(name) for name in ("Publisher", "Auditor", "Curator"))
    assert (len(languages_of(publisher)), len(reviewed_by(publisher))) == (0, 10)
    assert (len(languages_of(curator)), len(reviewed_by(curator))) == (10, 10)
    assert (reviewed_by(auditor), may_edit(auditor)) == ((), False)
