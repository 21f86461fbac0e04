"""Contacts of the Moon's shadow with the Earth as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.finders.besselian import (
    Elements,
    direct_elements,
    sampled_elements,
)
from astronomy.finders.contacts import find_contacts
from astronomy.sampling import Sky
from astronomy.timescales import Floats


def _penumbra_outside(elements: Elements) -> Floats:
    limb = elements.limb
    return limb.from_axis - elements.penumbra_radius(limb.height)


def _penumbra_inside(elements: Elements) -> Floats:
    limb = elements.limb
    return limb.from_axis + elements.penumbra_radius(limb.height)


def _umbra_outside(elements: Elements) -> Floats:
    limb = elements.limb
    return np.asarray(limb.from_axis - np.abs(elements.umbra_radius(limb.height)))


def _umbra_inside(elements: Elements) -> Floats:
    limb = elements.limb
    return np.asarray(limb.from_axis + np.abs(elements.umbra_radius(limb.height)))


def _axis_outside(elements: Elements) -> Floats:
    return elements.limb.from_axis


# Names as in NASA/TP-2006-214141: first and last external and internal contacts of the penumbra
# (p) and of the umbra or antumbra (u), and of the axis, the central line (c).
GAPS: Final[Mapping[tuple[str, str], Callable[[Elements], Floats]]] = MappingProxyType(
    {
        ("p1", "p4"): _penumbra_outside,
        ("p2", "p3"): _penumbra_inside,
        ("u1", "u4"): _umbra_outside,
        ("u2", "u3"): _umbra_inside,
        ("c1", "c2"): _axis_outside,
    }
)


def find_solar_contacts(sky: Sky, greatest_days: Floats, greatest: Elements) -> dict[str, Floats]:
    """Return the instants of each contact, not a number where an eclipse lacks it.

    A contact is the instant at which a cone of the Moon's shadow, or its axis, is tangent to
    the WGS 84 ellipsoid.

    Frame: geocentric, apparent, true equator of date.    Time scale in and out: TT.
    Units: days since J2000.0.    Shape: (n,) a name.    Tolerance: 1 ms.
    Source: Explanatory Supplement (2013), ch. 11.
    """
    return find_contacts(
        greatest_days,
        greatest,
        GAPS,
        sampled=lambda days, _which: sampled_elements(sky, days),
        direct=lambda days, _which: direct_elements(sky, days),
    )
