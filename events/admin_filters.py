"""Filters of the admin's list of events; none asks the database for distinct values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.desk.selection import rows_with_texts
from events.kinds import COMPUTED_KINDS, EVENT_FAMILIES, FAMILIES
from events.models import Event, TextState
from events.querysets import EventQuerySet
from starscal.core import clock
from starscal.core.admin_shared import native_names

Choices = list[tuple[str, Any]]


def is_sought(request: HttpRequest) -> bool:
    """Say whether the address asks for certain events, whenever they are."""
    sought = request.GET.get(SEARCH_VAR, "").strip()
    return bool(sought) or any(name.startswith("occurs_at__") for name in request.GET)


class TimeFilter(admin.SimpleListFilter):
    """What comes next stands first, unless somebody searches or asks for the past or everything."""

    title = _("time")
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("past", _("Past")), ("all", _("All"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if self.value() == "past":
            return queryset.filter(occurs_at__lt=clock.now())
        if self.value() == "all" or is_sought(request):
            return queryset
        return queryset.filter(occurs_at__gte=clock.now())

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        upcoming, *others = super().choices(changelist)
        upcoming["display"] = _("Coming")
        yield from (upcoming, *others)


class ColumnFilter(admin.SimpleListFilter):
    """Compare one column with the chosen value."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        value = self.value()
        return queryset if value is None else queryset.filter(**{str(self.parameter_name): value})


class FamilyFilter(ColumnFilter):
    title = _("family")
    parameter_name = "family"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(name, FAMILIES[name]) for name in EVENT_FAMILIES]


class KindFilter(ColumnFilter):
    title = _("kind")
    parameter_name = "event_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(code, kind.name) for code, kind in COMPUTED_KINDS.items()]


class SignificanceFilter(admin.SimpleListFilter):
    title = _("significance")
    parameter_name = "least"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        # Translators: level is a number from 1 to 5
        return [(str(n), _("%(level)s or more") % {"level": n}) for n in (5, 4, 3, 2)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        value = self.value()
        if value not in {"2", "3", "4", "5"}:
            return queryset
        return queryset.filter(significance__gte=int(value))


class TextStatusFilter(admin.SimpleListFilter):
    title = _("texts")
    parameter_name = "texts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(TextState.Status.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        language = request.GET.get(TextLanguageFilter.parameter_name, "")
        status, rows = self.value() or "", cast("EventQuerySet", queryset)
        return rows_with_texts(rows, status=status, language=language) if status else queryset


class TextLanguageFilter(admin.SimpleListFilter):
    """Narrow the state of texts to a language; alone, show what is to be looked after in it."""

    title = _("language of texts")
    parameter_name = "text_language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return native_names()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if request.GET.get(TextStatusFilter.parameter_name):
            return queryset
        rows = cast("EventQuerySet", queryset)
        return rows_with_texts(rows, language=self.value() or "")
