"""The cities of time zones: found in ten languages, and by a place near to them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from telegram_link.cities import (
    OFFERED,
    cities,
    cities_like,
    cities_named,
    cities_near,
    city_in_country,
    city_name,
    zones_named,
)
from telegram_link.messages import LONGEST_DATA

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def zones(found: tuple[object, ...]) -> list[str]:
    return [city.zone for city in found]  # type: ignore[attr-defined]  # of cities


@pytest.mark.parametrize(
    "name",
    [
        "Yerevan",
        "埃里温",
        "Ereván",
        "येरेवान",
        "Eriwan",
        "Erevan",
        "エレバン",
        "Ереван",
        "Երևան",
        "EREVAN",
    ],
)
def test_a_city_is_found_in_every_language(name: str) -> None:
    assert zones(cities_named(name)) == ["Asia/Yerevan"]


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Wien", "Europe/Vienna"),
        ("new-york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Kolkata", "Asia/Kolkata"),
        ("Calcutta", "Asia/Kolkata"),
        ("कोलकाता", "Asia/Kolkata"),
        ("Kiew", "Europe/Kyiv"),
        ("東京", "Asia/Tokyo"),
    ],
)
def test_spelling_older_names_and_accents_do_not_matter(name: str, zone: str) -> None:
    assert zones(cities_named(name)) == [zone]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_city_is_called_finds_it(language: str) -> None:
    for zone in cities():
        assert zone in zones(cities_named(city_name(zone, language))), zone


def test_a_near_miss_proposes_few_cities() -> None:
    assert zones(cities_like("Viena y"))[0] == "Europe/Vienna"
    assert zones(cities_like("Ереввн")) == ["Asia/Yerevan"]
    assert "America/New_York" in zones(cities_like("new"))
    assert len(cities_like("san")) <= OFFERED


@pytest.mark.parametrize("text", ["", " ", "!?", "Qqqqqqqq", "x" * 5000, "\0"])
def test_what_is_like_no_city_proposes_none(text: str) -> None:
    assert cities_like(text) == ()
    assert cities_named(text) == ()


def test_the_nearest_cities_come_first_across_the_date_line_too() -> None:
    assert zones(cities_near(48.2, 16.4))[:2] == ["Europe/Vienna", "Europe/Bratislava"]
    assert "Pacific/Fiji" in zones(cities_near(-17.0, -179.9))
    assert len(cities_near(90.0, 0.0)) == OFFERED


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("Wien", "Europe/Vienna"),
    ],
)
def test_a_zone_is_named_by_itself_or_its_city(text: str, zone: str) -> None:
    assert zones_named(text) == (zone,)


@pytest.mark.parametrize("text", ["localtime", "Factory", "../../etc/passwd", "Europe", ""])
def test_other_names_are_no_zone(text: str) -> None:
    assert zones_named(text) == ()


def test_every_city_is_somewhere_and_its_zone_fits_a_button() -> None:
    assert len(cities()) > 400
    for city in cities().values():
        ZoneInfo(city.zone)
        assert abs(city.latitude_deg) <= 90.0
        assert abs(city.longitude_deg) <= 180.0
        assert len(f"timezone:{city.zone}".encode()) <= LONGEST_DATA


def test_a_city_stands_with_its_country_unless_that_is_called_so() -> None:
    assert city_in_country(cities()["Europe/Vienna"], "de") == "Wien (Österreich)"
    assert city_in_country(cities()["Europe/Vienna"], "ja") == "ウィーン（オーストリア）"
    assert city_in_country(cities()["Asia/Singapore"], "en") == "Singapore"
