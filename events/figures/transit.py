"""Draw the way of Mercury or Venus before the Sun."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from astronomy.geometry.before_sun import BeforeSun
from events.figures.parts import (
    GREATEST,
    MARGIN,
    Point,
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
OUTSIDE: Final = 34.0  # from a contact to the middle of its label
LEAST: Final = 2.0  # a planet is drawn at least this big, so that one sees it


def transit_drawing(way: BeforeSun, contacts: Mapping[str, datetime], body: str) -> Drawing:
    """Draw the planet at each contact; ``way`` is in the order of ``contacts``."""
    view = fitted([(0.0, 0.0, way.sun)], width=WIDTH - 6 * MARGIN, height=FIELD, top=TOP)
    places = [view.at(float(e), float(n)) for e, n in zip(way.east, way.north, strict=True)]
    order = sorted(range(len(places)), key=list(contacts.values()).__getitem__)
    names, places = [list(contacts)[at] for at in order], [places[at] for at in order]
    first, last = places[0], places[-1]
    radius = max(way.planet * view.scale, LEAST)
    bottom = TOP + FIELD + 1.5 * MARGIN
    table, height = contact_table(contacts, bottom + 1.5 * MARGIN)
    elements = (
        panel(round(height)),
        *compass(24.0, TOP + FIELD / 2.0),
        *sun_disc(view.x, view.y, way.sun * view.scale),
        path(f"M{first[0]:.1f} {first[1]:.1f}L{last[0]:.1f} {last[1]:.1f}", "line"),
        *(circle(x, y, radius, "before") for x, y in places),
        *_names(names, places, (view.x, view.y)),
        *scale_bar(view, WIDTH - MARGIN, bottom),
        *table,
    )
    return Drawing(round(height), *_told(way, contacts, body), elements)


def _names(names: list[str], places: list[Point], center: Point) -> list[str]:
    """Write the contacts outside the disc, those that stand together in one label."""
    found = []
    for group in _groups(places):
        x, y = places[group[0]]
        text = " ".join(contact_name(names[at]) for at in group)
        if names[group[0]] == GREATEST:
            lower = y + (20.0 if y > center[1] else -10.0)
            found.append(words(text, x, lower, "middle before"))
            continue
        out = OUTSIDE / math.dist((x, y), center)
        to_x, to_y = (x - center[0]) * out, (y - center[1]) * out
        found.append(words(text, x + to_x, y + to_y + 5.0, "code middle"))
    return found


def _groups(places: list[Point]) -> list[list[int]]:
    groups: list[list[int]] = []
    for at, place in enumerate(places):
        if groups and math.dist(places[groups[-1][-1]], place) < NEAR:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _told(way: BeforeSun, contacts: Mapping[str, datetime], body: str) -> tuple[str, str]:
    greatest = list(contacts).index(GREATEST)
    apart = math.hypot(float(way.east[greatest]), float(way.north[greatest]))
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
