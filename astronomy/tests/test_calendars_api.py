"""The API of calendars: what it answers, in which words, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from starscal.core.api.views import openapi_document

CALENDARS = "/api/v1/sky/calendars"
SCHEMAS = {
    "chinese": "ChineseDateList",
    "hindu": "HinduDateList",
    "armenian": "ArmenianDateList",
    "christian": "ChristianDateList",
}


def ask(calendar: str, *, status: int = 200, **query: Any) -> Any:
    client = Client(raise_request_exception=False)
    response = client.get(f"{CALENDARS}/{calendar}", query)
    assert response.status_code == status, response.content[:500]
    return response.json()


def day(calendar: str, date: str, **query: Any) -> Any:
    (found,) = ask(calendar, date=date, **query)["days"]
    return found


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(openapi_document())


@pytest.mark.parametrize("calendar", SCHEMAS)
def test_a_year_of_days_is_as_documented(document: Any, calendar: str) -> None:
    body = ask(calendar, start="2028-01-01", end="2028-12-31")
    name = SCHEMAS[calendar]
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(body)
    assert len(body["days"]) == 366
    assert body["days"][59]["date"] == "2028-02-29"


@pytest.mark.parametrize("calendar", SCHEMAS)
@pytest.mark.parametrize("edge", ["1900-01-01", "2100-12-31"])
def test_the_whole_span_is_answered(calendar: str, edge: str) -> None:
    assert day(calendar, edge)["date"] == edge


@pytest.mark.parametrize("calendar", SCHEMAS)
def test_today_needs_no_date(calendar: str) -> None:
    assert len(ask(calendar)["days"]) == 1


def test_the_chinese_new_year_of_2026() -> None:
    found = day("chinese", "2026-02-17")
    assert (found["year"], found["month"], found["day"], found["leap"]) == (2026, 1, 1, False)
    assert found["year_cycle"]["han"] == "丙午"
    assert found["han"] == "丙午年正月初一"
    assert found["animal"] == {"code": "horse", "name": "Horse"}
    assert found["festivals"] == [{"code": "chinese_new_year", "name": "Spring Festival"}]
    eve = day("chinese", "2026-02-16")
    assert [each["code"] for each in eve["festivals"]] == ["chinese_new_years_eve"]


def test_a_solar_term_has_its_names() -> None:
    term = day("chinese", "2026-03-05")["term"]
    assert (term["code"], term["name_zh"], term["name_ja"]) == ("jingzhe", "惊蛰", "啓蟄")
    assert term["utc"].startswith("2026-03-05T13:5")


def test_a_panchanga_follows_its_place_and_zone() -> None:
    asked = {"lat": "40.71", "lon": "-74.01", "tz": "America/New_York"}
    india = day("hindu", "2026-11-08")["panchanga"]
    assert [each["code"] for each in india["festivals"]] == ["diwali"]
    assert india["sunrise"].startswith("2026-11-08T06:")
    assert india["sunrise"].endswith("+05:30")
    assert day("hindu", "2026-11-08", **asked)["panchanga"]["sunrise"].endswith("-05:00")
    lahiri = day("hindu", "2026-11-08", ayanamsa="lahiri")["panchanga"]
    assert 0.01 < lahiri["ayanamsa_deg"] - india["ayanamsa_deg"] < 0.03


def test_where_the_sun_does_not_rise_there_is_no_panchanga() -> None:
    found = day("hindu", "2026-12-21", lat="69.65", lon="18.96", tz="Europe/Oslo")
    assert (found["panchanga"], found["reason"]) == (None, "no_sunrise")


def test_the_feasts_of_the_churches() -> None:
    found = day("christian", "2026-04-12")
    assert (found["julian_date"], found["western"]) == ("2026-03-30", [])
    assert [each["code"] for each in found["orthodox"]] == ["easter"]
    vardavar = day("armenian", "2026-07-12")
    assert [each["code"] for each in vardavar["feasts"]] == ["vardavar"]
    assert (vardavar["year"], vardavar["month"]["code"], vardavar["day"]) == (1475, "hrotits", 27)


@pytest.mark.parametrize(
    ("calendar", "query", "code", "says"),
    [
        ("chinese", {"date": "1899-12-31"}, "range.outside", "1900-01-01 to 2100-12-31"),
        ("hindu", {"date": "2101-01-01"}, "range.outside", "1900-01-01 to 2100-12-31"),
        ("chinese", {"date": "2026-02-30"}, "parameter.invalid", "2026-08-12"),
        ("christian", {"start": "2026-01-01", "end": "2027-01-02"}, "parameter.invalid", "366"),
        ("armenian", {"start": "2026-01-02", "end": "2026-01-01"}, "range.inverted", "before"),
        ("armenian", {"end": "2026-01-01"}, "parameter.invalid", "start"),
        ("armenian", {"date": "2026-01-01", "end": "2026-01-01"}, "parameter.invalid", "either"),
        ("hindu", {"ayanamsa": "raman"}, "parameter.invalid", "true_chitra, lahiri"),
        ("hindu", {"ayanamsa": "lahiri,true_chitra"}, "parameter.invalid", "true_chitra, lahiri"),
        ("hindu", {"lat": "91", "lon": "0"}, "parameter.invalid", "-90 to 90"),
        ("hindu", {"lat": "10"}, "parameter.invalid", "-180 to 180"),
        ("hindu", {"lat": "nan", "lon": "0"}, "parameter.invalid", "-90 to 90"),
        ("hindu", {"tz": "Mars/Base"}, "parameter.invalid", "time zone"),
        ("chinese", {"tz": "UTC"}, "parameter.unknown", "date, start, end, lang"),
    ],
)
def test_a_refusal_says_what_is_allowed(
    calendar: str, query: dict[str, str], code: str, says: str
) -> None:
    problem = ask(calendar, status=400, **query)
    assert problem["code"] == code
    assert says in problem["detail"]


def test_an_unknown_calendar_is_not_found() -> None:
    ask("mayan", status=404)
