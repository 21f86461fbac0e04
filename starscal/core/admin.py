"""Admin of the kernel: the log and the audit trail to look at."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from starscal.core.admin_audit import AuditEntryAdmin
from starscal.core.admin_shared import ReadOnlyAdmin, time_shown
from starscal.core.models import OutboxMessage, Stream

__all__ = ["AuditEntryAdmin", "OutboxMessageAdmin", "StreamAdmin"]

admin.site.site_header = "StarsCalendars"
admin.site.site_title = "StarsCalendars"
admin.site.index_title = _("Calendar administration")


@admin.register(Stream)
class StreamAdmin(ReadOnlyAdmin[Stream]):
    list_display = ("name", "epoch", "last_seq", "relayed_seq")


@admin.display(description=_("stream"), ordering="stream")
def stream_named(message: OutboxMessage) -> str:
    return message.stream_id


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin[OutboxMessage]):
    list_display = (stream_named, "seq", "kind", "key", time_shown("created_at", _("created")))
    list_filter = (("stream", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("key__startswith",)
    ordering = ("-pk",)
