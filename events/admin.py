"""Admin of events: it shows, gathers edits and calls services; it never saves by itself."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

import events.admin_announcements
import events.admin_rows
import events.desk.jobs  # noqa: F401 - they register themselves
from accounts.models import User
from events.admin_filters import (
    FamilyFilter,
    KindFilter,
    SignificanceFilter,
    TextLanguageFilter,
    TextStatusFilter,
    TimeFilter,
)
from events.admin_forms import (
    TEXT_COLUMNS,
    EventForm,
    StatusForm,
    columns_of,
)
from events.desk.actions import (
    ACTIONS,
    ReasonActionForm,
    ids_checked,
    language_offered,
    operate,
)
from events.desk.event_list import BoundedPaginator, EventChangeList, may_narrow
from events.desk.facts import facts_block, provenance_block
from events.desk.history import history_response
from events.desk.layout import TEXTS_CLASS, desk_layout
from events.desk.overrides import override_urls
from events.desk.preview import preview_response
from events.desk.publishing import PublishingAdmin
from events.desk.selection import rows_searched
from events.desk.staff_events import (
    INVITATION,
    edit_saved,
    event_made,
    image_shown,
    staff_parts,
    staff_urls,
)
from events.desk.urls import desk_urls
from events.kinds import FAMILIES, kind_name
from events.models import TRANSLATED_FIELDS, Event, TextState
from events.payloads import FALLBACK
from events.querysets import EventQuerySet
from events.rights import CHANGE, PUBLISH, may_edit, reviewed_by
from starscal.core import clock
from starscal.core.admin_shared import reader_language, time_shown
from starscal.core.formats import date_time_text
from starscal.core.i18n import column
from starscal.core.pages import NATIVE_NAMES, html_tag

CURATED = ("publish_at", "significance", "quantum_resonance")
TIMES = ("occurs_at", "begins_at", "ends_at")
TIMES_SHOWN = (
    time_shown("occurs_at", _("occurs at")),
    time_shown("begins_at", _("begins at")),
    time_shown("ends_at", _("ends at")),
)
MARKS = {"human": "✎", "stale": "!", "needs_review": "?", "missing": "–"}


def actor_of(request: HttpRequest) -> User:
    return cast("User", request.user)


@admin.register(Event)
class EventAdmin(PublishingAdmin[Event]):
    # No deleting: readers who saved an event must learn what became of it. Hide it, or cancel it.
    form = EventForm
    publish_right = PUBLISH
    list_display = (
        "when_shown", "title_shown", "kind_shown", "status", "significance", "quantum_resonance",
        "texts_shown",
    )  # fmt: skip
    list_display_links = ("when_shown", "title_shown")
    list_filter = (
        TimeFilter, "status", FamilyFilter, KindFilter, SignificanceFilter, "origin",
        TextStatusFilter, TextLanguageFilter,
    )  # fmt: skip
    show_facets = admin.ShowFacets.NEVER  # each would count the table
    sortable_by = ("when_shown",)
    list_select_related = False
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    date_hierarchy = "occurs_at"
    ordering = ("occurs_at", "id")
    search_help_text = _("Titles in your language and in English, or the beginning of a slug.")
    actions = ACTIONS
    action_form = ReasonActionForm
    change_list_template = "admin/events/event/change_list.html"
    save_on_top = True
    change_form_template = "admin/events/event/change_form.html"

    # What is shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).prefetch_related("text_states")

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[EventChangeList]:
        return EventChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return may_narrow(lookup, value, request)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("slug",)  # shows the field; what it searches stands below

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        rows = cast("EventQuerySet", queryset)
        return rows_searched(rows, words=search_term, language=reader_language()), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        ids_checked(request)
        return language_offered(request, super().changelist_view(request, extra_context))

    @admin.display(description=_("occurs at"), ordering="occurs_at")
    def when_shown(self, event: Event) -> str:
        return date_time_text(event.occurs_at)

    @admin.display(description=_("title"))
    def title_shown(self, event: Event) -> str:
        return event.text("title", reader_language()) or event.text("title", FALLBACK) or event.key

    @admin.display(description=_("kind"), ordering="event_type")
    def kind_shown(self, event: Event) -> str:
        return kind_name(event.event_type)

    @admin.display(description=_("family"))
    def family_shown(self, event: Event) -> str:
        return str(FAMILIES.get(event.family, event.family))

    @admin.display(description=_("bodies"))
    def bodies_shown(self, event: Event) -> SafeString:
        return format_html("<code>{}</code>", ", ".join(event.bodies))

    @admin.display(description=_("texts"))
    def texts_shown(self, event: Event) -> SafeString:
        """Show a letter pair for each language, with a mark where it is not plainly generated."""
        states = list(event.text_states.all())
        return format_html_join(
            " ",
            '<span lang="{}" title="{}">{}{}</span>',
            (
                (
                    html_tag(code),
                    NATIVE_NAMES[code],
                    code.partition("-")[0],
                    text_mark(event, code, states),
                )
                for code, _name in settings.LANGUAGES
            ),
        )

    @admin.display(description=_("astronomical data"))
    def data_shown(self, event: Event) -> SafeString:
        return facts_block(event)

    @admin.display(description=_("provenance"))
    def provenance_shown(self, event: Event) -> SafeString:
        return provenance_block(event)

    # The form: what somebody may write stands in it, the rest is to look at

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return may_edit(actor_of(request))

    def has_review_permission(self, request: HttpRequest) -> bool:
        return bool(reviewed_by(actor_of(request)))

    def has_recompute_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).has_perm(CHANGE)

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> Any:
        may = columns_of(actor_of(request), obj)
        texts = [(name, _language_part(code)) for code, name in NATIVE_NAMES.items()]
        if obj is None:
            parts = [(_("Curation"), {"fields": CURATED}), (_("Time"), {"fields": TIMES})]
            return [*_within(parts, may), *staff_parts(None, may), *_within(texts, may)]
        seen = ("seen_revision",) if self.has_change_permission(request, obj) else ()
        return [
            (_("Curation"), {"fields": ("status", *CURATED, *seen)}),
            (_("Time"), {"fields": TIMES if {*TIMES} <= may else TIMES_SHOWN}),
            *staff_parts(obj, may),
            *texts,
            (_("Facts"), {"fields": FACTS, "classes": ("collapse",)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> Any:
        if obj is None:
            return ()
        may = columns_of(actor_of(request), obj)
        closed = (name for name in (*CURATED, *INVITATION, *TEXT_COLUMNS) if name not in may)
        return ("status", *closed, image_shown, *(() if {*TIMES} <= may else TIMES_SHOWN), *FACTS)

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        saved = (edit_saved if change else event_made)(request, form, clock.now())
        obj.pk, obj.key, obj.revision = saved.pk, saved.key, saved.revision

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        event, form = context["original"], context["adminform"].form
        layout = desk_layout(form=form, event=event, reader=reader_language())
        context |= {"desk": layout, "texts_class": TEXTS_CLASS}
        if event is not None:
            facts = [self.when_shown(event), self.kind_shown(event)]
            context |= {"subtitle": self.title_shown(event), "facts_line": facts}
        return super().render_change_form(request, context, *args, **options)

    # Pages beside the form

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(f"<uuid:object_id>/{name}/", wrap(view), name=f"events_event_{name}")
            for name, view in (
                ("status", require_POST(self.status_view)),
                ("preview", require_safe(self.preview_view)),
            )
        ]
        beside = [*override_urls(self, self._page), *desk_urls(self), *staff_urls(self)]
        return [*own, *beside, *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Show an event in any state as readers of ten languages get it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        event = Event.objects.filter(pk=object_id).first()
        if event is None:
            raise Http404
        return preview_response(request, event, self._page(request, event, _("Preview")))

    def _page(self, request: HttpRequest, event: Event, title: Any) -> dict[str, Any]:
        """Return what a page beside the form needs of the admin."""
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": self.title_shown(event),
            "opts": self.opts,
            "event": event,
        }

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show our audit trail of the event instead of Django's own log."""
        event = self.get_object(request, unquote(object_id))
        if event is None:  # which Django answers well
            return super().history_view(request, object_id, extra_context)
        if not self.has_view_permission(request, event):
            raise PermissionDenied
        return history_response(request, event, self._page(request, event, _("History")))

    # Publishing

    def status_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Do what a button on the page of an event asks for."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        form = StatusForm(request.POST)
        if form.is_valid():
            wish = form.cleaned_data
            pks = [object_id]
            operate(request, wish["operation"], pks, wish["reason"], wish["revision"])
        else:
            messages.error(request, _("Choose one of: publish, hide, cancel."))
        page = reverse("admin:events_event_change", args=[object_id])
        return HttpResponseRedirect(page)


