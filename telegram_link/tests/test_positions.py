"""Positions as people write them; a place that is none says so."""

from __future__ import annotations

import pytest
from django.conf import settings

from starscal.core.i18n import language_active
from telegram_link.positions import NoSuchPlaceError, position_read, position_text

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize(
    "text",
    [
        "48.2 16.4",
        "48.2, 16.4",
        "48.2,16.4",
        "48,2 16,4",
        "48,2; 16,4",
        "48,2, 16,4",
        "48,2,16,4",
        "+48.2 +16.4",
        "N 48.2 E 16.4",
        "48.2N16.4E",
        "16.4 E, 48.2 N",
        "48.2° n, 16.4° e",
        "48°12′N 16°24′E",
        "48°12′N16°24′E",
        "48°12'00\"N, 16°24'00\"E",
        "48° 12’ 16° 24’",
        "geo:48.2,16.4",
        "४८.२ १६.४",
        "４８．２，１６．４",
        "48.2000000000000002 16.4",
    ],
)
def test_the_same_place_in_many_forms(text: str) -> None:
    assert position_read(text) == (48.2, 16.4)


def test_south_and_west_are_negative() -> None:
    assert position_read("33°52'S 70°30'W") == (-33.87, -70.5)
    assert position_read("−33.87, −70.5") == (-33.87, -70.5)
    assert position_read("-33°52' -70°30'") == (-33.87, -70.5)


def test_two_whole_numbers_with_a_comma_are_two_numbers() -> None:
    assert position_read("48,16") == (48.0, 16.0)


def test_a_position_is_kept_to_about_a_kilometre() -> None:
    assert position_read("48.20849 16.37208") == (48.21, 16.37)
    assert str(position_read("-0.001 -1e-05")) == "(0.0, 0.0)"


@pytest.mark.parametrize(
    "text",
    ["", "48", "4816", "48°16", "Vienna", "48.2 N 16.4", "48.2 N 16.4 N", "N 48.2 S 16.4",
     "1 2 3", "1e5 3", "48..2 16", "٤٨ ١٦ x", "48.2 16.4" + " " * 80, "nan nan", "0x10 3"],
)  # fmt: skip
def test_anything_else_is_no_position(text: str) -> None:
    assert position_read(text) is None


@pytest.mark.parametrize("text", ["90.1 0", "0 180.5", "999 999", "48°60'N 16°0'E", "-48N 16E"])
def test_what_the_earth_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(NoSuchPlaceError):
        position_read(text)


@pytest.mark.parametrize("edge", [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0)])
def test_the_limits_themselves_are_places(edge: tuple[float, float]) -> None:
    assert position_read("{} {}".format(*edge)) == edge


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", [(48.21, 16.37), (-33.87, -70.67), (64.15, -21.94), (-1.3, 36.8)])
def test_what_is_shown_can_be_written_back(language: str, place: tuple[float, float]) -> None:
    with language_active(language):
        assert position_read(position_text(*place)) == place
        assert position_read(position_text(*place).replace(". ", ".")) == place
