"""Sun and Moon as discs on the sky of a place: how far apart, how large, how much is covered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from astronomy.constants import MOON_RADIUS_PENUMBRA, MOON_RADIUS_UMBRA
from astronomy.finders.besselian import EARTH_RADIUS_AU, SUN_RADIUS
from astronomy.finders.solar_circumstances import covered_area
from astronomy.timescales import Bools, Floats


@dataclass(frozen=True)
class Discs:
    """Sun and Moon at n instants, topocentric and apparent; angles in radians.

    ``moon`` is the mean radius, ``moon_valleys`` that to the bottom of the valleys of the limb:
    the one bounds the partial, the other the total phase, as for the whole Earth.
    """

    apart: Floats
    sun: Floats
    moon: Floats
    moon_valleys: Floats

    @property
    def partial_gap(self) -> Floats:
        """Return how far the discs are from touching; negative while they overlap."""
        return np.asarray(self.apart - self.sun - self.moon)

    @property
    def central_gap(self) -> Floats:
        """Return how far one disc is from lying inside the other; negative while it does."""
        return np.asarray(self.apart - np.abs(self.sun - self.moon_valleys))

    @property
    def total(self) -> Bools:
        """Tell where the Moon is large enough to cover the Sun."""
        return np.asarray(self.moon_valleys >= self.sun)

    @property
    def magnitude(self) -> Floats:
        """Return the covered fraction of the Sun's diameter; the ratio of diameters if central."""
        covered = np.clip(-self.partial_gap / (2.0 * self.sun), 0.0, None)
        return np.where(self.central_gap < 0.0, self.moon_valleys / self.sun, covered)

    @property
    def obscuration(self) -> Floats:
        """Return the covered fraction of the Sun's area."""
        central = self.central_gap < 0.0
        moon = np.where(central, self.moon_valleys, self.moon)
        apart = np.minimum(self.apart, self.sun + moon)
        return covered_area(moon / self.sun, apart / self.sun)


def discs(sun_au: Floats, moon_au: Floats) -> Discs:
    """Return the discs of topocentric vectors (3, n) of Sun and Moon."""
    sun_distance = np.linalg.norm(sun_au, axis=0)
    moon_distance = np.linalg.norm(moon_au, axis=0)
    sun, moon = sun_au / sun_distance, moon_au / moon_distance
    # The half chord keeps its precision where the centres meet.
    apart = 2.0 * np.arcsin(np.clip(np.linalg.norm(sun - moon, axis=0) / 2.0, 0.0, 1.0))
    return Discs(
        apart=apart,
        sun=np.arcsin(SUN_RADIUS * EARTH_RADIUS_AU / sun_distance),
        moon=np.arcsin(MOON_RADIUS_PENUMBRA * EARTH_RADIUS_AU / moon_distance),
        moon_valleys=np.arcsin(MOON_RADIUS_UMBRA * EARTH_RADIUS_AU / moon_distance),
    )
