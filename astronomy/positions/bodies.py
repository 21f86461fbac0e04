"""Which bodies there are, from where they are seen, and with which corrections."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from astronomy.bodies import BODIES


class Origin(StrEnum):
    """Where a position is measured from."""

    GEOCENTRIC = "geocentric"
    HELIOCENTRIC = "heliocentric"
    TOPOCENTRIC = "topocentric"


class Correction(StrEnum):
    """What was done about the finite speed of light.

    Geometric: where the body is at the instant. Astrometric: where it was when the light left it.
    Apparent: where it is seen, that is astrometric with aberration and deflection.
    """

    APPARENT = "apparent"
    ASTROMETRIC = "astrometric"
    GEOMETRIC = "geometric"


SUN: Final = "sun"
EARTH: Final = "earth"
BODY_CODES: Final = (
    SUN,
    "moon",
    "mercury",
    "venus",
    EARTH,
    "mars",
    "jupiter",
    "saturn",
    "uranus",
    "neptune",
    "pluto",
)

_CORRECTIONS: Final[Mapping[Origin, tuple[Correction, ...]]] = MappingProxyType(
    {
        Origin.GEOCENTRIC: tuple(Correction),
        Origin.HELIOCENTRIC: (Correction.GEOMETRIC,),
        Origin.TOPOCENTRIC: (Correction.APPARENT, Correction.ASTROMETRIC),
    }
)


def bodies_of(origin: Origin) -> tuple[str, ...]:
    """Return the bodies that can be seen from ``origin``: all but the one that stands there."""
    absent = SUN if origin is Origin.HELIOCENTRIC else EARTH
    return tuple(code for code in BODY_CODES if code != absent)


def corrections_of(origin: Origin) -> tuple[Correction, ...]:
    """Return the corrections that ``origin`` offers; the first is the default."""
    return _CORRECTIONS[origin]


def kernel_name(code: str) -> str:
    """Return the target of the kernel: DE440 gives the outer planets as barycentres."""
    return EARTH if code == EARTH else BODIES[code].kernel_name
