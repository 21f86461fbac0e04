"""What can be computed: checks of instants, with errors that name the limits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import numpy as np

from astronomy.constants import J2000_JD
from astronomy.ephemeris import Ephemeris
from astronomy.errors import EphemerisRangeError
from astronomy.finders.window import supported_span
from astronomy.timescales import Floats

# Light from Pluto takes seven hours.
_LIGHT_DAYS: Final = 1.0


def require_moments(ephemeris: Ephemeris, moments: Iterable[datetime]) -> None:
    """Raise EphemerisRangeError for a moment outside the span of the product or the kernel."""
    first, last = supported_span(ephemeris)
    outside = [moment for moment in moments if not first <= moment <= last]
    if outside:
        raise _range_error(
            outside[0].isoformat(), first.date().isoformat(), last.date().isoformat()
        )


def require_days(ephemeris: Ephemeris, days: Floats) -> None:
    """Raise for days of TT since J2000.0 that are no numbers or outside the kernel.

    Raises: ValueError for what is not finite, EphemerisRangeError for what is not covered.
    """
    if not np.all(np.isfinite(days)):
        raise ValueError("An instant must be a finite number of days, not NaN or infinite.")
    first, last = ephemeris.covered_start + _LIGHT_DAYS, ephemeris.covered_end - _LIGHT_DAYS
    julian = np.asarray(days) + J2000_JD
    outside = julian[(julian < first) | (julian > last)]
    if outside.size:
        labels = (_day(ephemeris, first), _day(ephemeris, last))
        raise _range_error(f"Julian date {outside[0]:.1f}", *labels)


def _day(ephemeris: Ephemeris, jd_tt: float) -> str:
    day: str = ephemeris.timescale.tt_jd(jd_tt).tt_strftime("%Y-%m-%d")
    return day


def _range_error(what: str, first: str, last: str) -> EphemerisRangeError:
    return EphemerisRangeError(
        f"{what} is outside what can be computed: {first} to {last}.",
        covered_start=first,
        covered_end=last,
    )
