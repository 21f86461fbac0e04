"""Measure positions, the scene's state and segments against plain Skyfield calls, as ratios.

Both sides answer the same question in one process; runs alternate and the best of the rounds
counts. Opening the kernel is not counted. ``python -m bench.astronomy.positions`` prints one JSON
line a row.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from skyfield.api import load_constellation_map, wgs84
from skyfield.framelib import ecliptic_frame, ecliptic_J2000_frame

from astronomy.constants import J2000_JD
from astronomy.ephemeris import Ephemeris, open_ephemeris
from astronomy.positions import (
    Frame,
    Origin,
    View,
    bodies_of,
    find_segments,
    position_table,
    scene_state,
)
from astronomy.positions.bodies import kernel_name
from astronomy.positions.segments import evaluated
from astronomy.positions.state import PLANETS

INSTANTS: Final = 1000
START_JD: Final = 2_461_000.5
YEAR_DAYS: Final = 365.0
FRAMES: Final = 100_000
BODIES: Final = bodies_of(Origin.GEOCENTRIC)


@dataclass(frozen=True)
class Row:
    """A question, and the two that answer it."""

    name: str
    ours: Callable[[Ephemeris], object]
    skyfield: Callable[[Ephemeris], object]


def _days(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.linspace(0.0, YEAR_DAYS, count, endpoint=False) + (START_JD - J2000_JD)


def _table(ephemeris: Ephemeris) -> object:
    return position_table(ephemeris, _days(INSTANTS), BODIES, View(frame=Frame.ECLIPTIC_DATE))


def _plain_at(ephemeris: Ephemeris, jd_tt: object) -> None:
    """Ask Skyfield, as its documentation shows, for what a row of positions holds."""
    kernel = ephemeris.kernel
    constellation_at = _CONSTELLATIONS
    moment = ephemeris.timescale.tt_jd(jd_tt)
    earth = kernel["earth"].at(moment)
    for body in BODIES:
        astrometric = earth.observe(kernel[kernel_name(body)])
        apparent = astrometric.apparent()
        apparent.radec(epoch="date")
        apparent.frame_latlon(ecliptic_frame)
        wgs84.subpoint_of(apparent)
        astrometric.phase_angle(kernel["sun"])
        astrometric.fraction_illuminated(kernel["sun"])
        constellation_at(apparent)
    _ = moment.gmst, moment.gast


_CONSTELLATIONS: Final = load_constellation_map()


def _plain_vectorised(ephemeris: Ephemeris) -> object:
    _plain_at(ephemeris, J2000_JD + _days(INSTANTS))
    return None


def _plain_each(ephemeris: Ephemeris) -> object:
    for days in _days(INSTANTS // 10):
        _plain_at(ephemeris, J2000_JD + float(days))
    return None


def _table_tenth(ephemeris: Ephemeris) -> object:
    return position_table(ephemeris, _days(INSTANTS // 10), BODIES, View(frame=Frame.ECLIPTIC_DATE))


def _state(ephemeris: Ephemeris) -> object:
    return [scene_state(ephemeris, START_JD + number) for number in range(20)]


def _plain_state(ephemeris: Ephemeris) -> object:
    kernel = ephemeris.kernel
    for number in range(20):
        moment = ephemeris.timescale.tt_jd(START_JD + number)
        for body in PLANETS:
            position = (kernel[kernel_name(body)] - kernel["sun"]).at(moment)
            position.frame_xyz(ecliptic_J2000_frame)
        (kernel["moon"] - kernel["earth"]).at(moment).frame_xyz(ecliptic_J2000_frame)
        for body in ("sun", "moon"):
            apparent = kernel["earth"].at(moment).observe(kernel[body]).apparent()
            apparent.radec(epoch="date")
            wgs84.subpoint_of(apparent)
        _ = moment.gmst, moment.gast
    return None


def _segments(ephemeris: Ephemeris) -> object:
    """Fit a year of the scene, and interpolate it at every frame."""
    jd_tt = J2000_JD + _days(FRAMES)
    fitted = find_segments(ephemeris, START_JD, START_JD + YEAR_DAYS, ("earth", "moon", "mars"))
    return [evaluated(segment, jd_tt) for segment in fitted]


def _plain_frames(ephemeris: Ephemeris) -> object:
    kernel = ephemeris.kernel
    moment = ephemeris.timescale.tt_jd(J2000_JD + _days(FRAMES))
    pairs = (("earth", "sun"), ("moon", "earth"), ("mars barycenter", "sun"))
    return [
        (kernel[body] - kernel[center]).at(moment).frame_xyz(ecliptic_J2000_frame)
        for body, center in pairs
    ]


ROWS: Final = (
    Row(f"{INSTANTS} instants x {len(BODIES)} bodies, at once", _table, _plain_vectorised),
    Row(f"{INSTANTS // 10} instants x {len(BODIES)} bodies, one by one", _table_tenth, _plain_each),
    Row("20 states of the scene", _state, _plain_state),
    Row(f"a year of Earth, Moon and Mars at {FRAMES} frames", _segments, _plain_frames),
)


def _seconds(run: Callable[[Ephemeris], object], ephemeris: Ephemeris) -> float:
    begun = time.perf_counter()
    run(ephemeris)
    return time.perf_counter() - begun


def _measured(row: Row, ephemeris: Ephemeris, rounds: int) -> dict[str, str | float]:
    ours, plain = [], []
    for _ in range(rounds):
        ours.append(_seconds(row.ours, ephemeris))
        plain.append(_seconds(row.skyfield, ephemeris))
    return {
        "row": row.name,
        "ours_s": round(min(ours), 4),
        "skyfield_s": round(min(plain), 4),
        "times_faster": round(min(plain) / min(ours), 2),
    }


def main() -> None:
    """Print one JSON line a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the best counts")
    rounds = parser.parse_args().rounds
    with open_ephemeris() as ephemeris:
        for row in ROWS:
            print(json.dumps(_measured(row, ephemeris, rounds)), flush=True)


if __name__ == "__main__":
    main()
