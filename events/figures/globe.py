"""The Earth from far away: orthographic, with a graticule, and fields drawn on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.timescales import Floats
from events.figures.contours import outlines
from events.figures.svg import polyline

CELLS: Final = 84
# Fields are continued a little beyond the limb, so that what is drawn is cut by the limb itself.
_BEYOND: Final = 1.06
_STEP_DEG: Final = 30
_FINE_DEG: Final = 5


@dataclass(frozen=True, slots=True)
class Globe:
    """A globe of ``radius`` around ``x, y`` on the paper, seen from over a place."""

    latitude_deg: float
    longitude_deg: float
    x: float
    y: float
    radius: float

    def places(self, latitude_deg: Floats, longitude_deg: Floats) -> tuple[Floats, Floats]:
        """Return places on the paper, not a number where they are behind the limb."""
        lat, lon = np.radians(latitude_deg), np.radians(longitude_deg - self.longitude_deg)
        center = np.radians(self.latitude_deg)
        front = np.sin(center) * np.sin(lat) + np.cos(center) * np.cos(lat) * np.cos(lon)
        right = np.cos(lat) * np.sin(lon)
        up = np.cos(center) * np.sin(lat) - np.sin(center) * np.cos(lat) * np.cos(lon)
        hidden = np.where(front >= 0.0, 0.0, np.nan)
        return self.x + right * self.radius + hidden, self.y - up * self.radius + hidden

    def grid(self) -> tuple[Floats, Floats, Floats]:
        """Return latitudes and longitudes of the grid of fields, and how far out its points are.

        Points beyond the limb take the place on the limb nearest to them.
        """
        axis = np.linspace(-_BEYOND, _BEYOND, CELLS + 1) * (1.0 + 2.0 / CELLS)
        right, up = np.meshgrid(axis, -axis)
        out = np.hypot(right, up)
        pulled = np.maximum(out, 1.0)
        right, up = right / pulled, up / pulled
        front = np.sqrt(np.maximum(1.0 - right**2 - up**2, 0.0))
        center = np.radians(self.latitude_deg)
        z = up * np.cos(center) + front * np.sin(center)
        x = front * np.cos(center) - up * np.sin(center)
        longitude = np.degrees(np.arctan2(right, x)) + self.longitude_deg
        return np.degrees(np.arcsin(np.clip(z, -1.0, 1.0))), longitude, out

    def filled(self, field: Floats, out: Floats) -> str:
        """Return the path around the positive part of a field on the grid."""
        last = 1.0 + 2.0 / CELLS
        inside = np.where(out <= _BEYOND, field, np.minimum(field, -1e-3))
        half = CELLS / 2.0
        unit = _BEYOND * last * self.radius / half
        loops = outlines(np.asarray(inside, dtype=np.float64))
        return "".join(
            polyline(
                (
                    (self.x + (column - half) * unit, self.y + (row - half) * unit)
                    for column, row in loop
                ),
                closed=True,
            )
            for loop in loops
            if len(loop) > 3
        )

    def line(self, latitude_deg: Floats, longitude_deg: Floats) -> str:
        """Return the path along places, with gaps where they are behind the limb."""
        x, y = self.places(latitude_deg, longitude_deg)
        parts = np.flatnonzero(np.diff(np.isfinite(x).astype(int))) + 1
        pieces = zip(np.split(x, parts), np.split(y, parts), strict=True)
        return "".join(
            polyline(zip(px.tolist(), py.tolist(), strict=True))
            for px, py in pieces
            if len(px) > 1 and np.isfinite(px[0])
        )

    def graticule(self) -> str:
        """Return meridians and parallels, 30 degrees apart."""
        return "".join(self.line(*places) for places in _graticule())


def _graticule() -> Iterator[tuple[Floats, Floats]]:
    along = np.arange(-90.0, 90.1, _FINE_DEG)
    for longitude in range(-180, 180, _STEP_DEG):
        yield along, np.full_like(along, longitude)
    around = np.arange(-180.0, 180.1, _FINE_DEG)
    for latitude in range(-60, 90, _STEP_DEG):
        yield np.full_like(around, latitude), around
