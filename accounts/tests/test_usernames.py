from __future__ import annotations

import unicodedata
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.usernames import username_clean, username_fold


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


GOOD = [
    "Ann",
    "李明",
    "ジョン",
    "さくら",
    "राम",
    "Иван",
    "Αθηνά",
    "Արամ",
    "한별",
    "j.r-r_t",
    "Ann7",
    "山田Taro",
]
BAD = [
    pytest.param("", id="empty"),
    pytest.param("a", id="short"),
    pytest.param("a" * 51, id="long"),
    pytest.param("pаypal", id="cyrillic-a"),
    pytest.param("ΑΒC", id="greek-and-latin"),
    pytest.param("Արam", id="armenian-and-latin"),
    pytest.param("an\u202en", id="bidi"),
    pytest.param("an\u200bn", id="zero-width"),
    pytest.param("an\x00n", id="nul"),
    pytest.param("an\nn", id="newline"),
    pytest.param("an n", id="space"),
    pytest.param("an\ud800n", id="surrogate"),
    pytest.param("ann@x", id="at"),
    pytest.param("<ann>", id="tag"),
    pytest.param("=cmd", id="formula"),
    pytest.param(".ann", id="leading"),
    pytest.param("ann-", id="trailing"),
    pytest.param("a..n", id="two-dots"),
    pytest.param("z\u0300\u0301\u0302\u0303a", id="heap-of-marks"),
    pytest.param("😀😀", id="emoji"),
    pytest.param("annʼs", id="modifier"),
]


@pytest.mark.parametrize("name", GOOD)
def test_a_name_of_any_alphabet_is_kept(name: str) -> None:
    assert username_clean(name) == name


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_deceives_or_breaks_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        username_clean(name)


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "ADMIN",
        "a.d.m.i.n",
        "adm1n",
        "r00t",
        "ａｄｍｉｎ",
        "Support",
        "StarsCalendars",
        "ме",
    ],
)
def test_names_of_the_service_and_their_doubles_are_reserved(name: str) -> None:
    with pytest.raises(ValidationError, match="reserved"):
        username_clean(name)


@given(st.text(max_size=60))
@example("ﷺ" * 20)
@example("ǅ\u0345")
@settings(max_examples=400, deadline=None)
def test_whatever_is_typed_is_refused_or_kept_in_one_clean_form(typed: str) -> None:
    try:
        name = username_clean(typed)
    except ValidationError:
        return
    assert username_clean(name) == name
    assert 2 <= len(name) <= 50
    assert len(username_fold(name)) <= 150
    assert username_fold(username_fold(name)) == username_fold(name)
    assert all(unicodedata.category(sign)[0] in "LMN" or sign in "._-" for sign in name)
    assert name.isprintable()


@given(
    st.text("abcxyz", min_size=2, max_size=8),
    st.text("абвгд", min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_two_alphabets_never_pass(latin: str, cyrillic: str, random: Random) -> None:
    signs = list(latin + cyrillic)
    random.shuffle(signs)
    with pytest.raises(ValidationError):
        username_clean("".join(signs))


@given(st.text(st.characters(categories=["L", "Nd"]), min_size=2, max_size=20))
def test_a_name_and_its_other_spellings_fold_to_one(typed: str) -> None:
    try:
        name = username_clean(typed)
    except ValidationError:
        return
    for other in (unicodedata.normalize("NFD", name), unicodedata.normalize("NFKD", name)):
        assert username_fold(other) == username_fold(name)
