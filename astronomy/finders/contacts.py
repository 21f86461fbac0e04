"""Contacts of an eclipse: where a gap closes before, and opens after, the greatest phase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, TypeVar

import numpy as np

from astronomy.search import refine_roots, slope
from astronomy.timescales import Floats, Ints

Shape = TypeVar("Shape")
# From days and, for each, the index of the event it belongs to.
ShapeAt: TypeAlias = Callable[[Floats, Ints], Shape]

# No eclipse, of the Sun over the whole Earth or of the Moon, lasts longer than 6.6 hours.
_HALF_SPAN_DAYS: Final = 4.0 / 24.0


def find_contacts(
    greatest_days: Floats,
    greatest: Shape,
    gaps: Mapping[tuple[str, str], Callable[[Shape], Floats]],
    *,
    sampled: ShapeAt[Shape],
    direct: ShapeAt[Shape],
    half_span_days: float = _HALF_SPAN_DAYS,
) -> dict[str, Floats]:
    """Return the instants of each contact, not a number where an eclipse lacks it.

    A contact is the instant at which a gap is zero. Each of ``gaps`` is named by its contact
    before and its contact after greatest eclipse, and is negative in between. ``half_span_days``
    is longer than any contact is away from it. All contacts of all events are searched for
    together, and confirmed by one Newton step from one direct evaluation.

    Frame: as the geometry that ``sampled`` and ``direct`` give.    Time scale in and out: TT.
    Units: days since J2000.0.    Shape: (n,) a name.    Tolerance: 1 ms.
    Source: the modules of the families.
    """

    def gap_of(shape: Shape, which: Ints) -> Floats:
        every = np.stack([gap(shape) for gap in gaps.values()])
        return np.asarray(every[nth[which], np.arange(len(which))])

    closed = np.stack([gap(greatest) for gap in gaps.values()]) < 0.0
    # Of both sides: which gap, which event.
    nth, event = np.tile(np.nonzero(closed), 2)
    side = np.repeat([0, 1], len(event) // 2)
    middle = greatest_days[event]

    def searched(days: Floats, which: Ints) -> Floats:
        return gap_of(sampled(days, event[which]), which)

    days = refine_roots(searched, middle, middle + half_span_days * (2.0 * side - 1.0))
    every = np.arange(len(days))
    rate = slope(lambda at: searched(at, every), days)
    days = days - gap_of(direct(days, event), every) / rate
    contacts = np.full((len(gaps), 2, len(greatest_days)), np.nan)
    contacts[nth, side, event] = days
    names = [name for pair in gaps for name in pair]
    return dict(zip(names, contacts.reshape(len(names), -1), strict=True))
