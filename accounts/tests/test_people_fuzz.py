"""Whatever a body is, the answer is one of those that are documented, never a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.services.sessions import session_open
from accounts.tests.people_support import PASSWORD, call, person

pytestmark = pytest.mark.django_db
FIELDS = {
    "post /auth/register": ("username", "email", "password", "language", "timezone"),
    "post /auth/verify": ("token",),
    "post /auth/password/reset": ("email",),
    "post /auth/password/reset/confirm": ("token", "new_password"),
    "post /auth/password/change": ("current_password", "new_password"),
    "post /auth/deactivate": ("password",),
    "post /auth/keep": ("token",),
    "post /auth/return": ("token",),
    "patch /me": ("display_name", "language", "timezone", "place", "spiritual_preferences"),
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ODD = st.sampled_from(["\x00", "'; --", "\u202e", "{{7*7}}", "%s", "a" * 3000, "=cmd()", "👩‍🚀"])
LEAVES = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | TEXTS | ODD
KEYS = st.sampled_from(["latitude_deg", "longitude_deg", "signs", "consent", "interests"]) | TEXTS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)


@pytest.mark.slow
@pytest.mark.parametrize("operation", list(FIELDS))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_body_breaks_the_service(operation: str, data: st.DataObject) -> None:
    method, path = operation.split()
    names = st.sampled_from(FIELDS[operation]) | TEXTS
    body: Any = data.draw(st.dictionaries(names, VALUES, max_size=6) | VALUES)
    user = User.objects.filter(username="vera").first() or person()
    User.objects.update(is_active=True)
    token = session_open(user=user).access_token
    signed = {"Authorization": f"Bearer {token}", "If-Match": "*"}
    answer = call(method, path, _finite(body), None, **signed)
    assert answer.status_code in {200, 202, 400, 415}, answer.content
    if answer.status_code == 400:
        assert answer["Content-Type"] == "application/problem+json"
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def _finite(value: Any) -> Any:
    """Return what JSON can say: Django's client would write NaN, which is none."""
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return None
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    return [_finite(part) for part in value] if isinstance(value, list) else value
