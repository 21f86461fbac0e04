"""Filters of the lists of Telegram, each by an index or within a small table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WAITING, DONE, DEAD = "waiting", "done", "dead"
BLOCKED = Q(blocked_at__isnull=False)
STOPPED = Q(stopped_at__isnull=False)
STATES: Final[Mapping[str, tuple[Promise, Q]]] = {
    WAITING: (_("waiting"), Q(done_at__isnull=True)),
    DONE: (_("answered"), Q(done_at__isnull=False) & ~Q(outcome=DEAD)),
    DEAD: (_("failed for good"), Q(outcome=DEAD)),
}
REACHED: Final[Mapping[str, tuple[Promise, Q]]] = {
    "open": (_("reachable"), ~BLOCKED & ~STOPPED),
    "stopped": (_("stopped the bot"), STOPPED),
    "blocked": (_("blocked the bot"), BLOCKED),
}


class ChoiceFilter(admin.SimpleListFilter):
    """A choice of conditions by their names."""

    title = _("status")
    parameter_name = "status"
    choices_offered: Mapping[str, tuple[Promise, Q]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _condition) in self.choices_offered.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = self.choices_offered.get(self.value() or "")
        return queryset.filter(found[1]) if found else queryset


class StateFilter(ChoiceFilter):
    choices_offered = STATES


class ReachedFilter(ChoiceFilter):
    choices_offered = REACHED


class MemberFilter(admin.BooleanFieldListFilter):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.title = _("member of the channel")
