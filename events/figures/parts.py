"""Pieces that several figures share: the compass, the scale bar, the table of contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

from babel.dates import format_time
from babel.numbers import format_percent
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.figures.svg import WIDTH, circle, path, tag, words
from starscal.core.formats import active_locale, decimal_text, degrees_text

MARGIN: Final = 20.0
ROW: Final = 24.0
COLUMNS: Final = (5, 4)  # of up to five contacts with short names, and else
SHORT: Final = 3  # letters of a name
GREATEST: Final = "max"
_BARS_DEG: Final = (10.0, 5.0, 2.0, 1.0, 0.5, 10 / 60, 5 / 60, 2 / 60, 1 / 60)
_BAR_SHARE: Final = 0.3
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class View:
    """Where degrees east and north fall on the paper; north is up, and so east is left."""

    scale: float
    x: float
    y: float

    def at(self, east: float, north: float) -> Point:
        return self.x - east * self.scale, self.y - north * self.scale


def fitted(
    circles: Sequence[tuple[float, float, float]], *, width: float, height: float, top: float
) -> View:
    """Return the view in which all ``circles`` (east, north, radius) fill a box of the panel."""
    left, right = (max(s * e + r for e, _n, r in circles) for s in (1.0, -1.0))
    up, down = (max(s * n + r for _e, n, r in circles) for s in (1.0, -1.0))
    scale = min(width / (left + right), height / (up + down))
    return View(
        scale,
        WIDTH / 2.0 + (left - right) / 2.0 * scale,
        top + height / 2.0 + (up - down) / 2.0 * scale,
    )


def arc_text(degrees: float) -> str:
    """Write a length of arc: degrees, or minutes below one, or seconds below one of those."""
    if degrees >= 1.0:
        return degrees_text(degrees, 0 if float(degrees).is_integer() else 1)
    if degrees * 60.0 >= 0.95:
        minutes = degrees * 60.0
        # Translators: an angle in minutes of arc
        return _("%(value)s′") % {"value": decimal_text(minutes, int(minutes % 1.0 > 0.05))}
    return _("%(value)s″") % {"value": decimal_text(degrees * 3600.0, 0)}


def lit_text(fraction: float) -> str:
    """Write a lit fraction: near nothing and near all with one decimal more."""
    pattern = active_locale().percent_formats[None].pattern
    if not 0.1 <= fraction <= 0.9:
        pattern = pattern.replace("#,##0", "#,##0.0")
    return str(format_percent(fraction, format=pattern, locale=active_locale()))


def compass(top: float, middle: float) -> list[str]:
    """Return the letters of north, above, and of east, on the left."""
    # Translators: one or two letters that mark north and east in a drawing of the sky
    return [
        words(pgettext("compass", "N"), WIDTH / 2.0, top, "note middle"),
        words(pgettext("compass", "E"), MARGIN, middle, "note"),
    ]


def sun_disc(x: float, y: float, radius: float) -> list[str]:
    """Return the Sun, darker towards its limb."""
    stops = tag("stop", offset="0.35", class_="sun-in") + tag("stop", offset="1", class_="sun-out")
    gradient = tag("radialGradient", stops, id="figure-sun")
    return [gradient, circle(x, y, radius, "sun")]


def scale_bar(view: View, x: float, y: float) -> list[str]:
    """Return a bar that ends at ``x``, of a round length, with its length written over it."""
    length = next((d for d in _BARS_DEG if d * view.scale <= WIDTH * _BAR_SHARE), _BARS_DEG[-1])
    start = x - length * view.scale
    bar = f"M{start:.1f} {y - 5:.1f}v5H{x:.1f}v-5"
    return [path(bar, "scale"), words(arc_text(length), (start + x) / 2.0, y - 9, "note middle")]


def clock_text(at: datetime) -> str:
    """Write hours and minutes of UTC, rounded to the minute."""
    return str(format_time(at + timedelta(seconds=30), "HH:mm", locale=active_locale()))


def contact_table(contacts: Mapping[str, datetime], top: float) -> tuple[list[str], float]:
    """Return the contacts with their times in columns, and where the table ends."""
    is_short = len(contact_name(GREATEST)) <= SHORT
    columns = COLUMNS[len(contacts) > COLUMNS[0] or not is_short]
    width = (WIDTH - 2.0 * MARGIN) / columns
    found = []
    for at, (name, moment) in enumerate(sorted(contacts.items(), key=lambda pair: pair[1])):
        row, column = divmod(at, columns)
        x, y = MARGIN + column * width, top + row * ROW
        label = tag("tspan", escape(contact_name(name)), class_="code")
        found.append(tag("text", f"{label} {clock_text(moment)}", x=x, y=y, class_="text"))
    rows = (len(contacts) + columns - 1) // columns
    bottom = top + rows * ROW
    found.append(words(_("Times are UTC."), MARGIN, bottom, "note"))
    return found, bottom + MARGIN


def contact_name(name: str) -> str:
    # Translators: marks the greatest eclipse in a drawing, at most five letters
    return pgettext("figure", "max") if name == GREATEST else name.upper()
