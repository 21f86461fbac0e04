from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

OURS = ("events", "accounts", "core")


@pytest.fixture
def forward_again(transactional_db: None) -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def tables() -> set[str]:
    return {
        name
        for name in connection.introspection.table_names()
        if name.startswith(("events_", "accounts_", "core_"))
    }


def functions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'core\\_%'")
        return sorted(row[0] for row in cursor.fetchall())


@pytest.mark.slow
def test_every_migration_goes_back_to_nothing_and_forward_again(forward_again: None) -> None:
    before, functions_before = tables(), functions()
    assert before
    assert functions_before
    for label in ("admin", *OURS):
        call_command("migrate", label, "zero", verbosity=0)
    assert tables() == set()
    assert functions() == []
    call_command("migrate", verbosity=0)
    assert tables() == before
    assert functions() == functions_before


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes detected" in out.getvalue()
