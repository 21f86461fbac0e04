from __future__ import annotations

import pytest

from astronomy import keys
from astronomy.finders import FAMILIES as FINDERS
from events.kinds import COMPUTED, KINDS
from events.tests.api_support import EVENTS, get


def test_a_family_is_served_when_each_of_its_kinds_has_words() -> None:
    assert {"moon_phases", "seasons", "solar_eclipses", "lunar_eclipses"} <= set(COMPUTED)
    assert {kind for family in COMPUTED for kind in FINDERS[family].kinds} <= set(KINDS)


@pytest.mark.django_db
def test_a_key_of_a_kind_without_words_is_not_found() -> None:
    key = "lunar-apsides-moon-10345-perigee"
    window = keys.key_window(key)
    assert window is not None
    assert window.family not in COMPUTED
    assert get(f"{EVENTS}/{key}").status_code == 404
