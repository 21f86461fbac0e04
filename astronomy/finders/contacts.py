"""Contacts of an eclipse: where a gap closes before, and opens after, the greatest phase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, TypeVar

import numpy as np

from astronomy.ephemeris import ApparentSky
from astronomy.sampling import Sky
from astronomy.search import refine_roots, slope
from astronomy.timescales import Floats, Ints

Shape = TypeVar("Shape")
Sampled: TypeAlias = Callable[[Sky, Floats], Shape]
Confirmed: TypeAlias = Callable[[ApparentSky], Shape]

# No eclipse, of the Sun over the whole Earth or of the Moon, lasts longer than 6.6 hours.
_HALF_SPAN_DAYS: Final = 4.0 / 24.0


def find_contacts(
    sky: Sky,
    greatest_days: Floats,
    greatest: Shape,
    gaps: Mapping[tuple[str, str], Callable[[Shape], Floats]],
    *,
    sampled: Sampled[Shape],
    confirmed: Confirmed[Shape],
    bodies: tuple[str, ...] = ("sun", "moon"),
    half_span_days: float = _HALF_SPAN_DAYS,
) -> dict[str, Floats]:
    """Return the instants of each contact, not a number where an eclipse lacks it.

    A contact is the instant at which a gap is zero. Each of ``gaps`` is named by its contact
    before and its contact after greatest eclipse, and is negative in between. ``half_span_days``
    is longer than any contact is away from it; ``bodies`` are those that ``confirmed`` needs.

    Frame: as the geometry that ``sampled`` and ``confirmed`` give.    Time scale in and out: TT.
    Units: days since J2000.0.    Shape: (n,) a name.    Tolerance: 1 ms.
    Source: the modules of the families.
    """
    contacts: dict[str, Floats] = {}
    for (first, last), gap in gaps.items():
        at = np.flatnonzero(gap(greatest) < 0.0)
        middle = greatest_days[at]
        for name, sign in ((first, -1.0), (last, 1.0)):
            outside = middle + sign * half_span_days
            days = _contact(sky, bodies, gap, (middle, outside), sampled, confirmed)
            contacts[name] = np.full(len(greatest_days), np.nan)
            contacts[name][at] = days
    return contacts


def _contact(
    sky: Sky,
    bodies: tuple[str, ...],
    gap: Callable[[Shape], Floats],
    bracket: tuple[Floats, Floats],
    sampled: Sampled[Shape],
    confirmed: Confirmed[Shape],
) -> Floats:
    """Return the root between two instants, after one Newton step from direct positions."""

    def searched(days: Floats) -> Floats:
        return gap(sampled(sky, days))

    def in_bracket(days: Floats, _which: Ints) -> Floats:
        return searched(days)

    days = refine_roots(in_bracket, *bracket)
    direct = gap(confirmed(sky.confirmed(bodies, days)))
    return days - direct / slope(searched, days)
