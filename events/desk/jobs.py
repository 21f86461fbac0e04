"""Pages of the jobs: a list, one with its progress, a button to stop it."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from events.desk.actions import job_address
from events.models.desk import DeskJob
from events.rights import EXCHANGE, REVIEW
from events.services.jobs import RIGHTS, desk_job_stop
from starscal.core.admin_shared import ReadOnlyAdmin, json_block, time_shown
from starscal.core.exceptions import ApplicationError

FIELDS: Final = (
    "kind", "status", "actor", "reason", "asked_shown", "refusals_shown",
    time_shown("created_at", _("created")), time_shown("ended_at", _("ended")),
)  # fmt: skip


@admin.register(DeskJob)
class DeskJobAdmin(ReadOnlyAdmin[DeskJob]):
    list_display = (
        "kind", "status", "percent_shown", "done", "skipped", "refused", "actor",
        time_shown("created_at", _("created")), time_shown("ended_at", _("ended")),
    )  # fmt: skip
    list_filter = ("status", "kind")
    list_select_related = ("actor",)
    ordering = ("-created_at", "-id")
    sortable_by = ()
    change_form_template = "admin/events/deskjob/change_form.html"

    def get_fields(self, request: HttpRequest, obj: DeskJob | None = None) -> Any:
        return FIELDS

    def get_readonly_fields(self, request: HttpRequest, obj: DeskJob | None = None) -> Any:
        return FIELDS

    def has_view_permission(self, request: HttpRequest, obj: DeskJob | None = None) -> bool:
        user = cast("User", request.user)
        return any(user.has_perm(right) for right in set(RIGHTS.values()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeskJob]:
        """Show translators imports and reviews alone, and nobody what is not confirmed yet."""
        user = cast("User", request.user)
        jobs = super().get_queryset(request).exclude(status=DeskJob.Status.PROPOSED)
        rights = {right for right in RIGHTS.values() if user.has_perm(right)}
        if not rights or rights - {REVIEW, EXCHANGE}:
            return jobs
        return jobs.filter(kind__in=[kind for kind, right in RIGHTS.items() if right in rights])

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=_("progress"))
    def percent_shown(self, job: DeskJob) -> str:
        return f"{job.percent} %"

    @admin.display(description=_("selection"))
    def asked_shown(self, job: DeskJob) -> SafeString:
        return json_block(job.asked)

    @admin.display(description=_("reasons of refusals"))
    def refusals_shown(self, job: DeskJob) -> SafeString:
        rows = sorted(job.refusals.items(), key=lambda pair: -pair[1])
        return format_html_join("", "<p>{} ({})</p>", rows)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:object_id>/progress/", view(self.progress_view), name="desk_job_progress"),
            path("<uuid:object_id>/stop/", view(self.stop_view), name="desk_job_stop"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def progress_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Say how far a job is, for its open page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse(progress(self._job(request, object_id)))

    @method_decorator(require_POST)
    def stop_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Leave the rest of a job undone."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = self._job(request, object_id)
        try:
            desk_job_stop(job_id=object_id, actor=cast("User", request.user))
        except ApplicationError as refusal:
            messages.error(request, str(refusal.message))
        return HttpResponseRedirect(job_address(job))

    def _job(self, request: HttpRequest, object_id: UUID) -> DeskJob:
        return get_object_or_404(self.get_queryset(request), pk=object_id)


def progress(job: DeskJob) -> dict[str, Any]:
    """Return what the page of a job shows of its progress."""
    return {
        "status": job.status,
        "open": job.is_open,
        "percent": job.percent,
        "total": job.total,
        "done": job.done,
        "skipped": job.skipped,
        "refused": job.refused,
    }
