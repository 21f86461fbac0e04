"""The pages of an account, as a browser without JavaScript sees them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough word for one test"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
OPEN = ("sign-in", "register", "forgotten", "letter-sent")
OWN = ("profile", "preferences", "password", "sessions", "keys", "data", "deactivate", "delete")


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("Anna", "anna@example.org", PASSWORD, display_name="Anna K.")


@pytest.fixture
def annas(client: Client, anna: User) -> Client:
    """Return a browser in which Anna is signed in."""
    client.force_login(anna)
    return client


def path(name: str, language: str = "en", *args: Any) -> str:
    return reverse(f"account:{name}", args=[language, *args])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OPEN)
def test_open_pages_stand_in_every_language(client: Client, name: str, language: str) -> None:
    answer = client.get(path(name, language))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].split(", ").count("no-store") == 1
    assert is_sound(answer.content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OWN)
def test_own_pages_stand_in_every_language(annas: Client, name: str, language: str) -> None:
    answer = annas.get(path(name, language))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Anna K." in answer.content.decode()
    assert is_sound(answer.content.decode())


def is_sound(page: str) -> bool:
    """Say whether a page has no script or style inside and every field a label."""
    fields = re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', page)
    labelled = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', page))
    wrapped = set(re.findall(r'<label class="choice"><input[^>]*\sid="([^"]+)"', page))
    assert set(fields) <= labelled | wrapped
    assert not re.search(r"<style|\sstyle=|<script|\son\w+=", page)
    assert "%(" not in page
    return True
