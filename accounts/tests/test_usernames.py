from __future__ import annotations

import pytest
from django.db import IntegrityError

from accounts.models import User
from accounts.usernames import username_fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Ann", "aNN", id="case"),
        pytest.param("ａｎｎ", "ann", id="width"),
        pytest.param("straße", "STRASSE", id="sharp-s"),
        pytest.param("ﬁne", "fine", id="ligature"),
        pytest.param("é", "e\u0301", id="accent"),
        pytest.param("ΣΑΣ", "σας", id="final-sigma"),
    ],
)
def test_look_alikes_share_one_form(one: str, other: str) -> None:
    assert username_fold(one) == username_fold(other)


@pytest.mark.parametrize("name", ["ŐŰ", "İstanbul", "ΐ", "ﬃ", "ᾳ"])
def test_folding_twice_changes_nothing(name: str) -> None:
    assert username_fold(username_fold(name)) == username_fold(name)


@pytest.mark.django_db
def test_a_look_alike_cannot_register_and_is_found() -> None:
    user = User.objects.create_user("Ann")
    assert User.objects.get_by_natural_key("ａNN") == user
    with pytest.raises(IntegrityError):
        User.objects.create_user("ANN")
