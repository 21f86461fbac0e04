"""Draw the way of Mercury or Venus before the Sun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from astronomy.geometry.before_sun import BeforeSun
from events.figures.parts import (
    GREATEST,
    MARGIN,
    arc_text,
    clock_text,
    compass,
    contact_name,
    contact_table,
    fitted,
    scale_bar,
    sun_disc,
)
from events.figures.svg import WIDTH, Drawing, circle, panel, path, words

FIELD: Final = 380.0
TOP: Final = 36.0
NEAR: Final = 26.0  # contacts closer than this on the paper share one label
LEAST: Final = 2.0  # a planet is drawn at least this big, so that one sees it


def transit_drawing(way: BeforeSun, contacts: Mapping[str, datetime], body: str) -> Drawing:
    """Draw the planet at each contact; ``way`` is in the order of ``contacts``."""
    view = fitted([(0.0, 0.0, way.sun)], width=WIDTH - 6 * MARGIN, height=FIELD, top=TOP)
    places = [view.at(float(e), float(n)) for e, n in zip(way.east, way.north, strict=True)]
    order = np.argsort([contacts[name] for name in contacts])
    first, last = places[int(order[0])], places[int(order[-1])]
    radius = max(way.planet * view.scale, LEAST)
    bottom = TOP + FIELD + 1.5 * MARGIN
    table, height = contact_table(contacts, bottom + 1.5 * MARGIN)
    elements = (
        panel(round(height)),
        *compass(24.0, TOP + FIELD / 2.0),
        *sun_disc(view.x, view.y, way.sun * view.scale),
        path(f"M{first[0]:.1f} {first[1]:.1f}L{last[0]:.1f} {last[1]:.1f}", "line"),
        *(circle(x, y, radius, "before") for x, y in places),
        *_names(list(contacts), places, (view.x, view.y), order),
        *scale_bar(view, WIDTH - MARGIN, bottom),
        *table,
    )
    return Drawing(round(height), *_told(way, contacts, body), elements)


def _names(
    names: list[str],
    places: list[tuple[float, float]],
    center: tuple[float, float],
    order: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> list[str]:
    """Write the contacts outside the disc, those that stand together in one label."""
    groups: list[list[int]] = []
    for at in map(int, order):
        near = groups and np.hypot(
            places[at][0] - places[groups[-1][-1]][0], places[at][1] - places[groups[-1][-1]][1]
        )
        if groups and near < NEAR:
            groups[-1].append(at)
        else:
            groups.append([at])
    found = []
    for group in groups:
        x, y = places[group[0]]
        away = np.array([x - center[0], y - center[1]])
        away = away / max(float(np.hypot(*away)), 1e-9) * 34.0
        text = " ".join(contact_name(names[at]) for at in group)
        inner = names[group[0]] == GREATEST
        shift = (0.0, 20.0 if away[1] > 0 else -10.0) if inner else (away[0], away[1] + 5.0)
        kind = "middle" if inner else "code middle"
        found.append(words(text, x + shift[0], y + shift[1], f"{kind} before" if inner else kind))
    return found


def _told(way: BeforeSun, contacts: Mapping[str, datetime], body: str) -> tuple[str, str]:
    greatest = list(contacts).index(GREATEST)
    apart = float(np.hypot(way.east[greatest], way.north[greatest]))
    told = {
        "body": body,
        "begins": clock_text(contacts["c1"]),
        "greatest": clock_text(contacts[GREATEST]),
        "ends": clock_text(contacts["c4"]),
        "separation": arc_text(apart),
        "sun": arc_text(2.0 * way.sun),
        "planet": arc_text(2.0 * way.planet),
    }
    title = _("%(body)s before the Sun, north up and east to the left.") % told
    description = _(
        "%(body)s touches the Sun at %(begins)s, stands nearest to its middle at %(greatest)s, "
        "%(separation)s away, and leaves it at %(ends)s UTC, as seen from the Earth's centre. The "
        "Sun is %(sun)s wide, %(body)s %(planet)s."
    )
    return title, description % told
