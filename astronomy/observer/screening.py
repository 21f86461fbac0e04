"""Which of many events can be seen from a place: most are judged together, by their samples.

Nothing in the sky moves faster than it turns. So samples of how far an event is from being seen
tell for sure that it can be seen, or that it cannot; only what is close is looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

import numpy as np

from astronomy.finders.separations import approach
from astronomy.observer.levels import DARK_DEG, NIGHT_DEG, horizon_level, level_altitude_deg
from astronomy.observer.local_disc import discs
from astronomy.observer.occultations import limb_gap
from astronomy.observer.place import Place
from astronomy.observer.sightings import TIMED, Sighting, Watch, watch_of
from astronomy.observer.view import View, altitude_deg
from astronomy.observer.visibility import AROUND_DAYS, is_in_glare, visible_from
from astronomy.sampling import Sky
from astronomy.timescales import Floats, days_from_datetime

# Degrees a day by which an altitude can change at most: the turn of the Earth and 2 % more.
_FASTEST_DEG_D: Final = 369.0
# The discs of Sun, Moon and stars approach at a place by less than a degree an hour.
_GAP_SCALE: Final = 15.0
_AROUND_SAMPLES: Final = 97
_LONGEST_STEP_DAYS: Final = 10.0 / 1440.0
_TOGETHER: Final = 250  # events whose samples are held at once: 10 MB

Verdict: TypeAlias = bool | None


def visible_among(sky: Sky, sightings: Sequence[Sighting], place: Place) -> list[bool]:
    """Return for each event whether it can be seen from ``place``, as ``visible_from`` says.

    Frame and rule: as local_view.    Shape: one an event, in their order.
    """
    view = View(sky, place)
    verdicts: list[Verdict] = []
    for at in range(0, len(sightings), _TOGETHER):
        verdicts += _screened(view, sightings[at : at + _TOGETHER])
    return [
        visible_from(sky, sighting, place)["visible"] if verdict is None else verdict
        for sighting, verdict in zip(sightings, verdicts, strict=True)
    ]


def _screened(view: View, sightings: Sequence[Sighting]) -> list[Verdict]:
    """Return what the samples tell of each event; None where they leave it open."""
    verdicts: list[Verdict] = [None] * len(sightings)
    watched: list[tuple[int, Watch, float]] = []
    for at, sighting in enumerate(sightings):
        watch = watch_of(sighting)
        if sighting.family in TIMED:
            verdicts[at] = _timed(view, sighting)
        elif watch is None or is_in_glare(view.sky, watch, sighting.days):
            verdicts[at] = False
        else:
            watched.append((at, watch, sighting.days))
    if watched:
        found = _watched(view, [(watch, days) for _at, watch, days in watched])
        for (at, _watch, _days), verdict in zip(watched, found, strict=True):
            verdicts[at] = verdict
    return verdicts


def _watched(view: View, watches: Sequence[tuple[Watch, float]]) -> list[Verdict]:
    """Judge events without duration together: body by body for all of them."""
    offsets = np.linspace(-AROUND_DAYS, AROUND_DAYS, _AROUND_SAMPLES)
    days = np.array([middle for _watch, middle in watches])[:, None] + offsets
    clearance = np.full(days.shape, np.inf)

    def narrow(rows: list[int], clearance_deg: Callable[[Floats], Floats]) -> None:
        if rows:
            values = clearance_deg(days[rows].ravel()).reshape(len(rows), -1)
            clearance[rows] = np.minimum(clearance[rows], values)

    for body in sorted({body for watch, _ in watches for body in watch.bodies}):
        rows = [at for at, (watch, _) in enumerate(watches) if body in watch.bodies]
        narrow(rows, partial(_height_deg, view, body))
    for level_deg in (DARK_DEG, NIGHT_DEG):
        rows = [at for at, (watch, _) in enumerate(watches) if watch.sun_below_deg == level_deg]
        narrow(rows, partial(_darkness_deg, view, level_deg))
    for at, (watch, _) in enumerate(watches):
        if watch.radiant is not None:
            narrow([at], partial(_radiant_deg, view, watch.radiant))
    return [_verdict(row, 2.0 * AROUND_DAYS / (_AROUND_SAMPLES - 1)) for row in clearance]


def _timed(view: View, sighting: Sighting) -> Verdict:
    """Judge an eclipse, a transit or an occultation by samples of the whole of it."""
    if not sighting.begins_utc or not sighting.ends_utc:
        return False
    start, end = (
        days_from_datetime(view.sky.timescale, moment)
        for moment in (sighting.begins_utc, sighting.ends_utc)
    )
    days = np.linspace(start, end, 2 + int((end - start) / _LONGEST_STEP_DAYS))
    step = float(days[1] - days[0])
    if sighting.family == "lunar_eclipses":
        return _verdict(_height_deg(view, "moon", days), step)
    if sighting.family == "solar_eclipses":
        sun, moon = view.vector_au("sun", days), view.vector_au("moon", days)
        overlap = -np.degrees(discs(sun, moon).partial_gap) * _GAP_SCALE
        return _verdict(np.minimum(_height_deg(view, "sun", days), overlap), step)
    if sighting.family == "occultations":
        # It is seen at its contacts alone: the samples can only tell that it is not.
        return False if _verdict(_covered(view, sighting.bodies[1], days), step) is False else None
    return None


def _covered(view: View, body: str, days: Floats) -> Floats:
    pair = approach(view.vector_au("moon", days), view.vector_au(body, days))
    covered = -np.degrees(limb_gap(pair)) * _GAP_SCALE
    in_view = np.minimum(_darkness_deg(view, DARK_DEG, days), _height_deg(view, body, days))
    return np.minimum(covered, in_view)


def _darkness_deg(view: View, level_deg: float, days: Floats) -> Floats:
    return level_deg - view.altitude_deg("sun", days)


def _height_deg(view: View, body: str, days: Floats) -> Floats:
    return level_altitude_deg(view, body, days) - horizon_level(body, view.place).altitude_deg


def _radiant_deg(view: View, icrs: Floats, days: Floats) -> Floats:
    level_deg = horizon_level("star", view.place).altitude_deg
    return altitude_deg(view.fixed_vector_au(icrs, days)) - level_deg


def _verdict(clearance_deg: Floats, step_days: float) -> Verdict:
    """Return whether something is certainly above, or certainly never above, the mark."""
    best = float(np.max(clearance_deg))
    if best > 0.0:
        return True
    # No instant is farther than half a step from a sample.
    return False if best < -_FASTEST_DEG_D * step_days / 2.0 else None
