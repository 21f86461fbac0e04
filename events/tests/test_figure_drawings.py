"""Drawings against the facts of their events, and as documents."""

from __future__ import annotations

import math
import re
from datetime import datetime
from functools import partial
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from django.utils.translation import override

from astronomy import provider
from events.figures.contours import outlines
from events.figures.drawings import BY_FAMILY
from events.figures.families import FAMILIES, has_figure
from events.figures.moon import SCALE, lit_path
from events.figures.parts import lit_text
from events.figures.png import png_bytes
from events.figures.selectors import Kept, figure_png
from events.figures.svg import Drawing, number, svg_text, words
from events.tests.figure_support import (
    EXAMPLES,
    LANGUAGES,
    discs,
    document,
    drawn,
    example,
    ids,
    path_area,
    references,
    texts,
)

MOST_BYTES: Final = 45_000


def lit_area(path: str) -> float:
    """Return the share of the disc within the two arcs of an outline."""
    found = re.fullmatch(r"M-(\S+) 0A\S+ \S+ 0 0 1 \S+ 0A\S+ (\S+) 0 0 ([01]) -\S+ 0Z", path)
    assert found is not None
    radius, minor, below = float(found[1]), float(found[2]), found[3] == "1"
    return 0.5 + (minor if below else -minor) / radius / 2.0


@pytest.mark.parametrize("lit", [0.0, 0.01, 0.25, 0.5, 0.75, 0.999, 1.0])
def test_the_lit_part_has_the_area_of_the_fraction(lit: float) -> None:
    assert lit_area(lit_path(200.0, lit)) == pytest.approx(lit, abs=1e-4)


@pytest.mark.parametrize(("day", "lit"), [("2026-11-17", 0.5), ("2026-11-24", 1.0)])
def test_quarters_are_half_lit_and_full_moons_wholly(day: str, lit: float) -> None:
    path = next(e for e in document(example("moon_phases", day)).iter() if e.get("class") == "lit")
    assert lit_area(path.attrib["d"]) == pytest.approx(lit, abs=0.01)


def test_the_bright_limb_of_a_waxing_moon_looks_west() -> None:
    """North is up and east left, so the west, where the Sun has set, is on the right."""
    path = next(e for e in document(example("moon_phases")).iter() if e.get("class") == "lit")
    turned = re.search(r"rotate\((\S+)\)", path.attrib["transform"])
    assert turned is not None
    assert math.sin(math.radians(float(turned[1]))) > 0.8


def test_near_moons_are_drawn_larger_by_their_distance() -> None:
    near, far = example("lunar_apsides"), example("lunar_apsides", "2026-05-31")
    widths = [discs(document(event), "dark")[0][2] for event in (near, far)]
    distances = [event.astronomical_data["distance_km"] for event in (near, far)]
    # The centres' geometric distance against the apparent one: light time, a kilometre or so.
    assert widths[0] / widths[1] == pytest.approx(distances[1] / distances[0], rel=1e-3)
    assert widths[0] == pytest.approx(math.degrees(math.asin(1738.1 / distances[0])) * SCALE, 1e-3)


def test_the_moon_lies_in_the_umbra_as_deep_as_the_magnitude_says() -> None:
    event = example("lunar_eclipses")
    root, names = document(event), [*event.astronomical_data["contacts_utc"], "max"]
    (x, y, umbra), (_, _, penumbra) = discs(root, "umbra")[0], discs(root, "penumbra")[0]
    moons = dict(zip(names, discs(root, "lit"), strict=True))
    mx, my, moon = moons["max"]
    apart = math.hypot(mx - x, my - y)
    data = event.astronomical_data
    assert (umbra + moon - apart) / (2 * moon) == pytest.approx(data["umbral_magnitude"], abs=2e-3)
    assert (penumbra + moon - apart) / (2 * moon) == pytest.approx(
        data["penumbral_magnitude"], abs=2e-3
    )


@pytest.mark.parametrize(
    ("contact", "ring", "inside"),
    [
        ("p1", "penumbra", False), ("u1", "umbra", False), ("u2", "umbra", True),
        ("u3", "umbra", True), ("u4", "umbra", False), ("p4", "penumbra", False),
    ],
)  # fmt: skip
def test_at_each_contact_the_moon_touches_the_shadow(
    contact: str, ring: str, *, inside: bool
) -> None:
    event = example("lunar_eclipses")
    root = document(event)
    moons = dict(zip(event.astronomical_data["contacts_utc"], discs(root, "lit")[:-1], strict=True))
    (x, y, radius), (mx, my, moon) = discs(root, ring)[0], moons[contact]
    touch = radius - moon if inside else radius + moon
    # The radii of the shadow are those of the greatest eclipse; they change by a few arcseconds.
    assert math.hypot(mx - x, my - y) == pytest.approx(touch, rel=5e-3)


