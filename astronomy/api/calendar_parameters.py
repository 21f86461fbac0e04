"""What the calendars may be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _

from astronomy.api.local_parameters import DAYS_MOST, parse_day
from astronomy.api.place_parameters import read_place
from astronomy.calendars.ayanamsa import AYANAMSAS, TRUE_CHITRA
from astronomy.calendars.hindu_festivals import CENTRAL_STATION
from astronomy.constants import SPAN_END, SPAN_START
from astronomy.observer.place import Place
from starscal.core.api.parameters import QueryReader, quoted
from starscal.core.exceptions import ErrorCode

DATES: Final = ("date", "start", "end", "lang")
PLACE: Final = ("lat", "lon", "elevation", "horizon")
HINDU: Final = (*PLACE, "tz", "ayanamsa")
INDIA: Final = ZoneInfo("Asia/Kolkata")
_FIRST: Final = date.fromisoformat(SPAN_START)
_LAST: Final = date.fromisoformat(SPAN_END) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """Consecutive civil days; ``dated`` tells whether the client named them."""

    days: tuple[date, ...]
    dated: bool


@dataclass(frozen=True, slots=True)
class HinduAsked:
    """The days, the place, the zone and the zero point of sidereal longitudes."""

    days: tuple[date, ...]
    dated: bool
    place: Place
    zone: ZoneInfo
    ayanamsa: str

    @property
    def offsets(self) -> list[timedelta]:
        """Return the offset of the zone from UTC at the noon of each day."""
        noons = [datetime(d.year, d.month, d.day, 12, tzinfo=self.zone) for d in self.days]
        return [cast("timedelta", noon.utcoffset()) for noon in noons]


def read_days(request: HttpRequest, now: datetime, zone: ZoneInfo) -> DaysAsked:
    """Return the days; by default today in the calendar's own ``zone``.

    Errors: parameter.unknown, parameter.invalid, range.inverted, range.outside.
    """
    query = QueryReader(request, known=DATES)
    asked = _days(query, now.astimezone(zone).date())
    query.finish()
    return asked


def read_hindu(request: HttpRequest, now: datetime) -> HinduAsked:
    """Return the days, the place (by default the central station) and the ayanamsa.

    Errors: parameter.unknown, parameter.invalid, range.inverted, range.outside.
    """
    query = QueryReader(request, known=(*DATES, *HINDU))
    place: Place | None = CENTRAL_STATION
    if any(query.text(name) is not None for name in PLACE):
        place = read_place(query)
    zone = query.zone("tz") or INDIA
    ayanamsa = _ayanamsa(query)
    asked = _days(query, now.astimezone(zone).date())
    query.finish()
    return HinduAsked(asked.days, asked.dated, place or CENTRAL_STATION, zone, ayanamsa)


def _ayanamsa(query: QueryReader) -> str:
    text = query.text("ayanamsa") or TRUE_CHITRA
    if text in AYANAMSAS:
        return text
    detail = _("%(value)s is not known. The known values are: %(known)s.")
    query.refuse("ayanamsa", detail % {"value": quoted(text), "known": ", ".join(AYANAMSAS)})
    return TRUE_CHITRA


def _days(query: QueryReader, today: date) -> DaysAsked:
    first, last = _ends(query, today)
    if query.errors:
        return DaysAsked((today,), dated=False)
    name = "start" if query.text("start") is not None else "date"
    if first > last:
        query.refuse("end", _("The end is before the start."), ErrorCode.RANGE_INVERTED)
    elif not _FIRST <= first <= last <= _LAST:
        detail = _("Days can be computed from %(start)s to %(end)s.")
        query.refuse(name, detail % {"start": _FIRST, "end": _LAST}, ErrorCode.RANGE_OUTSIDE)
    elif (last - first).days >= DAYS_MOST:
        detail = _("At most %(most)d days can be asked for at once.")
        query.refuse("end", detail % {"most": DAYS_MOST})
    count = min(max((last - first).days + 1, 1), DAYS_MOST)
    return DaysAsked(
        tuple(first + timedelta(days=at) for at in range(count)) if not query.errors else (today,),
        dated=bool(query.text("date") or query.text("start")),
    )


def _ends(query: QueryReader, today: date) -> tuple[date, date]:
    """Return the first and the last day asked for, the end included."""
    given = [name for name in ("start", "end") if query.text(name) is not None]
    if query.text("date") is not None:
        for name in given:
            query.refuse(name, _("Give either a date, or a start and an end."))
        day = parse_day(query, "date", today)
        return day, day
    if given == ["end"]:
        query.refuse("start", _("Give a start with the end."))
    start = parse_day(query, "start", today)
    return start, parse_day(query, "end", start)
