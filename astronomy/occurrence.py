"""The value that every finder returns: one event of the sky, in codes and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict

from astronomy.timescales import format_tt, format_utc

JSON: TypeAlias = "str | int | float | bool | list[JSON] | Mapping[str, JSON] | None"

SolarEclipseType = Literal["total", "annular", "hybrid", "partial"]
LunarEclipseType = Literal["total", "partial", "penumbral"]
Side = Literal["east", "west"]


class MoonPhaseDetails(TypedDict):
    """Describe one phase of the Moon."""

    elongation_deg: float
    lunation_number: int
    moon_longitude_deg: float
    moon_latitude_deg: float
    moon_distance_km: float


class SeasonDetails(TypedDict):
    """Describe one equinox or solstice."""

    sun_longitude_deg: float
    sun_distance_au: float
    solar_year: int


class SolarTermDetails(TypedDict):
    """Describe one solar term; ``term`` is its name in pinyin, without tones."""

    longitude_deg: float
    term: str
    zhongqi: bool
    solar_year: int


class SunConjunctionDetails(TypedDict):
    """Describe one configuration of a planet with the Sun; east of it is positive."""

    elongation_deg: float
    separation_deg: float
    planet_longitude_deg: float
    planet_latitude_deg: float
    planet_distance_au: float


class StationDetails(TypedDict):
    """Describe one station of a planet."""

    longitude_deg: float
    latitude_deg: float
    distance_au: float


class IngressDetails(TypedDict):
    """Describe the entry of a body into a sign: the one it moves into, also backwards."""

    sign: str
    longitude_deg: float
    retrograde: bool


class ConstellationIngressDetails(TypedDict):
    """Describe the entry of a body into a constellation; codes are those of the IAU."""

    constellation: str
    left_constellation: str
    longitude_deg: float
    latitude_deg: float


class AspectDetails(TypedDict):
    """Describe one aspect: ``angle_deg`` is 0 to 180, the longitudes are in order of bodies."""

    angle_deg: float
    longitudes_deg: list[float]
    latitudes_deg: list[float]


class ElongationDetails(TypedDict):
    """Describe a planet at its greatest separation from the Sun."""

    elongation_deg: float
    magnitude: float
    distance_au: float


class BrilliancyDetails(TypedDict):
    """Describe Venus at its brightest; west of the Sun is in the morning sky."""

    magnitude: float
    elongation_deg: float
    side: Side
    phase_angle_deg: float
    illuminated_fraction: float
    distance_au: float


class ConjunctionDetails(TypedDict):
    """Describe one approach of two bodies.

    ``latitude_difference_deg`` and ``declination_difference_deg`` are those of the first body
    minus those of the second; ``sun_elongation_deg`` is how far the second is from the Sun, and
    ``side`` on which side of it: east in the evening, west in the morning.
    """

    separation_deg: float
    latitude_difference_deg: float
    declination_difference_deg: float
    sun_elongation_deg: float
    side: Side


class SolarEclipseDetails(TypedDict):
    """Describe one solar eclipse, seen from the whole Earth."""

    type: SolarEclipseType
    central: bool
    gamma: float
    magnitude: float
    obscuration: float
    saros: int
    lunation_number: int
    greatest_lat_deg: float
    greatest_lon_deg: float
    greatest_lon_uncertainty_deg: float
    sun_altitude_deg: float
    path_width_km: float | None
    central_duration_s: float | None
    partial_duration_s: float
    umbral_duration_s: float | None
    contacts_utc: dict[str, str]
    delta_t_s: float


class LunarEclipseDetails(TypedDict):
    """Describe one lunar eclipse."""

    type: LunarEclipseType
    gamma: float
    umbral_magnitude: float
    penumbral_magnitude: float
    saros: int
    lunation_number: int
    moon_zenith_lat_deg: float
    moon_zenith_lon_deg: float
    penumbral_duration_s: float
    partial_duration_s: float | None
    total_duration_s: float | None
    contacts_utc: dict[str, str]
    borderline: bool
    shadow_model: str


class LunarApsisDetails(TypedDict):
    """Describe one perigee or apogee of the Moon."""

    distance_km: float
    anomalistic_month: int


class SupermoonDetails(TypedDict):
    """Describe one full moon near perigee or apogee; ``relative_distance`` is 1 at perigee."""

    distance_km: float
    relative_distance: float
    rules: list[str]
    lunation_number: int


class BlueMoonDetails(TypedDict):
    """Describe one second full moon of a month."""

    distance_km: float
    rule: str
    lunation_number: int


class LunarNodeDetails(TypedDict):
    """Describe one passage of the Moon through a node."""

    moon_longitude_deg: float
    draconic_month: int


class MoonExtremeDetails(TypedDict):
    """Describe one extreme of the Moon's declination."""

    moon_declination_deg: float
    tropical_month: int


class ApsisDetails(TypedDict):
    """Describe one perihelion or aphelion."""

    distance_au: float
    orbit_number: int


class TransitDetails(TypedDict):
    """Describe one transit, seen from the centre of the Earth."""

    separation_arcsec: float
    contacts_utc: dict[str, str]
    duration_s: float
    internal_duration_s: float | None
    conjunction_number: int


