"""Chebyshev segments: the scene over a span, to be interpolated without asking again.

Blocks are anchored at J2000.0, so that a request gets the same coefficients whatever its ends.
A series is sampled by Skyfield at the Chebyshev nodes of each block; the stated bounds were
measured against direct evaluations of every block of 1900-2100 (docs/positions.md) and tests hold
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from skyfield.timelib import Time

from astronomy.constants import J2000_JD
from astronomy.ephemeris import CHUNK, Ephemeris
from astronomy.limits import require_days
from astronomy.positions.bodies import EARTH, SUN, kernel_name
from astronomy.positions.frames import Frame, rotated
from astronomy.timescales import Floats, time_at

_TURN_RAD: Final = 2.0 * np.pi
# What a coefficient is rounded to; a hundredth of the smallest bound for all of a block's terms.
DECIMALS: Final = 15

_Sampler = Callable[[Ephemeris, Time], Floats]


@dataclass(frozen=True, slots=True)
class SegmentKind:
    """A series that is offered: what it is, and how finely it is cut.

    ``error_bound`` is the largest length of (interpolated minus direct) within 1900-2100, in
    ``unit``. A block is at most 16 days long, so that a kernel's excerpt needs no wider margin.
    """

    code: str
    origin: str
    frame: str
    unit: str
    block_days: int
    nodes: int
    error_bound: float
    sample: _Sampler


@dataclass(frozen=True, slots=True)
class Segment:
    """A series over consecutive blocks.

    ``coefficients`` (blocks, components, nodes) are of Chebyshev polynomials of the first kind in
    x = 2 (jd_tt - start of the block) / block_days - 1. The first block starts at ``start_jd_tt``.
    """

    kind: SegmentKind
    start_jd_tt: float
    coefficients: Floats


def _between(code: str, origin: str) -> _Sampler:
    def sample(ephemeris: Ephemeris, moment: Time) -> Floats:
        kernel = ephemeris.kernel
        position = (kernel[kernel_name(code)] - kernel[kernel_name(origin)]).at(moment)
        return rotated(position.xyz.au, Frame.ECLIPTIC_J2000, moment)

    return sample


def _seen(code: str) -> _Sampler:
    def sample(ephemeris: Ephemeris, moment: Time) -> Floats:
        kernel = ephemeris.kernel
        apparent = kernel[EARTH].at(moment).observe(kernel[kernel_name(code)]).apparent()
        return rotated(apparent.xyz.au, Frame.EQUATORIAL_DATE, moment)

    return sample


def _sidereal(_ephemeris: Ephemeris, moment: Time) -> Floats:
    """Return Greenwich apparent sidereal time as an angle that never falls (1, n)."""
    within = np.asarray(moment.gast) * (np.pi / 12.0)
    # The Earth turns by this much a day (IAU 2000 rate); it only counts the turns.
    turns = (np.asarray(moment.ut1) - J2000_JD) * 1.00273781191135448 + 0.7790572732640
    whole = np.rint(turns - within / _TURN_RAD)
    return np.asarray((within + whole * _TURN_RAD)[None, :])


def _scene(code: str, block_days: int, nodes: int, error_bound: float) -> SegmentKind:
    origin = EARTH if code == "moon" else SUN
    frame = str(Frame.ECLIPTIC_J2000)
    sample = _between(code, origin)
    return SegmentKind(code, origin, frame, "au", block_days, nodes, error_bound, sample)


def _apparent(code: str, block_days: int, nodes: int, error_bound: float) -> SegmentKind:
    frame, name = str(Frame.EQUATORIAL_DATE), f"{code}_apparent"
    return SegmentKind(name, EARTH, frame, "au", block_days, nodes, error_bound, _seen(code))


_ALL: Final = (
    _scene("mercury", 8, 10, 1e-10),
    _scene("venus", 16, 9, 1e-11),
    _scene("earth", 8, 9, 1e-10),
    _scene("mars", 16, 8, 1e-11),
    _scene("jupiter", 16, 6, 1e-11),
    _scene("saturn", 16, 6, 1e-11),
    _scene("uranus", 16, 6, 1e-11),
    _scene("neptune", 16, 6, 1e-11),
    _scene("pluto", 16, 6, 1e-11),
    _scene("moon", 4, 11, 1e-12),
    _apparent("sun", 8, 11, 1e-10),
    _apparent("moon", 4, 11, 1e-12),
    SegmentKind("sidereal_time", EARTH, "equatorial_date", "rad", 8, 9, 1e-8, _sidereal),
)
SEGMENT_KINDS: Final[Mapping[str, SegmentKind]] = MappingProxyType(
    {kind.code: kind for kind in _ALL}
)
SEGMENT_BODIES: Final = tuple(SEGMENT_KINDS)


def find_segments(
    ephemeris: Ephemeris, start_jd_tt: float, end_jd_tt: float, codes: Sequence[str]
) -> list[Segment]:
    """Return segments of ``codes`` that cover ``[start_jd_tt, end_jd_tt]``.

    Time scale: Julian dates of TT.    Units: as each kind says.
    Raises: ValueError for an unknown code, or unless start < end; EphemerisRangeError.
    """
    unknown = [code for code in codes if code not in SEGMENT_KINDS]
    if unknown:
        raise ValueError(f"There is no segment of {', '.join(unknown)}.")
    if not start_jd_tt < end_jd_tt:
        raise ValueError(f"The start {start_jd_tt} must be before the end {end_jd_tt}.")
    block_days = max(kind.block_days for kind in SEGMENT_KINDS.values())
    reach = np.array([start_jd_tt - block_days, end_jd_tt + block_days])
    require_days(ephemeris, reach - J2000_JD)
    return [_segment(ephemeris, SEGMENT_KINDS[code], start_jd_tt, end_jd_tt) for code in codes]


def _segment(
    ephemeris: Ephemeris, kind: SegmentKind, start_jd_tt: float, end_jd_tt: float
) -> Segment:
    first = int(np.floor((start_jd_tt - J2000_JD) / kind.block_days))
    last = int(np.ceil((end_jd_tt - J2000_JD) / kind.block_days))
    starts = np.arange(first, last, dtype=np.float64) * kind.block_days
    coefficients = _fitted(kind, _sampled(ephemeris, kind, starts))
    return Segment(kind, J2000_JD + float(starts[0]), np.round(coefficients, DECIMALS))


def _sampled(ephemeris: Ephemeris, kind: SegmentKind, starts: Floats) -> Floats:
    """Return values (components, blocks, nodes) at the Chebyshev nodes."""
    fractions = 0.5 + 0.5 * np.cos(_node_angles(kind.nodes))
    days = (starts[:, None] + fractions[None, :] * kind.block_days).ravel()
    parts = [
        kind.sample(ephemeris, time_at(ephemeris.timescale, days[at : at + CHUNK]))
        for at in range(0, len(days), CHUNK)
    ]
    return np.concatenate(parts, axis=1).reshape(-1, len(starts), kind.nodes)


def _fitted(kind: SegmentKind, values: Floats) -> Floats:
    """Return the coefficients (blocks, components, nodes) of the discrete cosine transform."""
    orders = np.arange(kind.nodes)
    cosines = np.cos(np.outer(orders, _node_angles(kind.nodes))) * (2.0 / kind.nodes)
    cosines[0] *= 0.5
    return np.asarray(np.einsum("kn,cbn->bck", cosines, values))


def _node_angles(nodes: int) -> Floats:
    return np.asarray((np.arange(nodes) + 0.5) * (np.pi / nodes))


def evaluated(segment: Segment, jd_tt: Floats) -> Floats:
    """Return the values (components, n) of a segment at ``jd_tt``, as a client computes them.

    Raises: ValueError outside the segment.
    """
    position = (jd_tt - segment.start_jd_tt) / segment.kind.block_days
    if position.min() < 0.0 or position.max() > len(segment.coefficients):
        raise ValueError("The segment does not cover this instant.")
    block = np.minimum(position.astype(np.int64), len(segment.coefficients) - 1)
    orders = np.arange(segment.kind.nodes)
    x = np.clip(2.0 * (position - block) - 1.0, -1.0, 1.0)
    cosines = np.cos(orders[:, None] * np.arccos(x)[None, :])
    return np.asarray(np.einsum("nck,kn->cn", segment.coefficients[block], cosines))
