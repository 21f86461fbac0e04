from __future__ import annotations

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password


def test_passwords_are_argon2id_at_the_price_we_chose() -> None:
    kept = make_password("a-long-enough-password")
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("a-long-enough-password", kept)
    assert not check_password("A-long-enough-password", kept)


def test_a_hash_of_the_old_price_is_renewed() -> None:
    old = make_password("x").replace("m=19456", "m=8192")
    assert identify_hasher(old).must_update(old)


@pytest.mark.parametrize("kept", ["", "!unusable", "md5$a$b"])
def test_other_hashes_open_nothing(kept: str) -> None:
    assert not check_password("x", kept)
