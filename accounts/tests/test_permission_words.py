"""Permissions are told in the reader's language, ours and Django's."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from accounts.permission_words import OWN, WRITES, permission_text
from starscal.core.catalogues.pseudo import CLOSE, OPEN, pseudo_language

pytestmark = pytest.mark.django_db


def test_every_permission_passes_gettext() -> None:
    with pseudo_language():
        told = [permission_text(each) for each in Permission.objects.all()]
    assert told
    assert all(text.startswith(OPEN) and text.endswith(CLOSE) for text in told)


def test_every_permission_of_our_own_is_in_the_catalogues() -> None:
    named = Permission.objects.exclude(name__regex=r"^Can (add|change|delete|view) ")
    names = {name for name in named.values_list("name", flat=True) if not name.startswith(WRITES)}
    assert names <= set(OWN)


def test_a_deed_names_its_things() -> None:
    viewed = Permission.objects.get(codename="view_event")
    assert permission_text(viewed) == "Events: view"
