"""No field of any model is left out of the data map, and the documentation shows it."""

from __future__ import annotations

from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from accounts.data_map import DATA_MAP, Sort, field_sort, map_text, model_fields

PAGE = settings.BASE_DIR / "docs" / "privacy.md"


def test_every_field_of_every_model_is_listed_once_and_no_other() -> None:
    listed = [(label, name) for label, table in DATA_MAP.items() for name, _sort in table.sorts()]
    # A translated field stands for itself and its columns.
    assert [pair for pair, times in Counter(listed).items() if times > 1] == []
    assert set(model_fields()) ^ set(listed) == set(), "List the fields in accounts/data_map.py."


@pytest.mark.django_db
def test_every_table_of_the_database_is_on_the_map() -> None:
    """Ask PostgreSQL, which knows the tables of other people's apps as well as ours."""
    listed = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower in DATA_MAP
    }
    # What Django has applied, and how often events changed, say nothing of anybody.
    others = {"django_migrations", "events_changes"}
    assert set(connection.introspection.table_names()) ^ listed == others


@pytest.mark.parametrize("app", ["otp_totp", "sessions", "admin", "auth", "contenttypes"])
def test_the_map_has_the_models_of_other_peoples_apps(app: str) -> None:
    models = {model._meta.label_lower for model in apps.get_app_config(app).get_models()}
    assert models
    assert models <= DATA_MAP.keys()


def test_every_table_says_how_long_it_is_kept() -> None:
    assert all(table.kept for table in DATA_MAP.values())


@pytest.mark.parametrize("word", ["password", "token_hash", "key_hash", "session_key", "secret"])
def test_what_opens_doors_is_secret(word: str) -> None:
    for label, name in model_fields():
        if word in name:
            assert field_sort(label, name) is Sort.SECRET, (label, name)


def test_what_nobody_listed_is_treated_as_a_secret() -> None:
    assert field_sort("accounts.user", "shoe_size") is Sort.SECRET
    assert field_sort("shop.order", "id") is Sort.SECRET


def test_the_documentation_shows_the_map() -> None:
    assert map_text() in PAGE.read_text(), "Put accounts.data_map.map_text() into docs/privacy.md."
