"""Turn confirmed instants into occurrences: labels, uncertainty and provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from astronomy.constants import DAY_MS, DAY_S, J2000_JD
from astronomy.occurrence import JSON, Occurrence, Provenance
from astronomy.sampling import Sky
from astronomy.timescales import (
    Bools,
    Floats,
    datetimes_from_milliseconds,
    delta_t_uncertainty_s,
    format_utc,
    tt_milliseconds,
    ut1_milliseconds,
    utc_milliseconds,
)


class Finding(NamedTuple):
    """What a finder knows of one event, apart from its instant.

    ``bodies`` are those of this event, where they are not those of the whole family.
    """

    key: str
    kind: str
    uncertainty_s: float
    details: Mapping[str, Any]
    begins_utc: datetime | None = None
    ends_utc: datetime | None = None
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Instants as the direct evaluation gives them.

    ``residual_s`` is how far the search on samples had been off, in seconds.
    """

    days: Floats
    residual_s: Floats

    def chosen(self, which: Bools) -> Confirmed:
        """Return those instants that ``which`` marks."""
        return Confirmed(self.days[which], self.residual_s[which])


def confirmed_roots(searched_days: Floats, residual: Floats, rate_per_day: Floats) -> Confirmed:
    """Return the roots after one Newton step from a direct evaluation.

    ``residual`` is the function evaluated directly at the searched instants; the search was
    within milliseconds, so that what a second step would change is far below a microsecond.
    """
    step_days = -residual / rate_per_day
    return Confirmed(searched_days + step_days, step_days * DAY_S)


def settled(searched_days: Floats, step_days: Floats, resolution_s: float) -> Confirmed:
    """Return searched instants after a step, rounded to what a flat curve lets them bear.

    Arithmetic alone moves an extremum by microseconds, differently in windows of other lengths.
    """
    ticks = np.rint((searched_days + step_days) * (DAY_S / resolution_s))
    residual_s = np.round(step_days * DAY_S / resolution_s) * resolution_s
    return Confirmed(ticks * (resolution_s / DAY_S), residual_s)


def utc_datetimes(sky: Sky, days: Floats) -> list[datetime]:
    """Return the labels of ``days``: UTC from 1972, UT1 before."""
    labels = utc_milliseconds(sky.timescale, np.asarray(days, dtype=np.float64))
    return datetimes_from_milliseconds(labels)


def contact_labels(sky: Sky, contacts: Mapping[str, Floats]) -> list[dict[str, str]]:
    """Return the labels of the contacts that each eclipse has, in the order they happen."""
    names = list(contacts)
    instants = np.array([contacts[name] for name in names])
    return [_labelled(sky, names, column) for column in instants.T]


def _labelled(sky: Sky, names: list[str], days: Floats) -> dict[str, str]:
    order = [int(at) for at in np.argsort(days, kind="stable") if np.isfinite(days[at])]
    moments = utc_datetimes(sky, days[order])
    return {names[at]: format_utc(moment) for at, moment in zip(order, moments, strict=True)}


def optional(value: float, digits: int) -> float | None:
    """Return the rounded value, or None for what is not a number."""
    return round(float(value), digits) if np.isfinite(value) else None


def build_occurrences(
    sky: Sky,
    *,
    family: str,
    definition_id: str,
    bodies: tuple[str, ...],
    confirmed: Confirmed,
    findings: list[Finding],
) -> list[Occurrence]:
    """Return one occurrence per finding, with its labels and its provenance."""
    days = confirmed.days
    tt_ms = tt_milliseconds(days)
    uncertainty_s = np.array([finding.uncertainty_s for finding in findings], dtype=np.float64)
    columns = zip(
        findings,
        _shared(np.asarray(J2000_JD + tt_ms // DAY_MS, dtype=np.float64)),
        (tt_ms % DAY_MS / DAY_MS).tolist(),
        datetimes_from_milliseconds(utc_milliseconds(sky.timescale, days)),
        datetimes_from_milliseconds(ut1_milliseconds(sky.timescale, days)),
        _shared(np.round(uncertainty_s, 3)),
        _provenances(sky, definition_id, confirmed),
        strict=True,
    )
    return [
        Occurrence(
            key=finding.key,
            kind=finding.kind,
            family=family,
            bodies=finding.bodies or bodies,
            tt_jd1=tt_jd1,
            tt_jd2=tt_jd2,
            utc=utc,
            # Before 1972 both labels are the same: kept once.
            ut1=utc if utc == ut1 else ut1,
            uncertainty_s=sigma_s,
            details=finding.details,
            provenance=provenance,
            begins_utc=finding.begins_utc,
            ends_utc=finding.ends_utc,
        )
        for finding, tt_jd1, tt_jd2, utc, ut1, sigma_s, provenance in columns
    ]


def _provenances(sky: Sky, definition_id: str, confirmed: Confirmed) -> list[Provenance]:
    """Return the provenance of each instant; those that say the same are one object."""
    shared: dict[str, JSON] = {
        "definition": definition_id,
        "ephemeris": sky.ephemeris.name,
        "versions": dict(sky.ephemeris.versions),
    }
    own = list(
        zip(
            np.round(confirmed.residual_s, 4).tolist(),
            np.round(delta_t_uncertainty_s(confirmed.days), 1).tolist(),
            strict=True,
        )
    )
    known = {numbers: Provenance(shared, *numbers) for numbers in set(own)}
    return [known[numbers] for numbers in own]


def _shared(values: Floats) -> list[float]:
    """Return a list in which equal numbers are one object: half a million events are held."""
    known: dict[float, float] = {}
    return [known.setdefault(value, value) for value in values.tolist()]
