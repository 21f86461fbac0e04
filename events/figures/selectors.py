"""Read the figures of events: SVG and PNG, the last ones kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from events.figures.drawings import event_drawing
from events.figures.families import has_figure
from events.figures.palette import Theme
from events.figures.png import png_bytes
from events.figures.svg import Drawing, svg_text
from events.models import Event
from starscal.core.pages import html_tag

KEPT_DRAWINGS: Final = 400  # about 10 kB each
KEPT_IMAGES: Final = 100  # about 60 kB each
Found = TypeVar("Found")


class Kept(Generic[Found]):
    """The values asked for last, at most ``limit`` of them; safe for threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._values: OrderedDict[tuple[object, ...], Found] = OrderedDict()
        self._lock = threading.Lock()

    def value(self, key: tuple[object, ...], make: Callable[[], Found]) -> Found:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._values[key] = made
            if len(self._values) > self.limit:
                self._values.popitem(last=False)
        return made

    def empty(self) -> None:
        with self._lock:
            self._values.clear()


_DRAWINGS: Final[Kept[Drawing]] = Kept(KEPT_DRAWINGS)
_IMAGES: Final[Kept[bytes]] = Kept(KEPT_IMAGES)


def figure_drawing(*, event: Event, language: str) -> Drawing | None:
    """Return the figure of an event in the active language, or None if its kind has none."""
    if not has_figure(event.origin, event.family):
        return None
    return _DRAWINGS.value(_key(event, language), lambda: event_drawing(event))


def figure_svg(*, drawing: Drawing, language: str) -> bytes:
    """Return the SVG document, which follows the reader's theme by itself."""
    return svg_text(drawing, language=language, tag_=html_tag(language)).encode()


def figure_png(*, event: Event, drawing: Drawing, language: str, width: int, theme: Theme) -> bytes:
    """Return the figure as PNG, ``width`` pixels wide."""

    def make() -> bytes:
        svg = svg_text(drawing, language=language, tag_=html_tag(language), theme=theme)
        return png_bytes(svg, drawing, width, html_tag(language))

    return _IMAGES.value((*_key(event, language), width, theme), make)


def figures_empty() -> None:
    """Forget every figure; the next ones are drawn and their words written anew."""
    _DRAWINGS.empty()
    _IMAGES.empty()


def _key(event: Event, language: str) -> tuple[object, ...]:
    """Return what a figure depends on, beside the code: the instant and what was computed of it."""
    return event.key, event.tt_jd1, event.tt_jd2, event.occurs_at, event.facts_hash, language
