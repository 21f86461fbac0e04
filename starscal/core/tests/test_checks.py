from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.db import connection

from starscal.core.checks import trigrams_in_every_script

pytestmark = pytest.mark.django_db


def test_every_check_holds_on_the_real_database() -> None:
    assert [found for found in run_checks(databases=["default"]) if found.is_serious()] == []


def test_search_finds_letters_of_every_script() -> None:
    assert trigrams_in_every_script(databases=["default"]) == []


def test_a_locale_without_letters_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA blind")
        cursor.execute(
            "CREATE FUNCTION blind.show_trgm(text) RETURNS text[] LANGUAGE sql"
            " AS $$ SELECT ARRAY[]::text[] $$"
        )
        cursor.execute("SET LOCAL search_path = blind, public")
    (found,) = trigrams_in_every_script(databases=["default"])
    assert found.id == "core.E001"
    assert found.hint is not None
    assert "C.UTF-8" in found.hint


def test_without_a_database_there_is_nothing_to_check() -> None:
    assert trigrams_in_every_script(databases=None) == []