FACTS = (
    "key", "slug", "kind_shown", "family_shown", "bodies_shown", "origin", "data_shown",
    "uncertainty_s", "provenance_shown", "revision", time_shown("created_at", _("created")),
    time_shown("updated_at", _("updated")),
)  # fmt: skip


def _within(parts: Iterable[tuple[Any, dict[str, Any]]], may: Collection[str]) -> Iterator[Any]:
    """Yield parts of the form with what may be written alone."""
    for name, options in parts:
        if fields := tuple(field for field in options["fields"] if field in may):
            yield name, {**options, "fields": fields}


def _language_part(code: str) -> dict[str, Any]:
    """Return the texts of a language, which the desk lays out."""
    fields = tuple(column(field, code) for field in TRANSLATED_FIELDS)
    return {"fields": fields, "classes": (TEXTS_CLASS,)}


def text_mark(event: Event, code: str, known: Iterable[TextState]) -> str:
    """Return the mark of the worst state among an event's texts in a language."""
    states = [state for state in known if state.language == code]
    for status in (TextState.Status.STALE, TextState.Status.NEEDS_REVIEW):
        if any(state.status == status for state in states):
            return MARKS[status]
    if not event.text("title", code):
        return MARKS["missing"]
    human = any(state.source == TextState.Source.HUMAN for state in states)
    return MARKS["human"] if human else ""
