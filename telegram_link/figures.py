"""Figures as photos: the PNG of an event, or of the Moon at an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from astronomy import provider
from astronomy.api.kernel import days_sentence, within_kernel
from astronomy.geometry.tangent import lit_disc
from astronomy.limits import require_moments
from astronomy.timescales import days_from_datetime
from events.figures.moon import moon_drawing
from events.figures.palette import Theme
from events.figures.png import png_bytes
from events.figures.selectors import Kept, figure_drawing, figure_png
from events.figures.svg import Drawing, svg_text
from events.onthefly import range_refused
from events.selectors import WHOLE_SPAN, event_find
from starscal.core.exceptions import ApplicationError
from starscal.core.i18n import language_active
from starscal.core.pages import html_tag

WIDTH: Final = 960  # pixels; twice what the figures are drawn for, and no more than phones show
THEME: Final[Theme] = "dark"  # the sky is dark in both, and a photo cannot follow the chat's
MOON: Final = "moon:"  # no event has such a reference: a colon is not allowed in them
STEP: Final = timedelta(minutes=10)
KEPT_MOONS: Final = 50  # about 40 kB each

_MOONS: Final[Kept[bytes]] = Kept(KEPT_MOONS)


def figure_bytes(reference: str, language: str) -> bytes | None:
    """Return the figure that a reference names as PNG, or None if there is none.

    A reference is the id, slug or key of an event, or what ``moon_reference`` gave.
    """
    try:
        with language_active(language):
            if reference.startswith(MOON):
                return _moon_bytes(reference, language)
            return _event_bytes(reference, language)
    except ApplicationError:  # outside what the kernel reaches
        return None


def moon_reference(at: datetime) -> str:
    """Name the figure of the Moon as it is lit at an instant, to ten minutes."""
    step = at.astimezone(UTC) - (at - WHOLE_SPAN.start) % STEP
    return f"{MOON}{step:%Y-%m-%dT%H:%M}Z"


def _event_bytes(reference: str, language: str) -> bytes | None:
    found = event_find(reference=reference, languages=(language,))
    if found is None:
        return None
    with range_refused():
        drawing = figure_drawing(event=found.event, language=language)
    if drawing is None:
        return None
    return figure_png(
        event=found.event, drawing=drawing, language=language, width=WIDTH, theme=THEME
    )


def _moon_bytes(reference: str, language: str) -> bytes | None:
    try:
        at = datetime.fromisoformat(reference.removeprefix(MOON))
    except ValueError:
        return None
    if at.tzinfo is None:
        return None

    def make() -> bytes:
        drawing, tag = _moon_drawing(at), html_tag(language)
        svg = svg_text(drawing, language=language, tag_=tag, theme=THEME)
        return png_bytes(svg, drawing, WIDTH, tag)

    return _MOONS.value((reference, language), make)


def _moon_drawing(at: datetime) -> Drawing:
    """Draw the Moon as the figures of its events do. Errors: range.outside."""
    with within_kernel(days_sentence), provider.locked_sky() as sky:
        require_moments(sky.ephemeris, [at])
        return moon_drawing(
            lit_disc(sky, "moon", np.array([days_from_datetime(sky.timescale, at)]))
        )
