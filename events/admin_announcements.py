"""Admin of announcements: it shows, gathers what was written and calls services."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from accounts.models import User
from events.desk.publishing import PublishingAdmin
from events.live.presence import presence_now
from events.message_payloads import announcement_preview
from events.models import ANNOUNCED_FIELDS, Announcement
from events.services.notices import (
    announcement_create,
    announcement_publish,
    announcement_update,
    announcement_withdraw,
)
from events.twin_forms import TwinForm
from starscal.core import clock
from starscal.core.admin_shared import native_name, reader_language, time_shown
from starscal.core.exceptions import ApplicationError
from starscal.core.i18n import column
from starscal.core.pages import NATIVE_NAMES, html_tag

Operation = Callable[[uuid.UUID, User], Announcement]
OPERATIONS: dict[str, Operation] = {
    "publish": lambda pk, actor: announcement_publish(
        announcement_id=pk, actor=actor, at=clock.now()
    ),
    "withdraw": lambda pk, actor: announcement_withdraw(announcement_id=pk, actor=actor),
}
TEXTS = {code: tuple(column(field, code) for field in ANNOUNCED_FIELDS) for code in NATIVE_NAMES}
FIXED = (
    "status", time_shown("published_at", _("published at")), "created_by", "revision",
    "preview_shown",
)  # fmt: skip


class AnnouncementForm(TwinForm[Announcement]):
    """What is written; a service saves it."""

    class Meta:
        model = Announcement
        fields = ("link", "publish_at", *(name for names in TEXTS.values() for name in names))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for names in TEXTS.values():  # the language stands above them
            for field, name in zip(ANNOUNCED_FIELDS, names, strict=True):
                plain = cast("Field[Any, Any]", Announcement._meta.get_field(field))
                if name in self.fields:  # whoever may only look has none
                    self.fields[name].label = capfirst(str(plain.verbose_name))

    def edit(self) -> dict[str, Any]:
        """Return what was changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class OperationForm(forms.Form):
    """What a button on the page of an announcement asks for."""

    operation = forms.ChoiceField(choices=[(name, name) for name in OPERATIONS])


@admin.register(Announcement)
class AnnouncementAdmin(PublishingAdmin[Announcement]):
    form = AnnouncementForm
    publish_right = "events.publish_announcement"
    list_display = (
        "title_shown", "status", time_shown("publish_at", _("publish at")),
        time_shown("published_at", _("published at")), "created_by",
    )  # fmt: skip
    list_filter = ("status",)
    list_select_related = ("created_by",)
    ordering = ("-created_at", "-id")
    change_form_template = "admin/events/announcement/change_form.html"
    change_list_template = "admin/events/announcement/change_list.html"

    def get_fieldsets(self, request: HttpRequest, obj: Announcement | None = None) -> Any:
        texts = [(native_name(code), {"fields": names}) for code, names in TEXTS.items()]
        top = (None, {"fields": ("publish_at", "link")})
        return [top, *texts] if obj is None else [(None, {"fields": FIXED}), top, *texts]

    def get_readonly_fields(self, request: HttpRequest, obj: Announcement | None = None) -> Any:
        return () if obj is None else FIXED

    @admin.display(description=_("title"))
    def title_shown(self, row: Announcement) -> str:
        """Return the title as readers of the page's language get it."""
        return announcement_preview(row)[reader_language()]["title"] or str(row.pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        if (row := context["original"]) is not None:
            context |= {"subtitle": self.title_shown(row)}
        return super().render_change_form(request, context, *args, **options)

    @admin.display(description=_("preview"))
    def preview_shown(self, row: Announcement) -> SafeString:
        """Show title and text as readers of each language get them."""
        return format_html_join(
            "",
            '<p lang="{}"><b>{}</b>: {}<br>{}</p>',
            (
                (html_tag(shown["lang_used"]), NATIVE_NAMES[code], shown["title"], shown["body"])
                for code, shown in announcement_preview(row).items()
            ),
        )

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        actor = cast("User", request.user)
        if change:
            announcement_update(
                announcement_id=obj.pk, actor=actor, fields=form.edit(), seen=form.seen()
            )
        else:
            obj.pk = announcement_create(actor=actor, fields=form.edit()).pk

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.status_view))
        own = path("<uuid:object_id>/status/", view, name="events_announcement_status")
        listening = path(
            "presence/", self.admin_site.admin_view(self.presence_view), name="events_presence"
        )
        return [own, listening, *super().get_urls()]

    @method_decorator(require_safe)
    def presence_view(self, request: HttpRequest) -> HttpResponse:
        """Show staff how many follow each stream in each language."""
        try:
            present = presence_now()
        except RedisError:
            present = None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who is listening"),
            "present": present,
        }
        return TemplateResponse(request, "admin/events/announcement/presence.html", context)

    def status_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Do what a button on the page of an announcement asks for."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        form = OperationForm(request.POST)
        if form.is_valid():
            self._operate(request, form.cleaned_data["operation"], [object_id])
        else:
            messages.error(request, _("Choose one of: publish, withdraw."))
        page = reverse("admin:events_announcement_change", args=[object_id])
        return HttpResponseRedirect(page)

    actions = ("publish_chosen", "withdraw_chosen")

    @admin.action(description=_("Publish the chosen announcements"), permissions=["publish"])
    def publish_chosen(self, request: HttpRequest, chosen: QuerySet[Announcement]) -> None:
        self._operate(request, "publish", list(chosen.values_list("pk", flat=True)))

    @admin.action(description=_("Withdraw the chosen announcements"), permissions=["publish"])
    def withdraw_chosen(self, request: HttpRequest, chosen: QuerySet[Announcement]) -> None:
        self._operate(request, "withdraw", list(chosen.values_list("pk", flat=True)))

    def _operate(self, request: HttpRequest, name: str, pks: list[uuid.UUID]) -> None:
        try:
            for pk in pks:
                OPERATIONS[name](pk, cast("User", request.user))
        except ApplicationError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("Done; open pages show it at once."))
