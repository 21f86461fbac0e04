"""The sky of a place and the circumstances of events, through the API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from astronomy.api.local_operations import DEFINITION
from astronomy.local_sky import KEPT_MONTHS, MonthCache
from astronomy.observer.place import Place
from astronomy.observer.sightings import TIMED
from events.kinds import COMPUTED
from events.tests.api_support import EVENTS, ask, get
from events.tests.test_api_openapi import check
from starscal.core.api.views import openapi_document

pytestmark = pytest.mark.django_db

SKY = "/api/v1/sky"
BERLIN: dict[str, Any] = {"lat": "52.52", "lon": "13.405"}
ECLIPSE = f"{EVENTS}/solar-eclipses-sun-moon-37563-122/circumstances"


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(openapi_document())


@pytest.mark.parametrize(
    ("path", "name"),
    [("rise-set", "RiseSetList"), ("sun", "SunDayList"), ("moon", "MoonDayList")],
)
@pytest.mark.parametrize("lat", ["52.52", "69.65", "-90", "84.5"])
def test_answers_fit_their_schemas(document: Any, path: str, name: str, lat: str) -> None:
    body = ask(f"{SKY}/{path}", lat=lat, lon="13.4", start="2026-06-20", days="3", tz="Asia/Tokyo")
    assert [day["date"] for day in body["days"]] == ["2026-06-20", "2026-06-21", "2026-06-22"]
    check(document, name, body)


def test_a_day_in_berlin_as_the_almanacs_give_it() -> None:
    """Sunrise 04:43 and sunset 21:33 at the June solstice (DWD, US Naval Observatory)."""
    body = ask(f"{SKY}/sun", **BERLIN, date="2026-06-21", tz="Europe/Berlin")
    (day,) = body["days"]
    assert day["rise"].startswith("2026-06-21T04:43:")
    assert day["set"].startswith("2026-06-21T21:33:")
    assert day["rise"].endswith("+02:00")
    assert day["missing"]["astronomical_dawn"] == "always_up"
    assert body["place"]["lat_deg"] == 52.52


def test_polar_day_is_null_with_its_reason() -> None:
    body = ask(f"{SKY}/rise-set", lat="69.65", lon="18.96", date="2026-06-21", bodies="sun,venus")
    sun, venus = body["days"][0]["bodies"]
    assert (sun["rise"], sun["set"]) == (None, None)
    assert sun["missing"] == {"rise": "always_up", "set": "always_up"}
    assert sun["up_s"] == 86_400.0
    assert venus["body"] == "venus"
    assert "`always_up`" in DEFINITION


def test_the_moon_is_full_at_the_end_of_june() -> None:
    (day,) = ask(f"{SKY}/moon", **BERLIN, date="2026-06-30")["days"]
    assert day["illuminated_fraction"] > 0.99
    assert day["elongation_deg"] == pytest.approx(180.0, abs=8.0)


def test_today_is_the_default_and_is_not_kept_for_long() -> None:
    today, dated = (get(f"{SKY}/sun", **BERLIN, **day) for day in ({}, {"date": "2026-06-21"}))
    assert len(today.json()["days"]) == 1
    assert "max-age=60" in today["Cache-Control"]
    assert "max-age=3600" in dated["Cache-Control"]
    again = get(f"{SKY}/sun", **BERLIN, date="2026-06-21", headers={"If-None-Match": dated["ETag"]})
    assert again.status_code == 304


REFUSED = [
    ("lat=91&lon=0", "lat", "from -90 to 90"),
    ("lat=nan&lon=0", "lat", "from -90 to 90"),
    ("lat=1e1&lon=0", "lat", "from -90 to 90"),
    ("lat=٣&lon=0", "lat", "from -90 to 90"),
    ("lat=0", "lon", "needed: a number from -180 to 180"),
    ("lat=0&lon=-180.01", "lon", "from -180 to 180"),
    ("lat=0&lon=0&elevation=1000000", "elevation", "from -500 to 9000"),
    ("lat=0&lon=0&elevation=inf", "elevation", "from -500 to 9000"),
    ("lat=0&lon=0&horizon=46", "horizon", "from -10 to 45"),
    ("lat=0&lon=0&start=2026-01-01&days=367", "days", "from 1 to 366"),
    ("lat=0&lon=0&start=2026-01-01&days=0", "days", "from 1 to 366"),
    ("lat=0&lon=0&date=2026-02-30", "date", "2026-08-12"),
    ("lat=0&lon=0&date=2026-01-01T00:00:00Z", "date", "2026-08-12"),
    ("lat=0&lon=0&date=2026-01-01&days=3", "days", "either a date"),
    ("lat=0&lon=0&date=1899-12-31", "date", "1900-01-01 to 2101-01-01"),
    ("lat=0&lon=0&date=0001-01-01&tz=Asia/Tokyo", "date", "1900-01-01 to 2101-01-01"),
    ("lat=0&lon=0&date=9999-12-31&tz=America/Lima", "date", "1900-01-01 to 2101-01-01"),
    ("lat=0&lon=0&start=2100-12-31&days=2", "start", "1900-01-01 to 2101-01-01"),
    ("lat=0&lon=0&date=1900-01-01&tz=Asia/Tokyo", "date", "1900-01-01 to 2101-01-01"),
    ("lat=0&lon=0&tz=Mars/Olympus", "tz", "IANA"),
    ("lat=0&lon=0&bodies=vulcan", "bodies", "sun, moon, mercury"),
    ("lat=0&lon=0&colour=red", "colour", "lat, lon, elevation"),
]


@pytest.mark.parametrize(("query", "parameter", "says"), REFUSED, ids=lambda v: v[:40])
def test_bad_parameters_say_what_is_allowed(query: str, parameter: str, says: str) -> None:
    response = get(f"{SKY}/rise-set?{query}")
    problem = response.json()
    assert response.status_code == 400
    assert problem["errors"][0]["parameter"] == parameter
    assert says in problem["errors"][0]["detail"]


@pytest.mark.parametrize("date", ["1900-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_can_be_asked_for(date: str) -> None:
    (day,) = ask(f"{SKY}/sun", **BERLIN, date=date)["days"]
    assert day["rise"]
    assert day["set"]


def test_a_day_that_a_zone_left_out_is_empty_and_no_error() -> None:
    body = ask(f"{SKY}/rise-set", lat="-13.8", lon="-171.8", date="2011-12-30", tz="Pacific/Apia")
    assert all(row["rise"] is None for row in body["days"][0]["bodies"])


def test_a_plus_sign_is_a_sign() -> None:
    assert ask(f"{SKY}/sun?lat=+52.5&lon=%2B13.4&date=2026-06-21")["place"]["lon_deg"] == 13.4


def test_circumstances_fit_their_schema(document: Any) -> None:
    body = ask(ECLIPSE, lat="68.97", lon="33.08")
    check(document, "Circumstances", body)
    assert body["visible"]
    assert [contact["visible"] for contact in body["circumstances"]["contacts"]] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("family", COMPUTED)
def test_circumstances_of_every_family_fit_their_schema(document: Any, family: str) -> None:
    for row in ask(start="2032-10-01", end="2032-12-31", family=family, limit="1")["results"]:
        body = ask(f"{EVENTS}/{row['key']}/circumstances", **BERLIN)
        check(document, "Circumstances", body)
        own = "contacts" in body["circumstances"]
        assert own == (family in TIMED)
        assert body["visible"] == (body["reason"] is None) == bool(body["visible_spans_utc"])


def test_a_transit_that_the_sunset_cuts_short_says_which_contacts_are_lost(document: Any) -> None:
    """Mercury crosses the Sun on 2032-11-13 from 6:41 to 11:07 UT (Espenak, NASA)."""
    (row,) = ask(start="2032-11-13", end="2032-11-14", family="transits")["results"]
    body = ask(f"{EVENTS}/{row['key']}/circumstances", lat="35.68", lon="139.69")
    check(document, "Circumstances", body)
    seen = {contact["name"]: contact["visible"] for contact in body["circumstances"]["contacts"]}
    assert seen == {"c1": True, "c2": True, "maximum": False, "c3": False, "c4": False}


def test_circumstances_of_nothing_are_not_found() -> None:
    missing = get(f"{EVENTS}/nothing/circumstances", **BERLIN)
    assert (missing.status_code, missing.json()["code"]) == (404, "event.not_found")
    assert get(ECLIPSE, lat="91", lon="0").json()["errors"][0]["parameter"] == "lat"


def test_the_cache_of_months_is_bounded_and_answers_the_same() -> None:
    cache = MonthCache(3)
    start, end = datetime(2026, 1, 10, tzinfo=UTC), datetime(2026, 6, 10, tzinfo=UTC)
    first = cache.events(Place(52.52, 13.405), ["sun"], start, end)
    assert len(cache) == 3
    assert cache.events(Place(52.52, 13.405), ["sun"], start, end) == first
    assert KEPT_MONTHS >= 12 * 10