class OccultationDetails(TypedDict):
    """Describe one occultation by the Moon, seen from the whole Earth.

    ``centre_lat_deg`` and ``centre_lon_deg`` are where the shadow of the Moon is deepest at that
    instant; ``side`` is east while the Moon waxes and west while it wanes.
    """

    separation_deg: float
    limit_deg: float
    sun_elongation_deg: float
    side: Side
    centre_lat_deg: float
    centre_lon_deg: float
    moon_pass: int


class MeteorShowerDetails(TypedDict):
    """Describe one peak of a meteor shower; ``shower`` is its code in the IAU's list.

    ``radiant_constellation`` is a code of the IAU; ``parent_body`` is null where it is uncertain.
    """

    shower: str
    solar_longitude_deg: float
    zhr: int | None
    population_index: float
    velocity_km_s: float
    radiant_ra_deg: float
    radiant_dec_deg: float
    radiant_constellation: str
    parent_body: str | None
    moon_elongation_deg: float


class AlignmentDetails(TypedDict):
    """Describe one beginning, tightest instant or end of an alignment of ``planets`` planets.

    ``sun_elongation_deg`` is how far the middle of the arc is from the Sun in longitude, and
    ``side`` on which side of it: east in the evening, west in the morning.
    """

    bodies: list[str]
    planets: int
    span_deg: float
    sun_elongation_deg: float
    side: Side
    quarter_number: int


class ChineseMonthDetails(TypedDict):
    """Describe one month of the Chinese calendar; ``civil_date`` is its first day there.

    ``midnight_margin_s`` is how far the new moon is from the nearest midnight.
    """

    chinese_year: int
    month: int
    leap: bool
    length_days: int
    civil_date: str
    midnight_margin_s: int


class ChineseDayDetails(TypedDict):
    """Describe one festival of the Chinese calendar."""

    chinese_year: int
    month: int
    day: int
    civil_date: str


class ChineseTermDayDetails(TypedDict):
    """Describe one festival on the civil day of a solar term."""

    longitude_deg: float
    civil_date: str


class HinduFestivalDetails(TypedDict):
    """Describe one Hindu festival: the amanta month, 1 to 12, and the tithi that it keeps."""

    festival: str
    saka_year: int
    month: int
    tithi: int
    ayanamsa: str
    civil_date: str
    zone_offset_s: int


class TithiDetails(TypedDict):
    """Describe one tithi, 1 to 30, with the nakshatra, 1 to 27, of its beginning."""

    tithi: int
    paksha: str
    nakshatra: int
    ayanamsa: str
    ayanamsa_deg: float
    lunation_number: int
    civil_date: str
    zone_offset_s: int


class FeastDetails(TypedDict):
    """Describe one feast of a church."""

    church: str
    feast: str
    year: int
    civil_date: str
    zone_offset_s: int


class Provenance(Mapping[str, JSON]):
    """Where an event comes from: what its whole family shares, and two numbers of its own.

    It is a mapping of JSON values. Hundreds of thousands of events are held at once, so that they
    share what they can.
    """

    __slots__ = ("_shared", "residual_s", "ut1_uncertainty_s")

    def __init__(
        self, shared: Mapping[str, JSON], residual_s: float, ut1_uncertainty_s: float
    ) -> None:
        self._shared = shared
        self.residual_s = residual_s
        self.ut1_uncertainty_s = ut1_uncertainty_s

    def __getitem__(self, name: str) -> JSON:
        own = {"residual_s": self.residual_s, "ut1_uncertainty_s": self.ut1_uncertainty_s}
        return own[name] if name in own else self._shared[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*self._shared, "residual_s", "ut1_uncertainty_s"))

    def __len__(self) -> int:
        return len(self._shared) + 2

    def __repr__(self) -> str:
        return f"Provenance({dict(self)})"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event: its identity, its instant, its uncertainty and where it comes from.

    ``tt_jd1 + tt_jd2`` is the instant as a Julian date of TT, whole days and fraction, rounded
    once to the millisecond. ``utc`` is UTC from 1972 and UT1 before; ``ut1`` is always UT1.
    ``uncertainty_s`` is one standard uncertainty of the instant in TT. ``details`` is the
    TypedDict of its family, and holds nothing but JSON values.
    """

    key: str
    kind: str
    family: str
    bodies: tuple[str, ...]
    tt_jd1: float
    tt_jd2: float
    utc: datetime
    ut1: datetime
    uncertainty_s: float
    details: Mapping[str, Any]
    provenance: Mapping[str, JSON]
    begins_utc: datetime | None = None
    ends_utc: datetime | None = None

    def to_json(self) -> dict[str, object]:
        """Return the event as the JSON object that ``python -m astronomy`` prints."""
        return {
            "key": self.key,
            "kind": self.kind,
            "family": self.family,
            "bodies": list(self.bodies),
            "tt": format_tt(self.tt_jd1, self.tt_jd2),
            "utc": format_utc(self.utc),
            "ut1": format_utc(self.ut1),
            "uncertainty_s": self.uncertainty_s,
            "details": self.details,
        }
