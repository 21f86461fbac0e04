"""Equinoxes and solstices by the seasons of a place: neutral where no place is known."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from events.local_names import local_name
from events.tests.api_support import EVENTS, ask
from starscal.core.i18n import language_active

LANGUAGES = [code for code, _name in settings.LANGUAGES]
KINDS = ("march_equinox", "june_solstice", "september_equinox", "december_solstice")
BERLIN, LIMA_LIKE, QUITO, SYDNEY = 52.5, -12.0, -0.2, -33.9
PAGE = "/en/events/march-equinox-2026/"
LOCAL = '<p class="local-name">'


@pytest.mark.parametrize(
    ("kind", "north", "south"),
    [
        ("march_equinox", "Spring equinox", "Autumn equinox"),
        ("june_solstice", "Summer solstice", "Winter solstice"),
        ("september_equinox", "Autumn equinox", "Spring equinox"),
        ("december_solstice", "Winter solstice", "Summer solstice"),
    ],
)
def test_the_hemisphere_decides_the_season(kind: str, north: str, south: str) -> None:
    with language_active("en"):
        assert (local_name(kind, BERLIN), local_name(kind, SYDNEY)) == (north, south)
        assert local_name(kind, LIMA_LIKE) == south


@pytest.mark.parametrize("latitude", [QUITO, 0.0, 9.99, -9.99])
def test_near_the_equator_the_neutral_name_stands(latitude: float) -> None:
    assert {local_name(kind, latitude) for kind in KINDS} == {None}


def test_other_kinds_have_no_season() -> None:
    assert local_name("full_moon", BERLIN) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_hemisphere_has_its_own_names_in_every_language(language: str) -> None:
    with language_active(language):
        north, south = ([local_name(kind, at) for kind in KINDS] for at in (BERLIN, SYDNEY))
    assert len(set(north)) == len(set(south)) == 4
    assert all(a != b for a, b in zip(north, south, strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("latitude", "name"), [(BERLIN, "Spring equinox"), (SYDNEY, "Autumn equinox"), (QUITO, None)]
)
def test_circumstances_name_the_season_of_the_place(latitude: float, name: str | None) -> None:
    body = ask(f"{EVENTS}/march-equinox-2026/circumstances", lat=latitude, lon=0.0)
    assert body["local_name"] == name
    assert ask(f"{EVENTS}/moon-full-2026-12-24/circumstances", lat=1, lon=1)["local_name"] is None


@pytest.mark.django_db
def test_a_page_names_the_season_of_the_place_in_its_address(client: Client) -> None:
    assert LOCAL not in client.get(PAGE).content.decode()
    html = client.get(f"{PAGE}?visible_from=-33.9,151.2&utm_source=letter&a=1&a=2").content.decode()
    assert "March equinox" in html
    assert f"{LOCAL}At this place: Autumn equinox</p>" in html
    assert LOCAL not in client.get(f"{PAGE}?visible_from=1,1").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["", "north", "91,0", "1", "1,2,3,4", "nan,0", "1e3,0"])
def test_what_is_no_place_is_refused_with_what_is_allowed(client: Client, place: str) -> None:
    answer = client.get(PAGE, {"visible_from": place})
    assert answer.status_code == 400
    assert "52.52,13.405" in answer.content.decode()


@pytest.mark.django_db
def test_a_page_names_the_season_of_ones_own_place(client: Client, curator: User) -> None:
    User.objects.filter(pk=curator.pk).update(latitude_deg=SYDNEY, longitude_deg=151.2)
    client.force_login(curator)
    answer = client.get(PAGE)
    assert f"{LOCAL}At this place: Autumn equinox</p>" in answer.content.decode()
    assert "Cookie" in answer["Vary"]
    asked = client.get(f"{PAGE}?visible_from=52.5,13.4").content.decode()
    assert f"{LOCAL}At this place: Spring equinox</p>" in asked, "the address goes first"


@pytest.mark.django_db
def test_a_page_shows_the_calendars_that_a_person_chose(client: Client, curator: User) -> None:
    assert 'class="beside"' not in client.get(PAGE).content.decode()
    assert "丙午年" in client.get("/zh-hans/events/march-equinox-2026/").content.decode()
    chosen = {"calendars": ["christian"], "consent": True}
    User.objects.filter(pk=curator.pk).update(spiritual_preferences=chosen)
    client.force_login(curator)
    assert "<dd>March 7</dd>" in client.get(PAGE).content.decode()
    assert "丙午年" not in client.get("/zh-hans/events/march-equinox-2026/").content.decode()
