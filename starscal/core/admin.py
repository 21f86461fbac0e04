"""Admin of the kernel: the log and the audit trail to look at, and what all admins share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from starscal.core.exceptions import ApplicationError
from starscal.core.formats import date_time_text
from starscal.core.models import AuditEntry, OutboxMessage, Stream

M = TypeVar("M", bound=Model)
COUNTED_UP_TO = 10_000

admin.site.site_header = "StarsCalendars"
admin.site.site_title = "StarsCalendars"
admin.site.index_title = _("Calendar administration")


class EstimatedPaginator(Paginator[Any]):
    """Take PostgreSQL's own estimate for a whole large table; count everything else."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet) and not rows.query.where:
            estimate = rows_estimate(rows.model._meta.db_table)
            if estimate > COUNTED_UP_TO:
                return estimate
        return super().count


def rows_estimate(table: str) -> int:
    """Return how many rows the planner believes a table to have; -1 if it never looked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])


def json_block(value: Any) -> SafeString:
    """Show JSON readably."""
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))


def time_shown(field: str, description: Any) -> Callable[[Any], str]:
    """Return a column or read-only field that writes an instant as the reader's language does."""

    @admin.display(description=description, ordering=field)
    def shown(row: Any) -> str:
        at = getattr(row, field)
        return date_time_text(at) if at else admin.site.empty_value_display

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


class ServiceAdmin(admin.ModelAdmin[M]):
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


class ReadOnlyAdmin(admin.ModelAdmin[M]):
    """Rows that only the system writes: to look at, never to change."""

    show_full_result_count = False
    paginator = EstimatedPaginator
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


@admin.register(Stream)
class StreamAdmin(ReadOnlyAdmin[Stream]):
    list_display = ("name", "epoch", "last_seq", "relayed_seq")


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin[OutboxMessage]):
    list_display = ("stream_id", "seq", "kind", "key", time_shown("created_at", _("created")))
    list_filter = (("stream", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("key__startswith",)
    ordering = ("-pk",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    list_display = (
        time_shown("created_at", _("created")),
        "actor", "action", "object_type", "object_id", "reason",
    )  # fmt: skip
    list_filter = ("object_type",)
    search_fields = ("object_id__exact", "actor__exact")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
