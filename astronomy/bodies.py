"""The bodies that are sampled, and how finely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the ephemeris with its sampling scheme.

    ``kernel_name`` is the target of the JPL kernel: DE440 gives the outer planets as the
    barycentres of their systems. ``uncertainty_arcsec`` is the uncertainty of the geocentric
    direction, measured as the largest difference of DE421 and DE440 over 1900-2050.
    """

    code: str
    kernel_name: str
    block_days: int
    block_nodes: int
    uncertainty_arcsec: float


def _planet(code: str, uncertainty_arcsec: float) -> Body:
    return Body(code, f"{code} barycenter", 8, 10, uncertainty_arcsec)


_ALL: Final = (
    Body("sun", "sun", 8, 10, 0.002),
    Body("moon", "moon", 4, 11, 0.006),
    Body("mercury", "mercury", 8, 10, 0.007),
    Body("venus", "venus", 8, 10, 0.002),
    _planet("mars", 0.03),
    _planet("jupiter", 0.023),
    _planet("saturn", 0.001),
    _planet("uranus", 0.30),
    _planet("neptune", 0.18),
    _planet("pluto", 0.27),
)

BODIES: Final[Mapping[str, Body]] = MappingProxyType({body.code: body for body in _ALL})
