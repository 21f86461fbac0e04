"""The twenty-four solar terms of the East Asian calendars."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from astronomy.finders.build import Finding
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.solar_longitude import SolarCrossings, solar_occurrences
from astronomy.occurrence import Occurrence, SolarTermDetails
from astronomy.sampling import Sky

KINDS: Final = ("solar_term",)
# By longitude, 15 degrees apart, from 0: pinyin without tones.
TERMS: Final = (
    "chunfen",
    "qingming",
    "guyu",
    "lixia",
    "xiaoman",
    "mangzhong",
    "xiazhi",
    "xiaoshu",
    "dashu",
    "liqiu",
    "chushu",
    "bailu",
    "qiufen",
    "hanlu",
    "shuangjiang",
    "lidong",
    "xiaoxue",
    "daxue",
    "dongzhi",
    "xiaohan",
    "dahan",
    "lichun",
    "yushui",
    "jingzhe",
)
_SPACING_DEG: Final = 15.0


def find_solar_terms(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the solar terms in ``[start, end)``, oldest first.

    A solar term is the instant at which the Sun's apparent ecliptic longitude is a multiple
    of 15 degrees. The multiples of 30 degrees are zhongqi, the others jieqi.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees.    Shape: one occurrence a term.    Tolerance: 1 ms.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: GB/T 33661-2017; Explanatory Supplement (2013), ch. 15.
    """
    return solar_occurrences(
        sky, start, end, family=FAMILY, spacing_deg=_SPACING_DEG, findings=_findings
    )


def _findings(found: SolarCrossings) -> list[Finding]:
    return [
        Finding(
            key=f"solar-terms-sun-{found.years[at]}-{int(found.longitude_deg[at]):03d}",
            kind="solar_term",
            uncertainty_s=float(found.uncertainty_s[at]),
            details=SolarTermDetails(
                longitude_deg=float(found.longitude_deg[at]),
                term=TERMS[found.multiple[at]],
                zhongqi=bool(found.multiple[at] % 2 == 0),
                solar_year=int(found.years[at]),
            ),
        )
        for at in range(len(found.years))
    ]


FAMILY: Final = FamilyDefinition(
    name="solar_terms",
    kinds=KINDS,
    bodies=("sun",),
    definition_id="solar_terms/1",
    text=(
        "The instant at which the apparent geocentric ecliptic longitude of the Sun is a multiple "
        "of 15 degrees: the 24 solar terms. Multiples of 30 degrees are zhongqi (major terms), "
        "the others jieqi."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="GB/T 33661-2017, Calculation and promulgation of the Chinese calendar",
    finder=find_solar_terms,
)
