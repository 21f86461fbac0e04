"""Draw the words of a figure as outlines, where letters join: shaped by HarfBuzz."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.etree import ElementTree as ET

import manimgx_fonts
import uharfbuzz as hb

from events.figures.palette import RULES
from events.figures.svg import number, path

# Each script by its own font; signs that scripts share (spaces, digits, °) are in the first.
COMMON: Final = "NotoSans"
SCRIPTS: Final[Mapping[str, str]] = {
    "NotoSansDevanagari": "\u0900-\u097f\u1cd0-\u1cff\ua8e0-\ua8ff\u200c\u200d",
    "NotoSansArmenian": "\u0530-\u058f\ufb13-\ufb17",
}
_RUN: Final = re.compile(
    "|".join(f"(?P<{font}>[{letters}]+)" for font, letters in SCRIPTS.items())
    + f"|(?P<{COMMON}>[^{''.join(SCRIPTS.values())}]+)"
)
_TEXT: Final = re.compile(r"<text .*?</text>", re.DOTALL)
_SIZE_PX: Final = 16.0  # what SVG takes where a class names no size
_ANCHORS: Final = {"middle": 0.5, "end": 1.0}
Point: TypeAlias = tuple[float, float]
Stroke: TypeAlias = tuple[str, tuple[Point, ...]]  # a letter of SVG's paths, and its points


@dataclass(frozen=True, slots=True)
class Glyph:
    """A shape of a font, with its place in the run and its advance, in units of the em."""

    font: str
    number: int
    x: float
    y: float
    advance: float


class Pen:
    """Note the strokes of a glyph, in the names by which HarfBuzz asks for them."""

    def __init__(self) -> None:
        self.strokes: list[Stroke] = []

    def moveTo(self, point: Point) -> None:  # noqa: N802
        self.strokes.append(("M", (point,)))

    def lineTo(self, point: Point) -> None:  # noqa: N802
        self.strokes.append(("L", (point,)))

    def qCurveTo(self, *points: Point) -> None:  # noqa: N802
        self.strokes.append(("Q", points))

    def curveTo(self, *points: Point) -> None:  # noqa: N802
        self.strokes.append(("C", points))

    def closePath(self) -> None:  # noqa: N802
        self.strokes.append(("Z", ()))


def words_outlined(svg: str, language: str) -> str:
    """Return a document of ours with its words as outlines, which need no font."""
    return _TEXT.sub(lambda found: _outlined(found[0], language), svg)


def shaped(text: str, language: str) -> list[Glyph]:
    """Return the glyphs of a text; glyph 0 stands for what no font has."""
    return [glyph for run in _RUN.finditer(text) for glyph in _run(run, language)]


def _outlined(source: str, language: str) -> str:
    element = ET.fromstring(source)  # noqa: S314 - our own document
    own = element.get("class", "")
    pieces = [(kind, shaped(text, language)) for text, kind in _pieces(element, own)]
    widths = [sum(glyph.advance for glyph in glyphs) * _size(kind) for kind, glyphs in pieces]
    x, y = (float(element.get(name, 0.0)) for name in "xy")
    x -= sum(widths) * next((_ANCHORS[name] for name in own.split() if name in _ANCHORS), 0.0)
    found = ""
    for (kind, glyphs), width in zip(pieces, widths, strict=True):
        found += path(_data(glyphs, x, y, _size(kind)), kind) if glyphs else ""
        x += width
    return found


def _pieces(element: ET.Element, own: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text with their classes."""
    yield element.text or "", own
    for part in element:
        yield part.text or "", part.get("class", own)
        yield part.tail or "", own


def _size(kind: str) -> float:
    sizes = [str(RULES[name]["font-size"]) for name in kind.split() if "font-size" in RULES[name]]
    return float(sizes[-1].removesuffix("px")) if sizes else _SIZE_PX


def _run(run: re.Match[str], language: str) -> Iterator[Glyph]:
    name = str(run.lastgroup)
    font, em = _font(name)
    buffer = hb.Buffer()
    buffer.add_str(run[0])
    buffer.guess_segment_properties()
    buffer.language = language
    hb.shape(font, buffer)
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        yield Glyph(name, info.codepoint, at.x_offset / em, at.y_offset / em, at.x_advance / em)


def _data(glyphs: list[Glyph], x: float, y: float, size: float) -> str:
    """Return the path of glyphs along a line that begins at ``x`` on the base line ``y``."""
    data = ""
    for glyph in glyphs:
        left, base = x + glyph.x * size, y - glyph.y * size
        for letter, points in _strokes(glyph.font, glyph.number):
            places = (f"{number(left + px * size)} {number(base - py * size)}" for px, py in points)
            data += letter + " ".join(places)
        x += glyph.advance * size
    return data


@cache
def _strokes(name: str, glyph: int) -> tuple[Stroke, ...]:
    font, em = _font(name)
    pen = Pen()
    font.draw_glyph_with_pen(glyph, pen)
    return tuple(
        (letter, tuple((px / em, py / em) for px, py in points)) for letter, points in pen.strokes
    )


@cache
def _font(name: str) -> tuple[Any, float]:
    """Return a font of the package and the units of its em."""
    file = Path(str(manimgx_fonts.__file__)).parent / f"{name}[wght].ttf"
    face = hb.Face(hb.Blob.from_file_path(str(file)))
    return hb.Font(face), float(face.upem)
