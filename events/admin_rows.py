"""Admin of what only the system writes of events: to look at."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from events.kinds import FAMILIES
from events.models import ComputedWindow, TextState
from starscal.core.admin_shared import ReadOnlyAdmin, native_name, native_names, time_shown

FIELDS: Final = {
    "title": _("title"), "description": _("description"), "reflection": _("reflection"),
}  # fmt: skip


class NamedFilter(admin.SimpleListFilter):
    """Narrow by a column whose values have names."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset if value is None else queryset.filter(**{str(self.parameter_name): value})


class LanguageFilter(NamedFilter):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return native_names()


class FieldFilter(NamedFilter):
    title = _("field")
    parameter_name = "field"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(FIELDS.items())


@admin.register(TextState)
class TextStateAdmin(ReadOnlyAdmin[TextState]):
    list_display = (
        "event", "field_shown", "language_shown", "source", "status", "editor",
        time_shown("edited_at", _("updated")),
    )  # fmt: skip
    list_filter = ("status", "source", LanguageFilter, FieldFilter)
    list_select_related = ("event", "editor")
    ordering = ("-pk",)

    @admin.display(description=_("field"), ordering="field")
    def field_shown(self, state: TextState) -> str:
        return str(FIELDS.get(state.field, state.field))

    @admin.display(description=_("language"), ordering="language")
    def language_shown(self, state: TextState) -> SafeString:
        return native_name(state.language)


@admin.register(ComputedWindow)
class ComputedWindowAdmin(ReadOnlyAdmin[ComputedWindow]):
    list_display = (
        "family_shown", time_shown("starts_at", _("begins at")),
        time_shown("ends_at", _("ends at")), "version",
    )  # fmt: skip
    ordering = ("family", "starts_at")

    @admin.display(description=_("family"), ordering="family")
    def family_shown(self, window: ComputedWindow) -> str:
        return str(FAMILIES.get(window.family, window.family))
