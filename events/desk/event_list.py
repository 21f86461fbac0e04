"""The list of events on a table of any size: what a page of it asks of the database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR
from django.db.models import Prefetch, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from events.admin_filters import is_sought
from events.desk.dates import DAY, MONTH, YEAR, Ladder, ladder
from events.desk.selection import EventSelection
from events.models import TextState
from starscal.core import clock
from starscal.core.admin_shared import AnyLanguageList, EstimatedPaginator
from starscal.core.i18n import column

LAST_YEAR: Final = 9999  # Django adds one to the chosen year
PAGES_MOST: Final = 200  # further on, each page costs more than the one before
# A page shows these; descriptions, facts and provenance are most of a row and stay where they are.
SHOWN: Final = (
    "id", "key", "event_type", "occurs_at", "status", "significance", "quantum_resonance",
    *(column("title", code) for code, _name in settings.LANGUAGES),
)  # fmt: skip
MARKED: Final = ("event_id", "field", "language", "source", "status")
# What the address of the list may narrow by: each has an index, or few rows to look at.
FILTERS: Final = frozenset({
    "time", "status__exact", "family", "event_type", "least", "origin__exact", "texts",
    "text_language", YEAR, MONTH, DAY,
})  # fmt: skip


class BoundedPaginator(EstimatedPaginator):
    """Offer the first pages of a long list; filters lead to the others."""

    @cached_property
    def num_pages(self) -> int:
        return min(super().num_pages, PAGES_MOST)


class EventChangeList(AnyLanguageList):
    """A page of the list in order of time, forwards or backwards."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any]:
        states = Prefetch("text_states", queryset=TextState.objects.only(*MARKED))
        rows = super().get_queryset(request, exclude_parameters)
        return rows.only(*SHOWN).prefetch_related(None).prefetch_related(states)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str | Combinable]:
        place = list(self.list_display).index("when_shown")
        backwards = self.params.get(ORDER_VAR, "").split(".")[0] == f"-{place}"
        return ["-occurs_at", "-id"] if backwards else ["occurs_at", "id"]

    def get_results(self, request: HttpRequest) -> None:
        if self.page_num > PAGES_MOST:
            told = _("The list has at most %(count)d pages; choose dates or filters to see more.")
            messages.warning(request, told % {"count": PAGES_MOST})
            self.page_num = PAGES_MOST
        super().get_results(request)

    def ladder(self) -> Ladder:
        """Return the years, months or days to choose from."""
        return ladder(
            chosen=self.params,
            link=lambda asked: self.get_query_string(asked, [f"{self.date_hierarchy}__"]),
            all_dates=_("All dates"),
        )


def may_narrow(name: str, value: str, asked: HttpRequest | None) -> bool:
    """Say whether the list may be narrowed by a parameter of its address; months need a year."""
    if name not in {YEAR, MONTH, DAY}:
        return name in FILTERS
    whole = name == YEAR or asked is None or YEAR in asked.GET
    return whole and value.isdecimal() and int(value) < LAST_YEAR


def selection_shown(request: HttpRequest, *, language: str) -> EventSelection:
    """Return what the list at this address shows, whole."""
    asked = request.GET
    start, end = _span(request)
    least = asked.get("least", "")
    return EventSelection(
        statuses=tuple(asked.getlist("status__exact")),
        origins=tuple(asked.getlist("origin__exact")),
        family=asked.get("family", ""),
        kind=asked.get("event_type", ""),
        least=int(least) if least in {"2", "3", "4", "5"} else 1,
        texts=asked.get("texts", ""),
        text_language=asked.get("text_language", ""),
        start=start.isoformat() if start else "",
        end=end.isoformat() if end else "",
        words=asked.get(SEARCH_VAR, ""),
        language=language,
    )


def _span(request: HttpRequest) -> tuple[datetime | None, datetime | None]:
    """Return the span that the list shows: the chosen dates, and the side of now."""
    parts = [int(n) for n in (request.GET.get(part, "") for part in (YEAR, MONTH, DAY)) if n]
    start, end = _dates(*parts) if parts else (None, None)
    now, side = clock.now(), request.GET.get("time")
    if side == "past":
        return start, min(end, now) if end else now
    return (start, end) if side == "all" or is_sought(request) else (now, end)


def _dates(year: int, month: int = 0, day: int = 0) -> tuple[datetime, datetime]:
    start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    if not month:
        return start, start.replace(year=year + 1)
    if not day:
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return start, datetime.fromordinal(start.toordinal() + 1).replace(tzinfo=UTC)
