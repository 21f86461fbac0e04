"""All the checks there are, and the one function that runs them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from astronomy.verification import calendars, events, places, plain, positions
from astronomy.verification.check import Check, Result, judged
from astronomy.verification.material import Material

_ALL: Final = (
    *events.CHECKS,
    *plain.CHECKS,
    *calendars.CHECKS,
    *places.CHECKS,
    *positions.CHECKS,
)
FAMILIES: Final = tuple(dict.fromkeys(check.family for check in _ALL))
# By family, in the order in which families first appear.
CHECKS: Final = tuple(sorted(_ALL, key=lambda check: FAMILIES.index(check.family)))


def checks_of(families: Collection[str]) -> tuple[Check, ...]:
    """Return the checks of some families, or all if none is named."""
    return tuple(check for check in CHECKS if not families or check.family in families)


def verify(material: Material, families: Collection[str] = ()) -> Iterator[Result]:
    """Yield the result of each check, in order, as soon as it is known."""
    return (judged(check, material) for check in checks_of(families))