def test_the_moon_covers_the_sun_as_the_facts_of_the_eclipse_say() -> None:
    event = example("solar_eclipses")
    root = document(event)
    sun, moon = discs(root, "sun")[0], discs(root, "before")[0]
    assert moon[2] / sun[2] == pytest.approx(event.astronomical_data["magnitude"], abs=2e-3)
    assert math.dist(sun[:2], moon[:2]) < 0.02 * sun[2]
    partial = document(example("solar_eclipses", "2029-01-14"))
    sun, moon = discs(partial, "sun")[0], discs(partial, "before")[0]
    covered = (sun[2] + moon[2] - math.dist(sun[:2], moon[:2])) / (2 * sun[2])
    magnitude = example("solar_eclipses", "2029-01-14").astronomical_data["magnitude"]
    assert covered == pytest.approx(magnitude, abs=5e-3)


def test_the_moon_touches_the_sun_where_its_way_begins_and_ends() -> None:
    root = document(example("solar_eclipses"))
    sun = discs(root, "sun")[0]
    for ghost in discs(root, "ghost"):
        assert math.dist(sun[:2], ghost[:2]) == pytest.approx(sun[2] + ghost[2], rel=0.02)


def test_bands_of_deeper_eclipse_lie_within_wider_ones() -> None:
    root = document(example("solar_eclipses"))
    bands = [e.attrib["d"] for e in root.iter() if e.get("class") == "band" and "d" in e.attrib]
    assert len(bands) == 4
    assert path_area(root, "band") > path_area(root, "path") > 0.0


@pytest.mark.parametrize(("day", "central"), [("2026-08-12", True), ("2029-01-14", False)])
def test_only_central_eclipses_have_a_path(day: str, *, central: bool) -> None:
    classes = {e.get("class") for e in document(example("solar_eclipses", day)).iter()}
    assert ({"path", "line"} <= classes) is central


def test_the_planet_touches_the_edge_of_the_sun_at_the_contacts() -> None:
    event = example("transits")
    root = document(event)
    sun, planets = discs(root, "sun")[0], discs(root, "before")
    radius = 5.0 / 969.0 * sun[2]  # Mercury: 10 arcseconds against 32.3 arcminutes
    away = [math.dist(sun[:2], planet[:2]) for planet in planets]
    greatest = away.pop(2)
    assert away == pytest.approx([sun[2] + side * radius for side in (1, -1, -1, 1)], abs=0.1)
    least = event.astronomical_data["separation_arcsec"] / 969.0 * sun[2]
    assert greatest == pytest.approx(least, rel=3e-3)


def test_neighbours_stand_as_far_apart_as_the_facts_say() -> None:
    event = example("conjunctions")
    separation = event.astronomical_data["separation_deg"]
    root = document(event)
    places = [*discs(root, "planet"), *discs(root, "dark")]
    bar = next(e.attrib["d"] for e in root.iter() if e.get("class") == "scale")
    ends = re.fullmatch(r"M(\S+) \S+v5H(\S+)v-5", bar)
    assert ends is not None
    unit = (float(ends[2]) - float(ends[1])) / 0.5
    if "0.5°" in texts(root) or "30′" in texts(root):
        assert math.dist(places[0][:2], places[1][:2]) / unit == pytest.approx(separation, rel=0.01)
    assert f"{separation:.1f}°" in drawn(event).description


