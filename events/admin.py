"""Admin of events: it shows, gathers edits and calls services; it never saves by itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

import events.admin_announcements  # noqa: F401 - registers itself
from accounts.models import User
from events.admin_filters import (
    FamilyFilter,
    KindFilter,
    SignificanceFilter,
    TextStatusFilter,
    TimeFilter,
)
from events.admin_forms import EventForm, KindSettingForm, StatusForm
from events.kinds import KINDS
from events.models import TRANSLATED_FIELDS, ComputedWindow, Event, KindSetting, TextState
from events.payloads import FALLBACK
from events.provenance import provenance_of
from events.services.curation import (
    event_cancel,
    event_create,
    event_hide,
    event_publish,
    event_update,
)
from events.services.kinds import kind_setting_update
from starscal.core import clock
from starscal.core.admin_shared import (
    EstimatedPaginator,
    ReadOnlyAdmin,
    ServiceAdmin,
    json_block,
    time_shown,
)
from starscal.core.exceptions import ApplicationError
from starscal.core.formats import date_time_text
from starscal.core.i18n import column, language_normalize
from starscal.core.pages import NATIVE_NAMES

Operation = Callable[[uuid.UUID, User, str], Event]
OPERATIONS: dict[str, Operation] = {
    "publish": lambda pk, actor, _reason: event_publish(event_id=pk, actor=actor),
    "hide": lambda pk, actor, _reason: event_hide(event_id=pk, actor=actor),
    "cancel": lambda pk, actor, reason: event_cancel(event_id=pk, actor=actor, reason=reason),
}
AT_MOST = 500  # events that one action handles; each is announced by itself
TIMES = ("occurs_at", "begins_at", "ends_at")
TIMES_SHOWN = (
    time_shown("occurs_at", _("occurs at")),
    time_shown("begins_at", _("begins at")),
    time_shown("ends_at", _("ends at")),
)
MARKS = {"human": "✎", "stale": "!", "needs_review": "?", "missing": "–"}


def actor_of(request: HttpRequest) -> User:
    return cast("User", request.user)


def reader_language() -> str:
    return language_normalize(get_language() or FALLBACK) or FALLBACK


@admin.register(Event)
class EventAdmin(ServiceAdmin[Event]):
    # No deleting: readers who saved an event must learn what became of it. Hide it, or cancel it.
    form = EventForm
    list_display = (
        "when_shown", "title_shown", "kind_shown", "status", "significance", "quantum_resonance",
        "texts_shown",
    )  # fmt: skip
    list_display_links = ("when_shown", "title_shown")
    list_filter = (
        TimeFilter, "status", FamilyFilter, KindFilter, SignificanceFilter, "origin",
        TextStatusFilter,
    )  # fmt: skip
    list_select_related = False
    list_per_page = 50
    show_full_result_count = False
    paginator = EstimatedPaginator
    date_hierarchy = "occurs_at"
    ordering = ("occurs_at", "id")
    search_help_text = _("Titles in your language and in English, or the beginning of a slug.")
    actions = ("publish_chosen", "hide_chosen", "cancel_chosen")
    save_on_top = True
    change_form_template = "admin/events/event/change_form.html"

    # What is shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).prefetch_related("text_states")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        titles = {column("title", reader_language()), column("title", FALLBACK)}
        return (*(f"{title}__contains_any_case" for title in sorted(titles)), "slug__startswith")

    @admin.display(description=_("occurs at"), ordering="occurs_at")
    def when_shown(self, event: Event) -> str:
        return date_time_text(event.occurs_at)

    @admin.display(description=_("title"))
    def title_shown(self, event: Event) -> str:
        return event.text("title", reader_language()) or event.text("title", FALLBACK) or event.key

    @admin.display(description=_("kind"), ordering="event_type")
    def kind_shown(self, event: Event) -> str:
        kind = KINDS.get(event.event_type)
        return str(kind.name) if kind else event.event_type

    @admin.display(description=_("texts"))
    def texts_shown(self, event: Event) -> SafeString:
        """Show a letter pair for each language, with a mark where it is not plainly generated."""
        return format_html_join(
            " ",
            '<span title="{}">{}{}</span>',
            (
                (NATIVE_NAMES[code], code.partition("-")[0], text_mark(event, code))
                for code, _name in settings.LANGUAGES
            ),
        )

    @admin.display(description=_("astronomical data"))
    def data_shown(self, event: Event) -> SafeString:
        return json_block(event.astronomical_data)

    @admin.display(description=_("provenance"))
    def provenance_shown(self, event: Event) -> SafeString:
        return json_block(provenance_of(event))

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> Any:
        state = ("status", "publish_at") if obj else ("publish_at",)
        parts: list[Any] = [
            (_("Curation"), {"fields": (*state, "significance", "quantum_resonance")}),
            (_("Time"), {"fields": _times(obj)}),
        ]
        parts += [(name, _language_part(code)) for code, name in NATIVE_NAMES.items()]
        if obj is not None:
            parts[0][1]["fields"] = (*parts[0][1]["fields"], "seen_revision")
            parts.append((_("Facts"), {"fields": FACTS, "classes": ("collapse",)}))
        return parts

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> Any:
        if obj is None:
            return ()
        fixed = TIMES_SHOWN if _times(obj) is TIMES_SHOWN else ()
        return ("status", *fixed, *FACTS)

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        actor, at = actor_of(request), clock.now()
        if change:
            saved = event_update(event_id=obj.pk, actor=actor, edit=form.edit(), at=at)
        else:
            occurs_at = form.cleaned_data["occurs_at"]
            saved = event_create(actor=actor, occurs_at=occurs_at, edit=form.edit(), at=at)
        obj.pk, obj.key, obj.revision = saved.pk, saved.key, saved.revision

    # Publishing

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.status_view))
        own = path("<uuid:object_id>/status/", view, name="events_event_status")
        return [own, *super().get_urls()]

    def status_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Do what a button on the page of an event asks for."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = StatusForm(request.POST)
        if form.is_valid():
            wish = form.cleaned_data
            self._operate(request, wish["operation"], [object_id], wish["reason"])
        else:
            messages.error(request, _("Choose one of: publish, hide, cancel."))
        page = reverse("admin:events_event_change", args=[object_id])
        return HttpResponseRedirect(page)

    @admin.action(description=_("Publish the chosen events"), permissions=["change"])
    def publish_chosen(self, request: HttpRequest, chosen: QuerySet[Event]) -> None:
        self._operate_all(request, "publish", chosen)

    @admin.action(description=_("Hide the chosen events"), permissions=["change"])
    def hide_chosen(self, request: HttpRequest, chosen: QuerySet[Event]) -> None:
        self._operate_all(request, "hide", chosen)

    @admin.action(description=_("Cancel the chosen events"), permissions=["change"])
    def cancel_chosen(self, request: HttpRequest, chosen: QuerySet[Event]) -> None:
        self._operate_all(request, "cancel", chosen)

    def _operate_all(self, request: HttpRequest, name: str, chosen: QuerySet[Event]) -> None:
        pks = list(chosen.values_list("pk", flat=True)[: AT_MOST + 1])
        if len(pks) > AT_MOST:
            told = _("Choose at most %(count)d events at once.") % {"count": AT_MOST}
            messages.error(request, told)
            return
        self._operate(request, name, pks)

    def _operate(
        self, request: HttpRequest, name: str, pks: list[uuid.UUID], reason: str = ""
    ) -> None:
        done, refusals = 0, []
        for pk in pks:
            try:
                OPERATIONS[name](pk, actor_of(request), reason)
            except ApplicationError as refusal:
                refusals.append(str(refusal.message))
            else:
                done += 1
        for sentence in dict.fromkeys(refusals):
            messages.error(request, sentence)
        if done:
            messages.success(request, _done_text(name, done))


FACTS = (
    "key", "slug", "event_type", "family", "bodies", "origin", "data_shown", "uncertainty_s",
    "provenance_shown", "revision", time_shown("created_at", _("created")),
    time_shown("updated_at", _("updated")),
)  # fmt: skip


def _times(event: Event | None) -> tuple[Any, ...]:
    """Return the times as fields to edit, or of a computed event to look at."""
    computed = event is not None and event.origin == Event.Origin.COMPUTED
    return TIMES_SHOWN if computed else TIMES


def _done_text(name: str, count: int) -> str:
    sentences = {
        "publish": ngettext(
            "%(count)d event is published.", "%(count)d events are published.", count
        ),
        "hide": ngettext("%(count)d event is hidden.", "%(count)d events are hidden.", count),
        "cancel": ngettext(
            "%(count)d event is cancelled.", "%(count)d events are cancelled.", count
        ),
    }
    return sentences[name] % {"count": count}


def _language_part(code: str) -> dict[str, Any]:
    """Return the texts of a language, folded away unless it is the editor's own or English."""
    open_ones = {FALLBACK, reader_language()}
    fields = tuple(column(field, code) for field in TRANSLATED_FIELDS)
    return {"fields": fields, "classes": () if code in open_ones else ("collapse",)}


