"""Write SVG: escaped, small, with a text alternative, without scripts or outside references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from events.figures.palette import Theme, style_sheet

WIDTH: Final = 480
_FONTS: Final[Mapping[str, str]] = {
    "zh-hans": "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei'",
    "ja": "'Noto Sans CJK JP','Hiragino Sans','Yu Gothic'",
    "hi": "'Noto Sans','Noto Sans Devanagari','Kohinoor Devanagari','Nirmala UI'",
    "hy": "'Noto Sans','Noto Sans Armenian',Mshtakan,Sylfaen",
}
_LATIN: Final = "'Noto Sans'"
_CLASS: Final = re.compile(r'class="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure without its clothes: its size, its text alternative and its elements."""

    height: int
    title: str
    description: str
    elements: tuple[str, ...]

    @property
    def alternative(self) -> str:
        return f"{self.title} {self.description}"


def number(value: float) -> str:
    """Write a coordinate to a hundredth, as short as it can be."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tag(name: str, content: str = "", **attributes: str | float) -> str:
    """Return an element; ``class_`` and ``clip_path`` stand for class and clip-path."""
    told = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_value(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)


def words(text: str, x: float, y: float, kind: str = "text") -> str:
    return tag("text", escape(text), x=x, y=y, class_=kind)


def circle(x: float, y: float, radius: float, kind: str) -> str:
    return tag("circle", cx=x, cy=y, r=radius, class_=kind)


def polyline(points: Iterable[Sequence[float]], *, closed: bool = False) -> str:
    """Return the data of a path through ``points``, to a tenth of a unit."""
    told = [f"{x:.1f} {y:.1f}".replace(".0", "") for x, y in points]
    return f"M{'L'.join(told)}{'Z' if closed else ''}" if told else ""


def path(data: str, kind: str, **attributes: str) -> str:
    return tag("path", d=data, class_=kind, **attributes)


def panel(height: int) -> str:
    """Return the ground that every figure stands on."""
    return tag("rect", x=0.5, y=0.5, width=WIDTH - 1, height=height - 1, rx=18, class_="panel")


def svg_text(drawing: Drawing, *, language: str, tag_: str, theme: Theme | None = None) -> str:
    """Return the document; without a theme it follows the reader's system."""
    content = "".join(drawing.elements)
    classes = {name for found in _CLASS.findall(content) for name in found.split()}
    family = f"{_FONTS.get(language, _LATIN)},system-ui,sans-serif"
    head = (
        tag("title", escape(drawing.title), id="figure-title"),
        tag("desc", escape(drawing.description), id="figure-description"),
        tag("style", style_sheet(classes, theme)),
    )
    return tag(
        "svg",
        "".join((*head, content)),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {drawing.height}",
        width=WIDTH,
        height=drawing.height,
        role="img",
        aria_labelledby="figure-title figure-description",
        lang=tag_,
        font_family=family,
    )
