"""Sample once, search many: Chebyshev blocks of what Skyfield computed.

Skyfield is asked once for the apparent vectors of a body at the Chebyshev nodes of fixed blocks
of time; every search then evaluates polynomials. Blocks are anchored at J2000.0 and filled page
by page (256 days), so a result does not depend on the window that asked for it, and the cache is
bounded by the span of the product: 5 MB for the Moon, 2 MB for any other body.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

import numpy as np
from skyfield.timelib import Timescale

from astronomy import stars
from astronomy.bodies import BODIES
from astronomy.constants import J2000_JD
from astronomy.ephemeris import ApparentSky, Ephemeris
from astronomy.timescales import Floats, Ints, earth_turns

PAGE_DAYS: Final = 256
# Pages counted from J2000.0 that hold 1900-01-01 to 2101-01-01 and more than a year on each side,
# for what a month of a calendar or an alignment depends on.
_FIRST_PAGE: Final = -145
_PAGES: Final = 292
# Pages filled by one call of Skyfield, which costs about as much as two pages do.
_GROUP: Final = 4
# Points evaluated at once: 2 MB of coefficients.
_POINTS: Final = 8192
# Light left the farthest body hours before it is seen: stay this far inside the kernel.
_LIGHT_DAYS: Final = 1.0


class BlockSeries:
    """A vector function of time, kept as Chebyshev coefficients and filled on demand."""

    def __init__(
        self,
        sample: Callable[[Floats], Floats],
        covered_days: tuple[float, float],
        *,
        block_days: int,
        nodes: int,
        components: int,
    ) -> None:
        self._sample = sample
        self._covered_days = covered_days
        self._block_days = block_days
        self._page_blocks = PAGE_DAYS // block_days
        self._filled = np.zeros(_PAGES, dtype=bool)
        self._filling = Lock()
        shape = (_PAGES * self._page_blocks, components, nodes)
        self._coefficients = np.empty(shape, dtype=np.float64)
        self._angles = (np.arange(nodes) + 0.5) * (np.pi / nodes)

    def at(self, days: Floats) -> Floats:
        """Return the values (components, n) at ``days``."""
        position = days / self._block_days - _FIRST_PAGE * self._page_blocks
        block = np.floor(position).astype(np.int64)
        self._fill(block // self._page_blocks)
        return _evaluated(self._coefficients, block, 2.0 * (position - block) - 1.0)

    def _fill(self, pages: Ints) -> None:
        if self._filled[pages].all():
            return
        with self._filling:
            missing = np.unique(pages[~self._filled[pages]])
            # Groups lie where they lie for every body, so that bodies share times and frames.
            for group in np.unique(missing // _GROUP):
                self._fill_pages(missing[missing // _GROUP == group])

    def _fill_pages(self, pages: Ints) -> None:
        every = (pages[:, None] * self._page_blocks + np.arange(self._page_blocks)).ravel()
        self._coefficients[every] = np.nan
        blocks = self._covered_blocks(every)
        starts = (blocks + _FIRST_PAGE * self._page_blocks) * self._block_days
        fractions = 0.5 + 0.5 * np.cos(self._angles)
        instants = starts[:, None] + fractions[None, :] * self._block_days
        nodes = len(fractions)
        values = self._sample(instants.ravel()).reshape(-1, len(blocks), nodes)
        cosines = np.cos(np.outer(np.arange(nodes), self._angles)) * (2.0 / nodes)
        cosines[0] *= 0.5
        self._coefficients[blocks] = np.einsum("kn,cbn->bck", cosines, values)
        self._filled[pages] = True

    def _covered_blocks(self, blocks: Ints) -> Ints:
        """Return the blocks inside the kernel; the others stay not a number."""
        starts = (blocks + _FIRST_PAGE * self._page_blocks) * self._block_days
        low, high = self._covered_days
        return blocks[(starts >= low) & (starts + self._block_days <= high)]


def _evaluated(coefficients: Floats, block: Ints, x: Floats) -> Floats:
    """Evaluate Chebyshev series: coefficients (blocks, c, k), one block and x a point."""
    values = np.empty((coefficients.shape[1], len(x)))
    for at in range(0, len(x), _POINTS):
        part = slice(at, at + _POINTS)
        # One gather of what lies together in memory: several times faster than Clenshaw's rule.
        polynomials = _polynomials(x[part], coefficients.shape[2])
        np.einsum("nck,kn->cn", coefficients[block[part]], polynomials, out=values[:, part])
    return values


def _polynomials(x: Floats, number: int) -> Floats:
    """Return the first Chebyshev polynomials (k, n), at least two, at ``x``."""
    polynomials = np.empty((number, len(x)))
    polynomials[0], polynomials[1] = 1.0, x
    double = 2.0 * x
    for order in range(2, number):
        polynomials[order] = double * polynomials[order - 1] - polynomials[order - 2]
    return polynomials


class Sky:
    """The sky of one ephemeris: quick samples to search in, direct positions to confirm with.

    Quick values come from :class:`BlockSeries`; ``confirmed`` asks Skyfield itself.
    Frame of both: geocentric, apparent, true ecliptic and equinox of date. Time: days of TT
    since J2000.0. A sky belongs to one process; several threads may read it, for a page is
    filled by one of them.
    """

    def __init__(self, ephemeris: Ephemeris) -> None:
        self.ephemeris = ephemeris
        self._series: dict[str, BlockSeries] = {}
        self._on_grid: tuple[tuple[int, float, float], dict[str, Floats]] = ((0, 0.0, 0.0), {})

    @property
    def timescale(self) -> Timescale:
        """Return the time scale of the ephemeris."""
        return self.ephemeris.timescale

    def vector_au(self, body: str, days: Floats) -> Floats:
        """Return the sampled apparent vectors (3, n) of ``body`` in au, without deflection."""
        return self._body_series(body).at(days)

    def grid_vector_au(self, body: str, times: Floats) -> Floats:
        """Return the same on the grid of a search, which one family after another asks for."""
        grid = (len(times), float(times[0]), float(times[-1]))
        kept_grid, kept = self._on_grid
        if grid != kept_grid:
            kept = {}
            self._on_grid = grid, kept
        known = kept.get(body)
        if known is None:
            known = kept[body] = self.vector_au(body, times)
            known.flags.writeable = False
        return known

    def longitude_deg(self, body: str, days: Floats) -> Floats:
        """Return the sampled apparent ecliptic longitude of ``body``, -180 to 180 degrees."""
        return longitude_deg(self.vector_au(body, days))

    def obliquity_rad(self, days: Floats) -> Floats:
        """Return the sampled true obliquity of the ecliptic."""
        series = self._named_series("obliquity", self._sample_obliquity, 8, 10, 1)
        return np.asarray(series.at(days)[0])

    def orientation_rad(self, days: Floats) -> tuple[Floats, Floats]:
        """Return the true obliquity and Greenwich apparent sidereal time, as they are sampled.

        The sidereal time is not reduced to one turn.
        """
        sample = self.ephemeris.sampled_orientation
        obliquity, lead = self._named_series("orientation", sample, 8, 10, 2).at(days)
        return obliquity, 2.0 * np.pi * earth_turns(self.timescale, days) + lead

    def frame(self, days: Floats) -> Floats:
        """Return the sampled rotations (3, 3, n) from ICRS to the true ecliptic of date."""
        series = self._named_series("frame", self.ephemeris.sampled_frame, 8, 10, 9)
        return series.at(days).reshape(3, 3, -1)

    def direct_vector_au(self, body: str, days: Floats) -> Floats:
        """Return what :meth:`direct_vectors_au` does, of one body."""
        return self.direct_vectors_au((body,), days)[body]

    def direct_vectors_au(self, bodies: Sequence[str], days: Floats) -> dict[str, Floats]:
        """Return the direct Skyfield vectors (3, n) of ``bodies``, turned by the sampled frame.

        They differ from those of :meth:`confirmed` only by the nutation, IAU 2000B for 2000A:
        1.6 mas at most, the same for all bodies, so that what is between them is exact.
        """
        frame = self.frame(days)
        directions = self.ephemeris.apparent_directions(bodies, days)
        return {
            body: np.asarray(np.einsum("ijn,jn->in", frame, icrs_au), dtype=np.float64)
            for body, icrs_au in directions.items()
        }

    def confirmed(self, bodies: tuple[str, ...], days: Floats) -> ApparentSky:
        """Return the direct Skyfield positions of ``bodies`` at ``days``."""
        return self.ephemeris.apparent_sky(bodies, days)

    def _body_series(self, code: str) -> BlockSeries:
        scheme = (stars.BLOCK_DAYS, stars.BLOCK_NODES)
        if code not in stars.STARS:
            scheme = (BODIES[code].block_days, BODIES[code].block_nodes)
        return self._named_series(
            code, lambda days: self.ephemeris.sampled_vectors(code, days), *scheme, 3
        )

    def _named_series(
        self,
        name: str,
        sample: Callable[[Floats], Floats],
        block_days: int,
        nodes: int,
        components: int,
    ) -> BlockSeries:
        series = self._series.get(name)
        if series is None:
            covered = (
                self.ephemeris.covered_start - J2000_JD + _LIGHT_DAYS,
                self.ephemeris.covered_end - J2000_JD - _LIGHT_DAYS,
            )
            series = BlockSeries(
                sample, covered, block_days=block_days, nodes=nodes, components=components
            )
            self._series[name] = series
        return series

    def _sample_obliquity(self, days: Floats) -> Floats:
        return self.ephemeris.sampled_obliquity(days)[None, :]


def longitude_deg(vectors: Floats) -> Floats:
    """Return the longitude, -180 to 180 degrees, of vectors (3, n)."""
    return np.asarray(np.degrees(np.arctan2(vectors[1], vectors[0])))


def latitude_deg(vectors: Floats) -> Floats:
    """Return the latitude in degrees of vectors (3, n)."""
    return np.asarray(np.degrees(np.arctan2(vectors[2], np.hypot(vectors[0], vectors[1]))))
