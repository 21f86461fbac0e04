"""What the tests of figures share: events computed for the test, and reading a drawing back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils.translation import override

from astronomy import provider
from events.figures.selectors import figure_drawing
from events.figures.svg import Drawing, svg_text
from events.models import Event
from events.rendering import events_unsaved

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# One event of each family that has a figure, and more where the figures differ.
EXAMPLES = {
    "moon_phases": "2026-11-17",
    "lunar_apsides": "2026-12-24",
    "lunar_nodes": "2026-11-01",
    "solar_eclipses": "2026-08-12",
    "lunar_eclipses": "2026-03-03",
    "transits": "2032-11-13",
    "conjunctions": "2026-06-09",
    "occultations": "2026-11-01",
    "elongations": "2026-08-02",
}


@cache
def example(family: str, day: str = "") -> Event:
    """Return the first event of a family from a day on."""
    start = datetime.fromisoformat(day or EXAMPLES[family]).replace(tzinfo=UTC)
    found = provider.occurrences_between(
        start=start, end=start + timedelta(days=20), families=[family]
    )
    return events_unsaved(found[:1], ("en",))[0]


def drawn(event: Event, language: str = "en") -> Drawing:
    with override(language):
        drawing = figure_drawing(event=event, language=language)
    assert drawing is not None
    return drawing


def document(event: Event, language: str = "en") -> ET.Element:
    """Return the parsed SVG of an event."""
    text = svg_text(drawn(event, language), language=language, tag_=language)
    return ET.fromstring(text)  # noqa: S314 - our own document


def discs(root: ET.Element, kind: str) -> list[tuple[float, float, float]]:
    """Return centre and radius of the circles of a class."""
    return [
        (float(e.attrib["cx"]), float(e.attrib["cy"]), float(e.attrib["r"]))
        for e in root.iter(f"{SVG}circle")
        if e.get("class") == kind
    ]


def path_area(root: ET.Element, kind: str) -> float:
    """Return the area, on the paper, within the straight loops of the first path of a class."""
    data = next(e.attrib["d"] for e in root.iter(f"{SVG}path") if e.get("class") == kind)
    area = 0.0
    for loop in filter(None, data.split("Z")):
        points = [tuple(map(float, pair.split())) for pair in loop.lstrip("M").split("L")]
        turned = zip(points, points[1:] + points[:1], strict=True)
        area += sum(a[0] * b[1] - b[0] * a[1] for a, b in turned) / 2.0
    return abs(area)


def texts(root: ET.Element) -> list[str]:
    return ["".join(e.itertext()) for e in root.iter(f"{SVG}text")]


def ids(root: ET.Element) -> list[str]:
    return [e.attrib["id"] for e in root.iter() if "id" in e.attrib]


def references(source: str) -> list[str]:
    """Return what a document refers to."""
    return re.findall(r"""(?:href=|src=|url\()["']?([^"')]+)""", source)
