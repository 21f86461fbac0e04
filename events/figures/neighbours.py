"""Draw two bodies where they stand in the sky, with a scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from babel.lists import format_list
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astronomy.geometry.neighbours import Neighbour, Neighbours
from events.figures.moon import lit_disc
from events.figures.parts import MARGIN, View, arc_text, compass, fitted, scale_bar
from events.figures.svg import WIDTH, Drawing, circle, panel, path, words
from starscal.core.formats import active_locale

HEIGHT: Final = 480
FIELD: Final = 300.0
TOP: Final = 70.0
LEAST: Final = 5.0
# Discs below this, on the paper, are dots.
SMALL: Final = 3.0


def neighbours_drawing(pair: Neighbours, names: Mapping[str, str | Promise]) -> Drawing:
    """Draw both at their true places; ``names`` are those of bodies in the reader's language."""
    circles = [(b.east, b.north, b.disc.radius_deg if b.disc else 0.0) for b in pair.bodies]
    view = fitted(circles, width=FIELD, height=FIELD, top=TOP)
    first, second = (view.at(body.east, body.north) for body in pair.bodies)
    elements = [
        panel(HEIGHT),
        *compass(26.0, HEIGHT / 2.0),
        _ecliptic(pair, view),
        path(f"M{first[0]:.1f} {first[1]:.1f}L{second[0]:.1f} {second[1]:.1f}", "way"),
    ]
    for body in pair.bodies:
        elements += _body(body, view)
    for body, other in zip(pair.bodies, reversed(pair.bodies), strict=True):
        elements.append(_name(body, other, view, str(names[body.code])))
    apart = {"separation": arc_text(pair.separation_deg)}
    elements.append(words(_("%(separation)s apart") % apart, MARGIN, HEIGHT - 20.0))
    elements += scale_bar(view, WIDTH - MARGIN, HEIGHT - 20.0)
    both = format_list([str(names[body.code]) for body in pair.bodies], locale=active_locale())
    title = _("%(bodies)s in the sky, north up and east to the left.") % {"bodies": both}
    told = {"body": str(names[pair.bodies[0].code]), **apart}
    return Drawing(HEIGHT, title, _description(pair, told), tuple(elements))


def _body(body: Neighbour, view: View) -> list[str]:
    x, y = view.at(body.east, body.north)
    radius = body.disc.radius_deg * view.scale if body.disc else 0.0
    if body.code == "sun":
        return [circle(x, y, max(radius, LEAST), "dot")]
    if body.disc and radius >= SMALL:
        return lit_disc(body.disc, x, y, radius)
    return [circle(x, y, LEAST, "planet")]


def _ecliptic(pair: Neighbours, view: View) -> str:
    """Return the direction of the ecliptic, through the middle, as far as the panel goes."""
    angle = math.radians(pair.ecliptic_deg)
    x, y = view.at(0.0, 0.0)
    reach = 190.0
    dx, dy = -math.sin(angle) * reach, -math.cos(angle) * reach
    return path(f"M{x - dx:.1f} {y - dy:.1f}L{x + dx:.1f} {y + dy:.1f}", "faint")


def _name(body: Neighbour, other: Neighbour, view: View, name: str) -> str:
    x, y = view.at(body.east, body.north)
    reach = (body.disc.radius_deg * view.scale if body.disc else 0.0) + 16.0
    below = y > view.at(other.east, other.north)[1]
    lower = y + max(reach, 20.0) + 6.0
    edge = 70.0
    x = min(max(x, edge), WIDTH - edge)
    return words(name, x, lower if below else y - reach, "text middle")


def _description(pair: Neighbours, told: Mapping[str, str]) -> str:
    first, second = pair.bodies
    east, north = first.east - second.east, first.north - second.north
    angle = math.degrees(math.atan2(east, north)) % 360.0
    return str(_SENTENCES[round(angle / 90.0) % 4]) % told


# By where the first of the two stands: to the north, east, south or west.
_SENTENCES: Final[tuple[str | Promise, ...]] = (
    gettext_lazy(
        "The two are %(separation)s apart. %(body)s is the northern one. The dashed line runs "
        "along the ecliptic."
    ),
    gettext_lazy(
        "The two are %(separation)s apart. %(body)s is the eastern one. The dashed line runs "
        "along the ecliptic."
    ),
    gettext_lazy(
        "The two are %(separation)s apart. %(body)s is the southern one. The dashed line runs "
        "along the ecliptic."
    ),
    gettext_lazy(
        "The two are %(separation)s apart. %(body)s is the western one. The dashed line runs "
        "along the ecliptic."
    ),
)
