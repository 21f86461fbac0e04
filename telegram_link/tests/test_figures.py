"""Photos: the same figures as the API's, and the Moon of an instant."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from telegram_link.bot import eclipses, moon
from telegram_link.figures import THEME, WIDTH, figure_bytes, moon_reference
from telegram_link.tests.sky_support import AT, reader, told

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"


def _size(image: bytes) -> tuple[int, int]:
    assert image.startswith(PNG)
    width, height = struct.unpack(">II", image[16:24])
    return width, height


@pytest.mark.parametrize("reference", ["solar-eclipse-2027-08-02", "moon-full-2026-11-24"])
def test_the_figure_of_an_event_is_that_of_the_api(reference: str) -> None:
    query = {"lang": "de", "width": str(WIDTH), "theme": THEME}
    of_api = Client().get(f"/api/v1/events/{reference}/figure.png", query)
    assert of_api.status_code == 200
    assert figure_bytes(reference, "de") == of_api.content


def test_what_the_commands_name_has_a_figure_in_all_languages() -> None:
    for command in (moon.COMMAND, eclipses.COMMAND):
        message = told(command, reader())
        for language, _name in settings.LANGUAGES:
            image = figure_bytes(message.figure_of, language)
            assert image is not None
            assert _size(image)[0] == WIDTH


def test_the_moon_of_a_phase_is_drawn_as_the_figure_of_the_phase() -> None:
    """The quarter falls on 2026 December 1 at 06:09 UT (US Naval Observatory)."""
    at = datetime(2026, 12, 1, 6, 9, tzinfo=UTC)
    assert moon_reference(at) == "moon:2026-12-01T06:00Z"
    now = figure_bytes(moon_reference(at), "en")
    of_event = figure_bytes("moon-last-quarter-2026-12-01", "en")
    assert now is not None
    assert of_event is not None
    assert _size(now) == _size(of_event)
    assert b"50% of the disc is lit." in now
    assert b"50% of the disc is lit." in of_event


def test_the_moon_is_drawn_once_in_ten_minutes() -> None:
    step = timedelta(minutes=10)
    assert moon_reference(AT) == moon_reference(AT + step - timedelta(seconds=1))
    assert moon_reference(AT) != moon_reference(AT + step)
    first = figure_bytes(moon_reference(AT), "en")
    assert figure_bytes(moon_reference(AT), "en") is first
    assert figure_bytes(moon_reference(AT + timedelta(days=3)), "en") != first


@pytest.mark.parametrize(
    "reference",
    ["", "no-such-event", "sun-enters-capricorn-2026-12-21", "moon:", "moon:2026-11-23",
     "moon:2026-11-23T18:00", "moon:1200-01-01T00:00Z", "'; --", "x" * 500],
)  # fmt: skip
def test_what_has_no_figure_has_none(reference: str) -> None:
    assert figure_bytes(reference, "en") is None