def text_mark(event: Event, code: str) -> str:
    """Return the mark of the worst state among an event's texts in a language."""
    states = [state for state in event.text_states.all() if state.language == code]
    for status in (TextState.Status.STALE, TextState.Status.NEEDS_REVIEW):
        if any(state.status == status for state in states):
            return MARKS[status]
    if not event.text("title", code):
        return MARKS["missing"]
    human = any(state.source == TextState.Source.HUMAN for state in states)
    return MARKS["human"] if human else ""


@admin.register(KindSetting)
class KindSettingAdmin(ServiceAdmin[KindSetting]):
    form = KindSettingForm
    list_display = ("code", "needs_review")

    def get_readonly_fields(self, request: HttpRequest, obj: KindSetting | None = None) -> Any:
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: KindSetting, form: Any, change: bool) -> None:
        kind_setting_update(code=obj.code, needs_review=obj.needs_review, actor=actor_of(request))


@admin.register(TextState)
class TextStateAdmin(ReadOnlyAdmin[TextState]):
    list_display = (
        "event",
        "field",
        "language",
        "source",
        "status",
        "editor",
        time_shown("edited_at", _("updated")),
    )
    list_filter = ("status", "source", "language", "field")
    list_select_related = ("event", "editor")
    ordering = ("-pk",)


@admin.register(ComputedWindow)
class ComputedWindowAdmin(ReadOnlyAdmin[ComputedWindow]):
    list_display = (
        "family",
        time_shown("starts_at", _("begins at")),
        time_shown("ends_at", _("ends at")),
        "version",
    )
    ordering = ("family", "starts_at")
