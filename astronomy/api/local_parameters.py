"""What the sky of a place may be asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _

from astronomy.api.place_parameters import PLACE, read_place
from astronomy.bodies import BODIES
from astronomy.constants import SPAN_END, SPAN_START
from astronomy.local_sky import place_rounded
from astronomy.observer.place import Place
from starscal.core.api.parameters import QueryReader, quoted
from starscal.core.exceptions import ErrorCode

DAYS: Final = ("date", "start", "days", "tz")
READER: Final = ("lang",)
DAYS_MOST: Final = 366
BODIES_DEFAULT: Final = ("sun", "moon")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST: Final = date.fromisoformat(SPAN_START)
_LAST: Final = date.fromisoformat(SPAN_END)
_WHOLE: Final = (
    datetime.fromisoformat(SPAN_START).replace(tzinfo=UTC),
    datetime.fromisoformat(SPAN_END).replace(tzinfo=UTC),
)


@dataclass(frozen=True, slots=True)
class LocalAsked:
    """The place, the civil days and the bodies that are asked for.

    ``dated`` tells whether the client named the days, or left today to us.
    """

    place: Place
    zone: ZoneInfo | None
    dates: tuple[date, ...]
    midnights: tuple[datetime, ...]
    bodies: tuple[str, ...]
    dated: bool


def read_local(request: HttpRequest, now: datetime, bodies: tuple[str, ...] = ()) -> LocalAsked:
    """Return the parameters; ``bodies`` are fixed, or chosen by the client if there are none.

    Errors: parameter.unknown, parameter.invalid, range.outside.
    """
    known = (*PLACE, *DAYS, *READER, *(() if bodies else ("bodies",)))
    query = QueryReader(request, known=known, repeatable=frozenset({"bodies"}))
    place = place_rounded(read_place(query) or Place(0.0, 0.0))
    zone = query.zone("tz")
    dates = _dates(query, now.astimezone(zone or UTC).date())
    chosen = bodies or query.choices("bodies", tuple(BODIES)) or BODIES_DEFAULT
    midnights = _midnights(query, dates, zone)
    query.finish()
    ordered = tuple(body for body in BODIES if body in chosen)
    dated = bool(query.text("date") or query.text("start"))
    return LocalAsked(place, zone, dates, midnights, ordered, dated)


def _dates(query: QueryReader, today: date) -> tuple[date, ...]:
    if query.text("date") is not None:
        for name in ("start", "days"):
            if query.text(name) is not None:
                query.refuse(name, _("Give either a date, or a start and a number of days."))
        first, count = parse_day(query, "date", today), 1
    else:
        first = parse_day(query, "start", today)
        count = query.whole("days", least=1, most=DAYS_MOST, default=1)
    if not _FIRST <= first <= _LAST - timedelta(days=count):
        _refuse_range(query)
        return (max(_FIRST, min(first, _LAST - timedelta(days=1))),)
    return tuple(first + timedelta(days=at) for at in range(count))


def parse_day(query: QueryReader, name: str, default: date) -> date:
    """Return the date of a parameter, or the default where it is missing or refused."""
    text = query.text(name)
    if text is None:
        return default
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # as any other text that is no date
    query.refuse(
        name,
        _("%(value)s is not a date. Write it as 2026-08-12.") % {"value": quoted(text)},
    )
    return default


def _midnights(
    query: QueryReader, dates: tuple[date, ...], zone: ZoneInfo | None
) -> tuple[datetime, ...]:
    """Return in UTC where each of the days begins, and where the last one ends."""
    turns = (*dates, dates[-1] + timedelta(days=1))
    local = [datetime(day.year, day.month, day.day, tzinfo=zone or UTC) for day in turns]
    midnights = tuple(moment.astimezone(UTC) for moment in local)
    if not _WHOLE[0] <= midnights[0] <= midnights[-1] <= _WHOLE[1]:
        _refuse_range(query)
    return midnights


def _refuse_range(query: QueryReader) -> None:
    name = "date" if query.text("date") is not None else "start"
    if any(error["code"] == ErrorCode.RANGE_OUTSIDE for error in query.errors):
        return
    query.refuse(
        name,
        _("Days can be computed from %(start)s to %(end)s.") % {"start": _FIRST, "end": _LAST},
        ErrorCode.RANGE_OUTSIDE,
    )
