"""Eclipses as places see them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from astronomy.finders import find_occurrences
from astronomy.observer.circumstances import LunarCircumstances, SolarCircumstances
from astronomy.observer.lunar import lunar_circumstances
from astronomy.observer.place import Place
from astronomy.observer.sightings import Sighting
from astronomy.observer.solar import solar_circumstances
from astronomy.observer.visibility import timed_circumstances
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.verification.tables import moment

MURMANSK = Place(68.97, 33.08)

# NASA, "2024 Total Solar Eclipse: Where & When": partial begins, totality begins, totality ends,
# partial ends, in UTC, whole minutes. Places to 0.01 degree.
CITIES = {
    "dallas": (32.78, -96.80, "17:23", "18:40", "18:44", "20:02"),
    "idabel": (33.90, -94.83, "17:28", "18:45", "18:49", "20:06"),
    "little-rock": (34.75, -92.29, "17:33", "18:51", "18:54", "20:11"),
    "cleveland": (41.50, -81.69, "17:59", "19:13", "19:17", "20:29"),
    "erie": (42.13, -80.09, "18:02", "19:16", "19:20", "20:30"),
}


def _event(sky: Sky, day: str, family: str) -> Occurrence:
    middle = moment(day)
    day_before, day_after = middle - timedelta(days=1), middle + timedelta(days=2)
    return find_occurrences(sky, day_before, day_after, [family])[0]


def _solar(sky: Sky, day: str, place: Place) -> SolarCircumstances:
    event = _event(sky, day, "solar_eclipses")
    assert event.begins_utc is not None
    assert event.ends_utc is not None
    found = solar_circumstances(sky, place, event.begins_utc, event.ends_utc)
    assert timed_circumstances(sky, Sighting.of(event), place) == found
    return found


def _lunar(sky: Sky, day: str, place: Place) -> LunarCircumstances:
    event = _event(sky, day, "lunar_eclipses")
    labels = event.details["contacts_utc"]
    contacts = {name: datetime.fromisoformat(label) for name, label in labels.items()}
    found = lunar_circumstances(sky, place, event.utc, contacts)
    assert timed_circumstances(sky, Sighting.of(event), place) == found
    return found


@pytest.mark.parametrize("city", CITIES)
def test_contacts_are_those_that_nasa_published(sky: Sky, city: str) -> None:
    lat, lon, *minutes = CITIES[city]
    here = _solar(sky, "2024-04-08", Place(lat, lon))
    contacts = {contact["name"]: contact for contact in here["contacts"]}
    assert list(contacts) == ["c1", "c2", "maximum", "c3", "c4"]
    for name, minute in zip(("c1", "c2", "c3", "c4"), minutes, strict=True):
        published = moment(f"2024-04-08T{minute}")
        computed = datetime.fromisoformat(contacts[name]["utc"])
        assert -30.0 <= (computed - published).total_seconds() <= 75.0, name
        assert contacts[name]["visible"]
    assert here["type"] == "total"
    assert here["obscuration"] == 1.0


def test_greatest_eclipse_is_greatest_at_its_place(sky: Sky) -> None:
    """The maximum there has the magnitude and the duration that the whole Earth's eclipse names."""
    for day in ("2024-04-08", "2023-10-14", "2026-02-17", "2026-08-12"):
        event = _event(sky, day, "solar_eclipses")
        place = Place(event.details["greatest_lat_deg"], event.details["greatest_lon_deg"])
        here = _solar(sky, day, place)
        (maximum,) = [c for c in here["contacts"] if c["name"] == "maximum"]
        assert abs(datetime.fromisoformat(maximum["utc"]) - event.utc) < timedelta(seconds=3)
        assert here["magnitude"] == pytest.approx(event.details["magnitude"], abs=5e-4)
        assert here["obscuration"] == pytest.approx(event.details["obscuration"], abs=1e-3)
        assert here["central_duration_s"] == pytest.approx(
            event.details["central_duration_s"], abs=0.6
        )
        assert maximum["altitude_deg"] == pytest.approx(event.details["sun_altitude_deg"], abs=0.1)


def test_murmansk_sees_the_eclipse_of_2037_between_two_contacts_below_its_horizon(
    sky: Sky,
) -> None:
    here = _solar(sky, "2037-01-16", MURMANSK)
    assert here["visible"]
    assert [contact["visible"] for contact in here["contacts"]] == [False, True, False]
    ((begins, ends),) = here["visible_spans_utc"]
    assert begins > here["contacts"][0]["utc"]
    assert ends < here["contacts"][-1]["utc"]


def test_behind_a_hill_murmansk_sees_nothing_of_it(sky: Sky) -> None:
    here = _solar(sky, "2037-01-16", Place(68.97, 33.08, 0.0, 2.0))
    assert (here["visible"], here["reason"]) == (False, "below_horizon")
    assert here["best_visible"] is None


def test_what_is_best_at_sunset_is_told_where_the_maximum_is_below_the_horizon(sky: Sky) -> None:
    """In Palma the Sun sets a few minutes after totality; farther east it sets before."""
    here = _solar(sky, "2026-08-12", Place(41.9, 12.5))
    maximum = next(c for c in here["contacts"] if c["name"] == "maximum")
    assert not maximum["visible"]
    best = here["best_visible"]
    assert best is not None
    assert best["utc"] == here["visible_spans_utc"][0][1]
    assert 0.0 < best["magnitude"] < (here["magnitude"] or 0.0)


def test_outside_the_penumbra_there_is_nothing_to_see(sky: Sky) -> None:
    here = _solar(sky, "2026-08-12", Place(-33.87, 151.21))
    assert (here["visible"], here["reason"], here["type"]) == (False, "outside_shadow", None)
    assert here["contacts"] == []


def test_a_lunar_eclipse_that_sets_is_seen_in_part(sky: Sky) -> None:
    here = _lunar(sky, "2026-03-03", Place(40.71, -74.01))
    assert (here["type"], here["best_visible_phase"]) == ("total", "total")
    seen = {contact["name"]: contact["visible"] for contact in here["contacts"]}
    assert seen["u2"]
    assert not seen["u3"]


def test_a_lunar_eclipse_under_the_horizon_says_so(sky: Sky) -> None:
    here = _lunar(sky, "2026-08-28", Place(35.68, 139.69))
    assert (here["visible"], here["reason"]) == (False, "below_horizon")
    assert here["best_visible_phase"] is None
    assert here["visible_spans_utc"] == []


def test_the_moon_stands_in_the_zenith_where_the_eclipse_says(sky: Sky) -> None:
    event = _event(sky, "2025-09-07", "lunar_eclipses")
    place = Place(event.details["moon_zenith_lat_deg"], event.details["moon_zenith_lon_deg"])
    here = _lunar(sky, "2025-09-07", place)
    greatest = next(c for c in here["contacts"] if c["name"] == "greatest")
    assert greatest["altitude_deg"] > 89.7  # geocentric latitude against geodetic
