"""Draw the disc of the Moon or a planet as it is lit."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from astronomy.geometry.tangent import Disc
from events.figures.parts import View, arc_text, compass, lit_text, scale_bar
from events.figures.svg import Drawing, circle, number, panel, tag, words
from starscal.core.formats import degrees_text

HEIGHT: Final = 480
# The widest Moon, 34 minutes of arc, fills the field; a far one is drawn as much smaller.
SCALE: Final = 690.0
CENTER: Final = (240.0, 238.0)


def lit_path(radius: float, lit: float) -> str:
    """Return the outline of the lit part of a disc, its bright limb up."""
    minor = abs(2.0 * lit - 1.0) * radius
    r, below = number(radius), int(lit > 0.5)
    return f"M-{r} 0A{r} {r} 0 0 1 {r} 0A{r} {number(minor)} 0 0 {below} -{r} 0Z"


def lit_disc(disc: Disc, x: float, y: float, radius: float) -> list[str]:
    """Return a disc with its bright limb turned to where the Sun stands; north up, east left."""
    turn = f"translate({number(x)} {number(y)}) rotate({number(-disc.limb_deg)})"
    return [
        circle(x, y, radius, "dark"),
        circle(x, y, radius, "rim"),
        tag("path", d=lit_path(radius, disc.lit), class_="lit", transform=turn),
    ]


def moon_drawing(disc: Disc) -> Drawing:
    """Draw the Moon to the scale that all these figures share."""
    x, y = CENTER
    told = {
        "percent": lit_text(disc.lit),
        "width": arc_text(2.0 * disc.radius_deg),
        "angle": degrees_text(disc.limb_deg, 0),
    }
    view = View(SCALE, x, y)
    elements = (
        panel(HEIGHT),
        *compass(26.0, y + 5.0),
        *lit_disc(disc, x, y, disc.radius_deg * SCALE),
        # Translators: percent is the lit part of the Moon's disc
        words(_("%(percent)s lit") % told, 20.0, 456.0),
        *scale_bar(view, 460.0, 460.0),
    )
    title = _("The disc of the Moon, north up and east to the left.")
    description = _(
        "%(percent)s of the disc is lit. The middle of its bright edge lies at position angle "
        "%(angle)s, counted from north through east. The disc is %(width)s wide."
    )
    return Drawing(HEIGHT, title, description % told, elements)
