"""Where a body crosses from one IAU constellation into another.

The boundaries (Delporte 1930) are arcs of right ascension and declination for the equinox B1875.0.
Skyfield carries them as a table of cells between all those arcs. A path is followed through the
cells: intervals of time whose cells are all of one constellation are left, the others halved until
a single arc is crossed, and that crossing is a root like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from skyfield.functions import load_bundled_npy
from skyfield.timelib import Time, julian_date_of_besselian_epoch

from astronomy.bodies import BODIES
from astronomy.constants import DAY_S
from astronomy.finders.build import Confirmed
from astronomy.sampling import Sky, latitude_deg, longitude_deg
from astronomy.search import grid, refine_roots, slope, wrapped_deg
from astronomy.timescales import Bools, Floats, Ints

# A path bends by at most this, in degrees a day squared: the Moon at its greatest declination.
_BEND_DEG: Final = 4.0
# Below this many days a corner is not looked at more closely: half a second of the Moon's path.
_LEAST_DAYS: Final = 4e-6
_OBLIQUITY_1875_RAD: Final = float(np.radians(23.456))
_BELT_DEG: Final = 8.0


@dataclass(frozen=True)
class CellMap:
    """The cells between all boundary arcs, B1875.0; right ascension goes round twice.

    ``codes`` (ra, dec) is the constellation of a cell; ``changes`` counts, from the corner of the
    table, the borders between neighbouring cells of different constellations.
    """

    ra_deg: Floats
    dec_deg: Floats
    codes: Ints
    names: tuple[str, ...]
    matrix: Floats
    across: Ints
    along: Ints

    def uniform(self, low_ra: Ints, high_ra: Ints, low_dec: Ints, high_dec: Ints) -> Bools:
        """Tell for each block of cells, ends included, whether it is one constellation."""
        across = _inside(self.across, low_ra, high_ra, low_dec, high_dec + 1)
        along = _inside(self.along, low_ra, high_ra + 1, low_dec, high_dec)
        return np.asarray(across + along == 0)


def _inside(sums: Ints, low_ra: Ints, high_ra: Ints, low_dec: Ints, high_dec: Ints) -> Ints:
    return np.asarray(
        sums[high_ra, high_dec]
        - sums[low_ra, high_dec]
        - sums[high_ra, low_dec]
        + sums[low_ra, low_dec]
    )


def _prefix_sums(marks: Bools) -> Ints:
    sums = np.zeros((marks.shape[0] + 1, marks.shape[1] + 1), dtype=np.int64)
    sums[1:, 1:] = marks.cumsum(axis=0).cumsum(axis=1)
    return sums


@cache
def cell_map() -> CellMap:
    """Return the map that Skyfield carries."""
    arrays = load_bundled_npy("constellations.npz")
    once = np.asarray(arrays["radec_to_index"], dtype=np.int64)
    codes = np.concatenate((once, once), axis=0)
    return CellMap(
        ra_deg=np.asarray(arrays["sorted_ra"], dtype=np.float64) * 15.0,
        dec_deg=np.asarray(arrays["sorted_dec"], dtype=np.float64),
        codes=codes,
        names=tuple(str(name).lower() for name in arrays["indexed_abbreviations"]),
        matrix=np.asarray(Time(None, julian_date_of_besselian_epoch(1875)).M),
        across=_prefix_sums(codes[1:] != codes[:-1]),
        along=_prefix_sums(codes[:, 1:] != codes[:, :-1]),
    )


@cache
def middle_longitudes_deg() -> dict[str, float]:
    """Return a fixed longitude in the part of each constellation that is near the ecliptic.

    It only counts turns: no longitude of a body in the constellation is far from it.
    """
    cells = cell_map()
    columns = len(cells.ra_deg) + 1
    ra = np.radians(_middles(cells.ra_deg, 0.0, 360.0))[:, None]
    dec = np.radians(_middles(cells.dec_deg, -90.0, 90.0))[None, :]
    x, y, z = np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec) + 0.0 * ra
    cosine, sine = np.cos(_OBLIQUITY_1875_RAD), np.sin(_OBLIQUITY_1875_RAD)
    north = z * cosine - y * sine
    belt = np.abs(np.degrees(np.arcsin(north))) < _BELT_DEG
    codes = cells.codes[:columns, : len(cells.dec_deg) + 1]
    middles = {}
    for code in np.unique(codes[belt]):
        mine = belt & (codes == code)
        east = (y * cosine + z * sine)[mine].sum()
        middles[cells.names[code]] = float(np.degrees(np.arctan2(east, x[mine].sum()))) % 360.0
    return middles


def _middles(lines: Floats, low: float, high: float) -> Floats:
    edges = np.concatenate(([low], lines, [high]))
    return np.asarray(0.5 * (edges[1:] + edges[:-1]))


@dataclass(frozen=True, slots=True)
class BorderCrossings:
    """Instants of crossing, oldest first, and the constellations left and entered."""

    confirmed: Confirmed
    left: list[str]
    entered: list[str]
    uncertainty_s: Floats


@dataclass(frozen=True, slots=True)
class _Path:
    """Places (n,) on a path with the cells they are in."""

    days: Floats
    ra_deg: Floats
    dec_deg: Floats
    ra_cell: Ints
    dec_cell: Ints

    def chosen(self, which: Bools | Ints) -> _Path:
        return _Path(
            self.days[which],
            self.ra_deg[which],
            self.dec_deg[which],
            self.ra_cell[which],
            self.dec_cell[which],
        )


@dataclass(frozen=True, slots=True)
class _Arcs:
    """Brackets of time in which one arc is crossed, and which: of declination or not."""

    start: _Path
    end: _Path
    is_dec: Bools
    line_deg: Floats


def find_border_crossings(
    sky: Sky, body: str, start_days: float, end_days: float, *, step_days: float
) -> BorderCrossings:
    """Return where ``body`` passes from one constellation into another, confirmed.

    Frame: apparent geocentric directions, referred to the mean equator and equinox of B1875.0.
    """
    arcs = _crossed_arcs(sky, body, grid(start_days, end_days, step_days))
    searched = refine_roots(
        lambda days, at: _off_arc(_place(sky, body, days), arcs, at), arcs.start.days, arcs.end.days
    )
    every = np.arange(len(searched))
    rate = slope(lambda days: _off_arc(_place(sky, body, days), arcs, every), searched)
    direct = cell_map().matrix @ sky.ephemeris.direct_icrs_au(body, searched)
    off_deg = _off_arc((longitude_deg(direct), latitude_deg(direct)), arcs, every)
    step = -off_deg / rate
    sigma_deg = BODIES[body].uncertainty_arcsec / 3600.0
    stretch = np.where(arcs.is_dec, 1.0, 1.0 / np.cos(np.radians(arcs.start.dec_deg)))
    order = np.argsort(searched + step, kind="stable")
    return BorderCrossings(
        Confirmed((searched + step)[order], (step * DAY_S)[order]),
        _names(arcs.start.chosen(order)),
        _names(arcs.end.chosen(order)),
        (sigma_deg * stretch / np.abs(rate) * DAY_S)[order],
    )


def _names(path: _Path) -> list[str]:
    cells = cell_map()
    return [cells.names[code] for code in cells.codes[path.ra_cell, path.dec_cell]]


def _place(sky: Sky, body: str, days: Floats) -> tuple[Floats, Floats]:
    """Return right ascension and declination in degrees, mean equator of B1875.0, sampled."""
    icrs = np.einsum("jin,jn->in", sky.frame(days), sky.vector_au(body, days))
    vector = cell_map().matrix @ icrs
    return longitude_deg(vector), latitude_deg(vector)


def _off_arc(place: tuple[Floats, Floats], arcs: _Arcs, at: Ints) -> Floats:
    ra_deg, dec_deg = place
    line = arcs.line_deg[at]
    return np.where(arcs.is_dec[at], dec_deg - line, wrapped_deg(ra_deg - line))


def _path(sky: Sky, body: str, days: Floats) -> _Path:
    cells = cell_map()
    ra_deg, dec_deg = _place(sky, body, days)
    ra_deg = ra_deg % 360.0
    return _Path(
        days,
        ra_deg,
        dec_deg,
        np.searchsorted(cells.ra_deg, ra_deg),
        np.searchsorted(cells.dec_deg, dec_deg, side="right"),
    )


def _crossed_arcs(sky: Sky, body: str, days: Floats) -> _Arcs:
    """Halve the intervals between ``days`` until each that is left crosses a single arc."""
    path = _path(sky, body, days)
    start, end = path.chosen(slice(None, -1)), path.chosen(slice(1, None))
    found = []
    while len(start.days):
        uniform, single, is_dec = _judged(start, end)
        small = ~uniform & ~single & (end.days - start.days < _LEAST_DAYS)
        changed = _codes(start) != _codes(end)
        found.append(_arcs(start, end, (single | small) & changed, is_dec))
        left = np.flatnonzero(~uniform & ~single & ~small)
        start, end = start.chosen(left), end.chosen(left)
        middle = _path(sky, body, 0.5 * (start.days + end.days))
        start, end = _joined(start, middle), _joined(middle, end)
    return _Arcs(
        _joined(*(arcs.start for arcs in found)),
        _joined(*(arcs.end for arcs in found)),
        np.concatenate([arcs.is_dec for arcs in found]),
        np.concatenate([arcs.line_deg for arcs in found]),
    )


def _judged(start: _Path, end: _Path) -> tuple[Bools, Bools, Bools]:
    """Tell which intervals stay in one constellation, cross one arc, and cross declination."""
    cells = cell_map()
    slack_deg = _BEND_DEG / 8.0 * (end.days - start.days) ** 2
    low_deg = np.minimum(start.dec_deg, end.dec_deg) - slack_deg
    high_deg = np.maximum(start.dec_deg, end.dec_deg) + slack_deg
    low_dec = np.searchsorted(cells.dec_deg, low_deg, side="right")
    high_dec = np.searchsorted(cells.dec_deg, high_deg, side="right")
    turn = len(cells.ra_deg) + 1
    high_ra = end.ra_cell + np.where(end.ra_cell < start.ra_cell, turn, 0)
    uniform = cells.uniform(start.ra_cell, high_ra, low_dec, high_dec)
    is_dec = start.dec_cell != end.dec_cell
    by_ra = (high_ra - start.ra_cell == 1) & (high_dec == low_dec)
    by_dec = (high_ra == start.ra_cell) & (high_dec - low_dec == 1) & is_dec
    return uniform, ~uniform & (by_ra | by_dec), is_dec


def _codes(path: _Path) -> Ints:
    return cell_map().codes[path.ra_cell, path.dec_cell]


def _arcs(start: _Path, end: _Path, which: Bools, is_dec: Bools) -> _Arcs:
    cells = cell_map()
    first, last = start.chosen(which), end.chosen(which)
    dec_line = np.minimum(np.minimum(first.dec_cell, last.dec_cell), len(cells.dec_deg) - 1)
    # Cell 0 begins at 0 h, and a cell after it at the arc with the number before its own.
    ra_deg = np.concatenate(([0.0], cells.ra_deg))[last.ra_cell]
    return _Arcs(first, last, is_dec[which], np.where(is_dec[which], cells.dec_deg[dec_line], ra_deg))


def _joined(*paths: _Path) -> _Path:
    return _Path(
        np.concatenate([path.days for path in paths]),
        np.concatenate([path.ra_deg for path in paths]),
        np.concatenate([path.dec_deg for path in paths]),
        np.concatenate([path.ra_cell for path in paths]),
        np.concatenate([path.dec_cell for path in paths]),
    )