@pytest.mark.parametrize("family", EXAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_tells_in_every_language_what_it_shows(family: str, language: str) -> None:
    root = document(example(family), language)
    assert root.get("role") == "img"
    assert root.get("lang") == language
    sentences = alternatives(root)
    assert len(sentences) == 2
    assert all(len(sentence) >= 8 for sentence in sentences)
    if language != "en":
        english = alternatives(document(example(family), "en"))
        assert not set(sentences).intersection(english)


def alternatives(root: ET.Element) -> list[str]:
    told = [root.find(f"*[@id='{name}']") for name in root.attrib["aria-labelledby"].split()]
    return [element.text or "" for element in told if element is not None]


@pytest.mark.parametrize("family", EXAMPLES)
def test_a_document_is_small_and_refers_to_nothing_outside(family: str) -> None:
    text = svg_text(drawn(example(family)), language="en", tag_="en")
    root = document(example(family))
    assert len(text.encode()) < MOST_BYTES
    assert "<script" not in text
    assert " on" not in re.sub(r">[^<]*<", "><", text)
    assert all(name.startswith("#figure-") for name in references(text))
    assert len(ids(root)) == len(set(ids(root)))
    assert {name[1:] for name in references(text)} <= set(ids(root))


@pytest.mark.parametrize("family", EXAMPLES)
def test_a_document_is_the_same_each_time(family: str) -> None:
    event = example(family)
    kept = drawn(event)
    with override("en"), provider.locked_sky() as sky:
        assert BY_FAMILY[family](sky, event) == kept


def test_day_and_night_have_colours_of_their_own() -> None:
    drawing = drawn(example("moon_phases"))
    both, night = (svg_text(drawing, language="en", tag_="en", theme=t) for t in (None, "dark"))
    assert "prefers-color-scheme:dark" in both
    assert "@media" not in night
    colours = set(re.findall(r"#[0-9a-f]{6}", night))
    assert colours <= set(re.findall(r"#[0-9a-f]{6}", both))


def test_the_table_of_families_and_of_drawings_agree() -> None:
    assert set(FAMILIES) == set(BY_FAMILY) == set(EXAMPLES)
    assert has_figure("computed", "moon_phases")
    assert not has_figure("staff", "moon_phases")


def test_outlines_close_around_the_positive_part() -> None:
    """Two discs of known area; the field falls evenly, so that edges are interpolated."""
    y, x = np.mgrid[0:60, 0:60].astype(float)
    field = np.maximum(10.0 - np.hypot(x - 16.3, y - 20.1), 8.0 - np.hypot(x - 42.0, y - 40.4))
    loops = outlines(field)
    assert len(loops) == 2
    area = 0.0
    for loop in loops:
        turned = zip(loop, loop[1:] + loop[:1], strict=True)
        area += abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in turned)) / 2.0
    assert area == pytest.approx(math.pi * (10.0**2 + 8.0**2), rel=0.01)


def test_outlines_of_a_saddle_close() -> None:
    field = np.full((4, 4), -1.0)
    field[1, 1] = field[2, 2] = 1.0
    assert sorted(len(loop) for loop in outlines(field)) in ([4, 4], [8])


@pytest.mark.parametrize(
    ("fraction", "language", "text"),
    [(0.0021, "en", "0.2%"), (0.5, "en", "50%"), (0.999, "de", "99,9\xa0%")],
)
def test_lit_parts_near_nothing_and_all_keep_a_decimal(
    fraction: float, language: str, text: str
) -> None:
    with override(language):
        assert lit_text(fraction) == text


def test_coordinates_are_short() -> None:
    assert [number(v) for v in (1.0, 2.5, 0.004, -0.001, 100.0)] == ["1", "2.5", "0", "0", "100"]


def test_only_the_last_values_are_kept() -> None:
    made: list[int] = []
    kept: Kept[int] = Kept(2)

    def make(key: int) -> int:
        made.append(key)
        return key

    for key in (1, 2, 1, 3, 1, 2):
        assert kept.value((key,), partial(make, key)) == key
    assert made == [1, 2, 3, 2]


def test_times_of_contacts_are_those_of_the_event() -> None:
    event = example("lunar_eclipses")
    begins = datetime.fromisoformat(event.astronomical_data["contacts_utc"]["u1"])
    rounded = round(begins.timestamp() / 60.0) * 60
    assert f"U1 {datetime.fromtimestamp(rounded, begins.tzinfo):%H:%M}" in texts(document(event))


@pytest.mark.parametrize(
    ("language", "letters"),
    [
        ("en", "NS"), ("ru", "СЮ"), ("ja", "北南"), ("zh-hans", "东西"),
        ("fr", "éè"), ("de", "öä"), ("es", "ñó"), ("pt-br", "ãç"), ("hi", "उद"), ("hy", "Հա"),
    ],
)  # fmt: skip
def test_an_image_has_the_letters_of_the_language(language: str, letters: str) -> None:
    """Letters that no font has would all look the same."""

    def image(text: str) -> bytes:
        drawing = Drawing(60, "", "", (words(text, 20.0, 40.0),))
        svg = svg_text(drawing, language=language, tag_=language, theme="dark")
        return png_bytes(svg, drawing, 480, language)

    first, second = letters[0], letters[1]
    assert image(f"30° {first}") != image(f"30° {second}")
    assert image(f"30° {first}") != image(f"30′ {first}")


@pytest.mark.parametrize("family", EXAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_becomes_an_image_in_every_language(family: str, language: str) -> None:
    event = example(family)
    drawing = drawn(event, language)
    with override(language):
        image = figure_png(
            event=event, drawing=drawing, language=language, width=200, theme="light"
        )
    assert image.startswith(b"\x89PNG")
    assert drawing.title.encode() in image
