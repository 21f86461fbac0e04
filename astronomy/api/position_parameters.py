"""What positions, the scene's state and segments may be asked for."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from astronomy.api.local_parameters import READER
from astronomy.api.place_parameters import POINT, read_place
from astronomy.constants import J2000_JD, SPAN_END, SPAN_START
from astronomy.positions import (
    SEGMENT_BODIES,
    Correction,
    Frame,
    Origin,
    Place,
    View,
    bodies_of,
    corrections_of,
)
from starscal.core import clock
from starscal.core.api.parameters import QueryReader, quoted
from starscal.core.exceptions import ErrorCode

INSTANTS_MOST: Final = 1000
SEGMENT_DAYS_MOST: Final = 400
SPAN: Final = (
    datetime.fromisoformat(SPAN_START).replace(tzinfo=UTC),
    datetime.fromisoformat(SPAN_END).replace(tzinfo=UTC),
)
_J2000: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)
JD_SPAN: Final = tuple(J2000_JD + (end - _J2000) / timedelta(days=1) for end in SPAN)

POSITIONS: Final = (
    "at",
    "start",
    "end",
    "step",
    "bodies",
    "origin",
    "frame",
    "correction",
    "refraction",
    *POINT,
    *READER,
)
STATE: Final = ("at", "jd", "scale", *READER)
SEGMENTS: Final = ("start", "end", "bodies", *READER)

_NUMBER: Final = re.compile(r"[+-]?\d{1,7}(?:\.\d{1,12})?", re.ASCII)
_STEP: Final = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)([smhd])", re.ASCII)
_STEP_S: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_Choice = TypeVar("_Choice", bound=StrEnum)


class Scale(StrEnum):
    """The time scale of a Julian date that is asked for."""

    UTC = "utc"
    TT = "tt"


@dataclass(frozen=True, slots=True)
class PositionsAsked:
    """Which positions are asked for; ``fixed`` unless they are those of now."""

    moments: tuple[datetime, ...]
    bodies: tuple[str, ...]
    view: View
    fixed: bool


@dataclass(frozen=True, slots=True)
class StateAsked:
    """Which instant is asked for: a moment, or a Julian date of TT."""

    moment: datetime | None
    jd_tt: float
    fixed: bool


@dataclass(frozen=True, slots=True)
class SegmentsAsked:
    """Which segments are asked for."""

    start: datetime
    end: datetime
    codes: tuple[str, ...]


def read_positions(request: HttpRequest) -> PositionsAsked:
    """Return the parameters of positions. Errors: parameter.*, query.invalid, range.*."""
    query = QueryReader(request, known=POSITIONS, repeatable={"bodies"})
    view = _view(query)
    chosen = query.choices("bodies", bodies_of(view.origin))
    moments, fixed = _moments(query)
    query.finish()
    bodies = tuple(code for code in bodies_of(view.origin) if not chosen or code in chosen)
    return PositionsAsked(moments, bodies, view, fixed)


def read_state(request: HttpRequest) -> StateAsked:
    """Return the instant of a scene. Errors: parameter.*, query.invalid, range.outside."""
    query = QueryReader(request, known=STATE)
    moment = _moment(query, "at")
    jd = _julian_date(query)
    scale = _one_of(query, "scale", tuple(Scale), Scale.UTC)
    if moment is not None and jd is not None:
        query.refuse("jd", _("Give either at or jd, not both."))
    query.finish()
    if jd is not None and scale is Scale.TT:
        return StateAsked(None, jd, fixed=True)
    if jd is not None:
        moment = _J2000 + timedelta(days=jd - J2000_JD)
    return StateAsked(moment or _this_second(), 0.0, fixed=moment is not None)


def read_segments(request: HttpRequest) -> SegmentsAsked:
    """Return the span and the series of segments. Errors: parameter.*, range.*."""
    query = QueryReader(request, known=SEGMENTS, repeatable={"bodies"})
    chosen = query.choices("bodies", SEGMENT_BODIES)
    span = _span(query)
    if span is not None and span[1] - span[0] > timedelta(days=SEGMENT_DAYS_MOST):
        query.refuse(
            "end",
            _("Segments cover at most %(days)d days; give an end that is nearer to the start.")
            % {"days": SEGMENT_DAYS_MOST},
            ErrorCode.RANGE_OUTSIDE,
        )
    query.finish()
    start, end = span or SPAN
    codes = tuple(code for code in SEGMENT_BODIES if not chosen or code in chosen)
    return SegmentsAsked(start, end, codes)


def _view(query: QueryReader) -> View:
    """Return from where and how it is seen; what does not go together is refused."""
    given = [name for name in POINT if query.text(name) is not None]
    default = Origin.TOPOCENTRIC if given else Origin.GEOCENTRIC
    origin = _one_of(query, "origin", tuple(Origin), default)
    offered = corrections_of(origin)
    correction = _one_of(query, "correction", offered, offered[0])
    frame = _one_of(query, "frame", tuple(Frame), Frame.ECLIPTIC_J2000)
    if given and origin is not Origin.TOPOCENTRIC:
        query.refuse(given[0], _("A place belongs to topocentric positions only."))
    refraction = _refraction(query, origin, correction)
    if origin is not Origin.TOPOCENTRIC:
        return View(origin, correction, frame)
    return View(origin, correction, frame, _place(query), refraction)


def _place(query: QueryReader) -> Place:
    """Return the place; where it was refused, any will do until the reader is finished."""
    return read_place(query, POINT) or Place(0.0, 0.0)


def _refraction(query: QueryReader, origin: Origin, correction: Correction) -> bool:
    text = query.text("refraction")
    if text not in {None, "true", "false"}:
        query.refuse(
            "refraction",
            _("%(value)s is not known. The known values are: %(known)s.")
            % {"value": quoted(text or ""), "known": "false, true"},
        )
    asked = text == "true"
    if asked and (origin, correction) != (Origin.TOPOCENTRIC, Correction.APPARENT):
        query.refuse("refraction", _("Refraction belongs to apparent topocentric positions only."))
        return False
    return asked


def _moments(query: QueryReader) -> tuple[tuple[datetime, ...], bool]:
    """Return the instants, and whether the client fixed them."""
    at = _moment(query, "at")
    series = [name for name in ("start", "end", "step") if query.text(name) is not None]
    if not series:
        return (at or _this_second(),), at is not None
    if query.text("at") is not None:
        query.refuse("at", _("Give either at, or start and end, not both."))
    span, step = _span(query), _step(query)
    if span is None or step is None:
        return (), True
    count = math.ceil((span[1] - span[0]) / step)
    if count > INSTANTS_MOST:
        query.refuse(
            "step",
            _(
                "The number of instants would be %(count)d; the most allowed is %(most)d. Give a "
                "longer step or an end that is nearer to the start."
            )
            % {"count": count, "most": INSTANTS_MOST},
        )
        return (), True
    return tuple(span[0] + step * number for number in range(count)), True


def _span(query: QueryReader) -> tuple[datetime, datetime] | None:
    """Return ``[start, end)``, or None if it was refused."""
    start, end = _moment(query, "start"), _moment(query, "end")
    for name in ("start", "end"):
        if query.text(name) is None:
            query.refuse(name, _("Give both start and end."))
    if start is None or end is None:
        return None
    if start >= end:
        query.refuse("end", _("The start must be before the end."), ErrorCode.RANGE_INVERTED)
        return None
    return start, end


def _step(query: QueryReader) -> timedelta | None:
    text = query.text("step")
    if text is None:
        return timedelta(days=1)
    found = _STEP.fullmatch(text)
    seconds = float(found[1]) * _STEP_S[found[2]] if found else 0.0
    if 1.0 <= seconds <= (SPAN[1] - SPAN[0]).total_seconds():
        return timedelta(seconds=seconds)
    query.refuse(
        "step",
        _("%(value)s is not a step. Write a number with s, m, h or d, such as 90s, 10m, 6h or 1d.")
        % {"value": quoted(text)},
    )
    return None


def _moment(query: QueryReader, name: str) -> datetime | None:
    moment = query.instant(name)
    if moment is not None and not SPAN[0] <= moment <= SPAN[1]:
        query.refuse(name, outside_text(SPAN_START, SPAN_END), ErrorCode.RANGE_OUTSIDE)
        return None
    return moment


def _julian_date(query: QueryReader) -> float | None:
    text = query.text("jd")
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        query.refuse(
            "jd",
            _("%(value)s is not a Julian date. Write a number such as 2451545.0.")
            % {"value": quoted(text)},
        )
        return None
    if JD_SPAN[0] <= float(text) <= JD_SPAN[1]:
        return float(text)
    query.refuse(
        "jd",
        _("%(value)s is not allowed; give a number from %(least)s to %(most)s.")
        % {"value": quoted(text), "least": f"{JD_SPAN[0]:.1f}", "most": f"{JD_SPAN[1]:.1f}"},
        ErrorCode.RANGE_OUTSIDE,
    )
    return None


def outside_text(start: str, end: str) -> str:
    """Return the sentence that names what can be computed, in the reader's language."""
    return _("Positions can be computed from %(start)s to %(end)s.") % {"start": start, "end": end}


def _one_of(
    query: QueryReader, name: str, allowed: tuple[_Choice, ...], default: _Choice
) -> _Choice:
    text = query.text(name)
    if text is None:
        return default
    for choice in allowed:
        if text == choice:
            return choice
    query.refuse(
        name,
        _("%(value)s is not known. The known values are: %(known)s.")
        % {"value": quoted(text), "known": ", ".join(allowed)},
    )
    return default


def _this_second() -> datetime:
    """Return now by the second, so that clients who ask together get the same answer."""
    return min(max(clock.now().replace(microsecond=0), SPAN[0]), SPAN[1])
