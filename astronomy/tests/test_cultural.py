"""Chinese years against the Hong Kong Observatory; tithis and feasts against published days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from astronomy.finders.cultural import find_cultural
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

Families = dict[str, list[Occurrence]]


@pytest.fixture(scope="module")
def three_years(sky: Sky) -> list[Occurrence]:
    start, end = datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    return find_cultural(sky, start, end)


def _dates(found: list[Occurrence], kind: str) -> list[date]:
    return [date.fromisoformat(each.details["civil_date"]) for each in found if each.kind == kind]


def test_a_chinese_day_begins_at_its_midnight(three_years: list[Occurrence]) -> None:
    for found in three_years:
        if found.key.startswith("cultural-chinese-"):
            local = found.utc + timedelta(hours=8)
            assert local.isoformat()[:19] == f"{found.details['civil_date']}T00:00:00"


def test_the_civil_day_is_that_of_beijing_before_1929(sky: Sky) -> None:
    start, end = datetime(1914, 11, 1, tzinfo=UTC), datetime(1914, 12, 1, tzinfo=UTC)
    (month,) = [each for each in find_cultural(sky, start, end) if each.kind == "chinese_month"]
    local = month.utc + timedelta(hours=7, minutes=45, seconds=40)
    assert abs((local - local.replace(hour=0, minute=0, second=0)).total_seconds()) < 0.01


def test_a_purnima_ends_at_full_moon_and_an_amavasya_at_new_moon(by_family: Families) -> None:
    ends = {
        (found.kind, found.details["lunation_number"]): found.ends_utc
        for found in by_family["cultural"]
        if found.kind in ("purnima", "amavasya")
    }
    for phase in by_family["moon_phases"][4:400]:
        number = phase.details["lunation_number"]
        end = None
        if phase.kind == "full_moon":
            end = ends.get(("purnima", number))
        if phase.kind == "new_moon":
            end = ends.get(("amavasya", number - 1))
        if end is not None:
            assert abs((end - phase.utc).total_seconds()) < 0.01


def test_a_tithi_lasts_19_to_27_hours_and_names_its_nakshatra(
    three_years: list[Occurrence],
) -> None:
    tithis = [found for found in three_years if "nakshatra" in found.details]
    assert len(tithis) > 140
    for found in tithis:
        assert found.ends_utc is not None
        hours = (found.ends_utc - found.utc).total_seconds() / 3600.0
        assert 19.0 <= hours <= 27.0
        assert 1 <= found.details["nakshatra"] <= 27
        assert found.details["ayanamsa_deg"] == pytest.approx(24.18, abs=0.05)


def test_the_ayanamsa_keeps_to_the_published_lahiri_value(three_years: list[Occurrence]) -> None:
    # Indian Astronomical Ephemeris: Lahiri, mean 24 11' at the beginning of 2024; Spica within 1'.
    early = next(each for each in three_years if each.kind == "purnima" and each.utc.year == 2024)
    assert early.details["ayanamsa_deg"] == pytest.approx(24.18, abs=0.02)


def test_a_window_may_be_cut_anywhere(sky: Sky) -> None:
    start, end = datetime(2025, 12, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)
    whole = [found.key for found in find_cultural(sky, start, end)]
    cuts = [start + timedelta(days=0.37 + 11.3 * at) for at in range(40)]
    parts = [
        found.key
        for one, other in pairwise([start, *cuts, end])
        for found in find_cultural(sky, one, other)
    ]
    assert parts == whole


def test_days_begin_in_the_zone_of_their_calendar(three_years: list[Occurrence]) -> None:
    days = [found for found in three_years if "zone_offset_s" in found.details]
    for found in days:
        zone = timedelta(seconds=found.details["zone_offset_s"])
        assert (found.utc + zone).date().isoformat() == found.details["civil_date"]
    assert {found.kind for found in days} >= {"hindu_festival", "armenian_feast", "western_feast"}


def test_festivals_of_solar_terms_are_the_published_ones(three_years: list[Occurrence]) -> None:
    # General Office of the State Council, holidays of 2023 to 2025; Hong Kong Observatory.
    assert _dates(three_years, "qingming_festival") == [
        date(2023, 4, 5), date(2024, 4, 4), date(2025, 4, 4),
    ]  # fmt: skip
    assert _dates(three_years, "winter_solstice_festival") == [
        date(2023, 12, 22), date(2024, 12, 21), date(2025, 12, 21),
    ]  # fmt: skip
    assert _dates(three_years, "chinese_new_years_eve") == [
        date(2023, 1, 21), date(2024, 2, 9), date(2025, 1, 28),
    ]  # fmt: skip
