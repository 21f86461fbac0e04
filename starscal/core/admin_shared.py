"""What all admins share: lists of long tables, refusals of services, rows to look at."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from starscal.core.exceptions import ApplicationError
from starscal.core.formats import date_time_text
from starscal.core.i18n import language_normalize
from starscal.core.pages import NATIVE_NAMES, html_tag

M = TypeVar("M", bound=Model)
COUNTED_UP_TO = 10_000
LANGUAGE_PARAMETER: Final = "lang"  # of every page: it narrows nothing


class EstimatedPaginator(Paginator[Any]):
    """Count to ten thousand; beyond that, PostgreSQL's own estimate is good enough."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return super().count
        if not rows.query.where:
            estimate = rows_estimate(rows.model._meta.db_table)
            return estimate if estimate > COUNTED_UP_TO else rows.count()
        counted = rows.order_by()[: COUNTED_UP_TO + 1].count()
        return counted if counted <= COUNTED_UP_TO else max(counted, rows_planned(rows))


class AnyLanguageList(ChangeList):
    """A list whose address may name a language, like that of every page."""

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        asked = super().get_filters_params(params)
        if any("\x00" in text for texts in asked.values() for text in texts):
            raise BadRequest("No filter takes a zero byte.")  # nor does the database
        return {name: value for name, value in asked.items() if name != LANGUAGE_PARAMETER}


class AnyLanguageAdmin(admin.ModelAdmin[M]):
    """Rows with such a list."""

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return AnyLanguageList


def rows_estimate(table: str) -> int:
    """Return how many rows the planner believes a table to have; -1 if it never looked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])


def rows_planned(rows: QuerySet[Any]) -> int:
    """Return how many rows the planner expects of a query."""
    plan = json.loads(rows.order_by().explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def json_block(value: Any) -> SafeString:
    """Show JSON readably."""
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))


def reader_language() -> str:
    """Return the language of the page that is being made."""
    return language_normalize(get_language() or "") or settings.LANGUAGE_CODE


def native_name(code: str) -> SafeString:
    """Return what a language calls itself, marked as being in that language."""
    return format_html('<span lang="{}">{}</span>', html_tag(code), NATIVE_NAMES.get(code, code))


def native_names() -> list[tuple[str, SafeString]]:
    """Return the languages to choose from."""
    return [(code, native_name(code)) for code in NATIVE_NAMES]


def time_shown(
    field: str, description: Any, *, written: Callable[[datetime], str] = date_time_text
) -> Callable[[Any], str]:
    """Return a column or read-only field that writes an instant as the reader's language does."""

    @admin.display(description=description, ordering=field)
    def shown(row: Any) -> str:
        at = getattr(row, field)
        return written(at) if at else admin.site.empty_value_display

    shown.__name__ = f"{field}_shown"
    return shown


class RefusableForm(forms.ModelForm[M]):
    """Show the refusal of a service as an error of the form, beside what was typed."""

    refusal: ApplicationError | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            raise forms.ValidationError(str(self.refusal.message), code=str(self.refusal.code))
        return cleaned


class ServiceAdmin(AnyLanguageAdmin[M]):
    """Rows that services write: a refusal shows the form again; nothing is deleted here.

    ``save_model`` calls a service; ``form`` is a RefusableForm.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ApplicationError as refusal:
            request.service_refusal = refusal  # type: ignore[attr-defined] # read by get_form
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: M | None = None, change: bool = False, **options: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        refusal = getattr(request, "service_refusal", None)
        return type(form.__name__, (form,), {"refusal": refusal}) if refusal else form

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class ReadOnlyAdmin(AnyLanguageAdmin[M]):
    """Rows that only the system writes: to look at, never to change."""

    show_facets = admin.ShowFacets.NEVER  # each would count the table
    show_full_result_count = False
    paginator = EstimatedPaginator
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False
