"""The figures over HTTP: documents, images, caching, refusals."""

from __future__ import annotations

import struct
import zlib
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from accounts.models import User
from events.models import Event
from events.services.curation import event_hide
from events.tests.api_support import EVENTS, ask, get
from events.tests.figure_support import LANGUAGES

pytestmark = pytest.mark.django_db
ECLIPSE = f"{EVENTS}/solar-eclipse-2026-08-12"
MOON = f"{EVENTS}/moon-full-2026-12-24"
NONE = f"{EVENTS}/june-solstice-2026"


def chunks(image: bytes) -> list[tuple[bytes, bytes]]:
    """Return the chunks of a PNG, each checked by its sum."""
    found, at = [], 8
    while at < len(image):
        (length,) = struct.unpack_from(">I", image, at)
        kind, data = image[at + 4 : at + 8], image[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", image, at + 8 + length) == (zlib.crc32(kind + data),)
        found.append((kind, data))
        at += 12 + length
    return found


def pixels(image: bytes) -> bytes:
    return zlib.decompress(b"".join(data for kind, data in chunks(image) if kind == b"IDAT"))


def size(image: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", dict(chunks(image))[b"IHDR"])
    return width, height


@pytest.mark.parametrize("address", [ECLIPSE, MOON])
def test_the_drawing_is_svg_that_caches_keep(address: str) -> None:
    answer = get(f"{address}/figure.svg")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["Content-Language"] == "en"
    assert answer["ETag"].startswith('"')
    assert "public" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert ET.fromstring(answer.content).tag.endswith("svg")  # noqa: S314 - our own document


@pytest.mark.parametrize("form", ["svg", "png"])
def test_who_has_the_figure_gets_304(form: str) -> None:
    first = get(f"{MOON}/figure.{form}")
    again = get(f"{MOON}/figure.{form}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = get(f"{MOON}/figure.{form}", headers={"If-None-Match": first["ETag"]}, lang="de")
    assert other.status_code == 200
    assert other["ETag"] != first["ETag"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_speaks_the_language_asked_for(language: str) -> None:
    answer = get(f"{ECLIPSE}/figure.svg", lang=language)
    assert answer["Content-Language"].lower() == language


@pytest.mark.parametrize(("width", "theme"), [(200, "light"), (800, "dark"), (1600, "light")])
def test_images_have_the_width_asked_for(width: int, theme: str) -> None:
    answer = get(f"{MOON}/figure.png", width=width, theme=theme)
    assert answer["Content-Type"] == "image/png"
    assert size(answer.content) == (width, width)
    assert len(set(pixels(answer.content)[:: max(width // 40, 1)])) > 20, "it is not blank"


def test_themes_differ_and_the_default_is_stated() -> None:
    light, dark, plain = (
        get(f"{MOON}/figure.png", **query).content
        for query in ({"theme": "light"}, {"theme": "dark"}, {"width": 800})
    )
    assert light != dark
    assert light == plain


def test_an_image_carries_its_text_alternative() -> None:
    told = [data for kind, data in chunks(get(f"{MOON}/figure.png").content) if kind == b"iTXt"]
    assert [data.split(b"\0")[0] for data in told] == [b"Title", b"Description"]
    assert b"\0\0\0en\0\0The disc of the Moon" in told[0]


@pytest.mark.parametrize(
    ("form", "query", "code", "says"),
    [
        ("png", {"width": "199"}, "parameter.invalid", "200"),
        ("png", {"width": "99999999999999999999"}, "parameter.invalid", "1600"),
        ("png", {"width": "wide"}, "parameter.invalid", "whole number"),
        ("png", {"theme": "sepia"}, "parameter.invalid", "light, dark"),
        ("png", {"size": "1"}, "parameter.unknown", "width"),
        ("svg", {"width": "300"}, "parameter.unknown", "lang"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    form: str, query: dict[str, Any], code: str, says: str
) -> None:
    body = ask(f"{MOON}/figure.{form}", status=400, **query)
    assert body["code"] == code
    assert says in body["detail"]


@pytest.mark.parametrize("form", ["svg", "png"])
def test_kinds_without_a_figure_say_which_have_one(form: str) -> None:
    body = ask(f"{NONE}/figure.{form}", status=404)
    assert body["code"] == "figure.none"
    assert "solar_eclipses" in body["detail"]
    assert ask(f"{EVENTS}/nothing/figure.{form}", status=404)["code"] == "event.not_found"


def test_an_event_names_its_figure() -> None:
    links = ask(MOON)["figure"]
    for form in ("svg", "png"):
        assert get(links[form]).content == get(f"{MOON}/figure.{form}").content
    assert ask(NONE)["figure"] is None


def test_a_hidden_event_has_no_figure(full_moon: Event, curator: User) -> None:
    address = f"{EVENTS}/{full_moon.slug}/figure.svg"
    assert get(address).status_code == 200
    event_hide(event_id=full_moon.pk, actor=curator)
    assert get(address).status_code == 404


def test_browsers_ask_for_images_in_their_own_way() -> None:
    accept = {"Accept": "image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8"}
    assert get(f"{MOON}/figure.svg", headers=accept).status_code == 200
    assert get(f"{MOON}/figure.png", headers={"Accept": "image/png"}).status_code == 200
    problem = get(f"{NONE}/figure.png", headers={"Accept": "image/png"})
    assert problem["Content-Type"] == "application/problem+json"


def test_the_page_shows_the_figure_with_its_words(client: Client) -> None:
    page = client.get("/de/events/solar-eclipse-2026-08-12/").content.decode()
    assert 'figure.svg?lang=de" width="480"' in page
    assert "UTC" in page.split('alt="')[1].split('"')[0]
    plain = client.get("/de/events/june-solstice-2026/").content.decode()
    assert "figure.svg" not in plain
