"""What the list, the calendar and the detail may be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NoReturn
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from astronomy.api.place_parameters import VISIBLE_FROM, read_visible_from
from astronomy.finders.ingresses import SIGNS
from events.filters import EventFilter
from events.kinds import EVENT_BODIES, EVENT_FAMILIES, EVENT_TYPES
from events.searching import LEAST, MOST, WORDS_MOST, TitleSearch, words_read
from events.selectors import WHOLE_SPAN
from events.windows import Span
from starscal.core.api.parameters import QueryReader, quoted
from starscal.core.exceptions import ApplicationError, ErrorCode

READER: Final = ("lang", "tz")
CHOICE: Final = (
    "event_type", "family", "body", "sign", "q", "min_significance", "min_resonance",
    VISIBLE_FROM,
)  # fmt: skip
FILTERS: Final = (*CHOICE, "start", "end")
LIST: Final = (*FILTERS, "limit", "cursor", *READER)
CALENDAR: Final = (*FILTERS, *READER)
TABLE: Final = (*FILTERS, "cursor", *READER)
NEXT: Final = (*CHOICE, "count", *READER)
NOW: Final = (*CHOICE, *READER)
REPEATABLE: Final = frozenset({"event_type", "family", "body", "sign"})
LIMIT_DEFAULT: Final = 50
LIMIT_MOST: Final = 200
COUNT_MOST: Final = 20
CALENDAR_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language, whether it stands in for an unknown one, and the zone."""

    language: str
    fallback: bool
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; ``start`` and ``end`` are None where they were left to us."""

    filter: EventFilter
    start: datetime | None
    end: datetime | None
    reader: Reader

    @property
    def digest(self) -> str:
        """Return what a cursor is bound to."""
        return self.filter.digest(self.start, self.end)


@dataclass(frozen=True, slots=True)
class ListAsked(Asked):
    """What a list is asked for beside the filters."""

    limit: int
    cursor: str | None


def read_list(request: HttpRequest) -> ListAsked:
    """Return the parameters of a list. Errors: parameter.unknown, parameter.invalid, range.*."""
    query = QueryReader(request, known=LIST, repeatable=REPEATABLE)
    limit = query.whole("limit", least=1, most=LIMIT_MOST, default=LIMIT_DEFAULT)
    return _paged(request, query, limit)


def read_table(request: HttpRequest, *, step: int) -> ListAsked:
    """Return the parameters of a table that is read ``step`` rows at a time. Errors: as above."""
    return _paged(request, QueryReader(request, known=TABLE, repeatable=REPEATABLE), step)


def read_next(request: HttpRequest) -> ListAsked:
    """Return what is to come next, and how much of it. Errors: parameter.*."""
    query = QueryReader(request, known=NEXT, repeatable=REPEATABLE)
    return _paged(request, query, query.whole("count", least=1, most=COUNT_MOST, default=1))


def read_now(request: HttpRequest) -> Asked:
    """Return what is to be under way. Errors: parameter.*."""
    query = QueryReader(request, known=NOW, repeatable=REPEATABLE)
    asked = _asked(request, query)
    query.finish()
    return asked


def _paged(request: HttpRequest, query: QueryReader, limit: int) -> ListAsked:
    asked = _asked(request, query)
    query.finish()
    return ListAsked(
        asked.filter, asked.start, asked.end, asked.reader, limit, query.text("cursor")
    )


def read_calendar(request: HttpRequest) -> Asked:
    """Return the parameters of a calendar. Errors: as for a list."""
    query = QueryReader(request, known=CALENDAR, repeatable=REPEATABLE)
    asked = _asked(request, query)
    query.finish()
    return asked


def read_reader(request: HttpRequest) -> Reader:
    """Return language and zone alone. Errors: parameter.unknown, parameter.invalid."""
    query = QueryReader(request, known=READER)
    reader = _reader(request, query)
    query.finish()
    return reader


def read_language(request: HttpRequest) -> Reader:
    """Return the language alone. Errors: parameter.unknown."""
    query = QueryReader(request, known=("lang",))
    reader = _reader(request, query)
    query.finish()
    return reader


def _asked(request: HttpRequest, query: QueryReader) -> Asked:
    return Asked(
        filter=EventFilter(
            kinds=query.choices("event_type", EVENT_TYPES),
            families=query.choices("family", EVENT_FAMILIES),
            min_resonance=query.fraction("min_resonance"),
            bodies=query.choices("body", EVENT_BODIES),
            min_significance=query.whole("min_significance", least=1, most=5, default=1),
            visible_from=read_visible_from(query),
            signs=query.choices("sign", SIGNS),
            search=_search(request, query),
        ),
        start=_moment(query, "start"),
        end=_moment(query, "end"),
        reader=_reader(request, query),
    )


def _reader(request: HttpRequest, query: QueryReader) -> Reader:
    return Reader(
        language=_language(request),
        fallback=getattr(request, "language_fallback", False),
        zone=query.zone("tz"),
    )


def _search(request: HttpRequest, query: QueryReader) -> TitleSearch | None:
    typed = query.text("q")
    if typed is None:
        return None
    words = words_read(typed)
    if words is None:
        query.refuse(
            "q",
            _(
                "%(value)s cannot be searched for. Give %(least)d to %(most)d characters with at "
                "least two letters or digits, in at most %(words)d words."
            )
            % {"value": quoted(typed), "least": LEAST, "most": MOST, "words": WORDS_MOST},
        )
        return None
    return TitleSearch(words, _language(request))


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE))


def _moment(query: QueryReader, name: str) -> datetime | None:
    moment = query.instant(name)
    if moment is not None and not WHOLE_SPAN.start <= moment <= WHOLE_SPAN.end:
        query.refuse(
            name,
            _("Events can be computed from %(start)s to %(end)s.")
            % {"start": WHOLE_SPAN.start.date(), "end": WHOLE_SPAN.end.date()},
            ErrorCode.RANGE_OUTSIDE,
        )
    return moment


def list_span(asked: Asked, now: datetime) -> Span:
    """Return the span of a list: from now, by the minute, to the end of what can be computed."""
    return _checked(asked.start or _minute(now), asked.end or WHOLE_SPAN.end)


def calendar_span(asked: Asked, now: datetime) -> Span:
    """Return the span of a calendar: a year from now, and never more than a year."""
    start = asked.start or _minute(now)
    most = min(start + timedelta(days=CALENDAR_DAYS), WHOLE_SPAN.end)
    span = _checked(start, asked.end or most)
    if span.end > most:
        _refuse(
            ErrorCode.RANGE_OUTSIDE,
            _("A calendar holds at most %(days)d days; give an end that is nearer to the start.")
            % {"days": CALENDAR_DAYS},
        )
    return span


def _minute(now: datetime) -> datetime:
    """Return the moment by the minute, so that a second request gets the same answer."""
    floor = now.replace(second=0, microsecond=0)
    return min(max(floor, WHOLE_SPAN.start), WHOLE_SPAN.end)


def _checked(start: datetime, end: datetime) -> Span:
    if start >= end:
        _refuse(
            ErrorCode.RANGE_INVERTED,
            _(
                "The start, %(start)s, is not before the end, %(end)s; without a start, the "
                "range begins now."
            )
            % {"start": _shown(start), "end": _shown(end)},
        )
    return Span(start, end)


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _refuse(code: ErrorCode, detail: str) -> NoReturn:
    errors = [{"parameter": "end", "code": str(code), "detail": detail}]
    raise ApplicationError(code, detail, extra={"errors": errors})
