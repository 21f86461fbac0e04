"""Draw the way of the Moon through the shadow of the Earth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from astronomy.geometry.moon_in_shadow import MoonInShadow
from events.figures.parts import (
    GREATEST,
    MARGIN,
    View,
    arc_text,
    clock_text,
    compass,
    contact_name,
    contact_table,
    fitted,
    scale_bar,
)
from events.figures.svg import WIDTH, Drawing, circle, panel, path, tag, words
from starscal.core.formats import decimal_text

FIELD: Final = 380.0
TOP: Final = 32.0
GAP: Final = 14.0


def lunar_drawing(
    way: MoonInShadow, contacts: Mapping[str, datetime], magnitudes: tuple[float, float]
) -> Drawing:
    """Draw the Moon at each contact; ``way`` is in the order of ``contacts``."""
    moons = [(float(e), float(n), way.moon) for e, n in zip(way.east, way.north, strict=True)]
    shadow = (0.0, 0.0, way.penumbra)
    view = fitted([*moons, shadow], width=WIDTH - 4 * MARGIN, height=FIELD, top=TOP)
    bottom = TOP + FIELD + 2 * MARGIN
    table, height = contact_table(contacts, bottom + 1.7 * MARGIN)
    elements = (
        panel(round(height)),
        *compass(24.0, TOP + FIELD / 2.0),
        *_shadow(way, view),
        *_moons(way, view),
        *_names(way, view, list(contacts)),
        *scale_bar(view, WIDTH - MARGIN, bottom),
        *table,
    )
    return Drawing(round(height), *_told(way, contacts, magnitudes), elements)


def _shadow(way: MoonInShadow, view: View) -> list[str]:
    x, y = view.at(0.0, 0.0)
    order = np.argsort(-way.east)
    line = np.polyfit(way.east[order], way.north[order], 1)
    ends = [view.at(east, float(np.polyval(line, east))) for east in (-1.75, 1.75)]
    (x1, y1), (x2, y2) = ends
    return [
        circle(x, y, way.penumbra * view.scale, "penumbra"),
        circle(x, y, way.umbra * view.scale, "umbra"),
        path(f"M{x - 5:.1f} {y:.1f}h10m-5-5v10", "scale"),
        path(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", "faint"),
    ]


def _moons(way: MoonInShadow, view: View) -> list[str]:
    """Return the discs, darkened where they lie in the shadow."""
    x, y = view.at(0.0, 0.0)
    places = [view.at(float(e), float(n)) for e, n in zip(way.east, way.north, strict=True)]
    radius = way.moon * view.scale
    discs = "".join(tag("circle", cx=cx, cy=cy, r=radius) for cx, cy in places)
    shades = circle(x, y, way.penumbra * view.scale, "on-penumbra") + circle(
        x, y, way.umbra * view.scale, "on-umbra"
    )
    return [
        tag("clipPath", discs, id="figure-moons"),
        *(circle(cx, cy, radius, "lit") for cx, cy in places),
        tag("g", shades, clip_path="url(#figure-moons)"),
        *(circle(cx, cy, radius, "rim") for cx, cy in places),
    ]


def _names(way: MoonInShadow, view: View, names: list[str]) -> list[str]:
    """Write each contact beside its disc, away from the shadow's axis; the greatest towards it.

    Around the greatest the discs are so close that their names would run into each other.
    """
    side = 1.0 if float(np.mean(way.north)) < 0.0 else -1.0
    reach = way.moon * view.scale + GAP
    found = []
    for at, name in enumerate(names):
        x, y = view.at(float(way.east[at]), float(way.north[at]))
        away = -side if name == GREATEST else side
        found.append(words(contact_name(name), x, y + away * reach + 5.0, "code middle"))
    return found


def _told(
    way: MoonInShadow, contacts: Mapping[str, datetime], magnitudes: tuple[float, float]
) -> tuple[str, str]:
    umbral, penumbral = magnitudes
    told = {
        "begins": clock_text(contacts["p1"]),
        "greatest": clock_text(contacts[GREATEST]),
        "ends": clock_text(contacts["p4"]),
        "umbral": decimal_text(umbral, 2),
        "penumbral": decimal_text(penumbral, 2),
        "umbra": arc_text(2.0 * way.umbra),
        "moon": arc_text(2.0 * way.moon),
    }
    title = _("The way of the Moon through the shadow of the Earth, north up and east to the left.")
    if umbral > 0.0:
        description = _(
            "The Moon enters the penumbra at %(begins)s, is deepest in the shadow at %(greatest)s "
            "and leaves it at %(ends)s UTC. %(umbral)s of its diameter is then inside the umbra. "
            "The umbra is %(umbra)s wide, the Moon %(moon)s."
        )
    else:
        description = _(
            "The Moon enters the penumbra at %(begins)s, is deepest in the shadow at %(greatest)s "
            "and leaves it at %(ends)s UTC. %(penumbral)s of its diameter is then inside the "
            "penumbra; it misses the umbra. The umbra is %(umbra)s wide, the Moon %(moon)s."
        )
    return title, description % told
