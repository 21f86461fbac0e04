"""What was taken away since a backup does not come back with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import RecoveryCode, User
from accounts.services.restoration import accounts_end_again
from accounts.services.second_factor import recovery_codes_renew
from accounts.tests.people_support import PASSWORD, person
from starscal.core import clock
from starscal.core.backup.journal import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    """Return somebody as a backup has them."""
    beliefs = {"consent": True, "interests": ["tarot"], "signs": ["leo"]}
    clerk = person("clerk", is_staff=True, is_superuser=True, spiritual_preferences=beliefs)
    clerk.groups.add(Group.objects.create(name="Stargazers"))
    TOTPDevice.objects.create(user=clerk, name="totp", confirmed=True)
    recovery_codes_renew(user=clerk)
    return clerk


def state(user: User) -> dict[str, Any]:
    user = User.objects.get(pk=user.pk)
    return {
        "rights": user.is_staff or user.is_superuser or user.groups.exists(),
        "password": user.check_password(PASSWORD),
        "device": TOTPDevice.objects.filter(user=user).exists(),
        "codes": RecoveryCode.objects.filter(user=user).exists(),
        "beliefs": user.spiritual_preferences.get("interests"),
    }


@pytest.mark.parametrize(
    ("action", "gone"),
    [
        ("user.rights", {"rights"}),
        ("user.password", {"password"}),
        ("second_factor.reset", {"device", "codes"}),
        ("second_factor.enrol", {"device", "codes"}),
        ("second_factor.codes", {"codes"}),
        ("consent.withdraw", {"beliefs"}),
        ("profile.update", set()),
    ],
)
def test_what_was_taken_away_stays_away(clerk: User, action: str, gone: set[str]) -> None:
    before = state(clerk)
    entry = JournalEntry(action, str(clerk.pk), clock.now() - timedelta(hours=1))
    for _time in range(2):
        accounts_end_again([entry])
    after = state(clerk)
    assert {name for name in before if before[name] != after[name]} == gone
    assert not any(after[name] for name in gone)
    clerk.refresh_from_db()
    assert clerk.spiritual_preferences["signs"] == ["leo"]
    assert clerk.is_active


def test_a_line_that_names_no_row_stops_no_restore(clerk: User) -> None:
    at = clock.now() - timedelta(hours=1)
    accounts_end_again(
        [JournalEntry("user.rights", "x", at), JournalEntry("user.rights", str(clerk.pk), at)]
    )
    assert not state(clerk)["rights"]
