import os

import pytest

from starscal.devservices.accounts import refuse_nameless, server_account
from starscal.devservices.errors import DevServicesError

NAMELESS = 2_000_000_011


def test_a_user_without_a_name_gets_one_clear_line() -> None:
    with pytest.raises(DevServicesError, match=f"The user {NAMELESS} has no name") as refusal:
        refuse_nameless(NAMELESS)
    assert "\n" not in str(refusal.value)


def test_postgres_changes_its_account_only_under_root() -> None:
    account = server_account()
    assert (account is not None) == (os.geteuid() == 0)
