"""The page on which facts of a computed event are set by hand, and how it came to that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.forms.boundfield import BoundField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from events.constraints import OVERRIDABLE, REASON_MOST
from events.models import Event
from events.selectors import WHOLE_SPAN
from events.services.overrides import event_override
from events.twin_forms import theirs_told
from starscal.core import clock
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.formats import date_time_text

TEMPLATE: Final = "admin/events/event/overrides.html"
RIGHT: Final = "events.override_event"
MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(\s*(Z|UTC))?", re.ASCII
)
Page = Callable[[HttpRequest, Event, Any], dict[str, Any]]


def moment_text(value: Any) -> str:
    """Write an instant in UTC as it is typed, with all that is stored of its seconds."""
    if not isinstance(value, datetime):
        return "" if value is None else str(value)
    bare = value.astimezone(UTC).replace(tzinfo=None)
    return bare.isoformat(" ", "microseconds" if bare.microsecond % 1000 else "milliseconds")


class MomentField(forms.Field):
    """An instant that is typed in UTC, with parts of a second; empty is none."""

    default_error_messages = {
        "invalid": _("Give a moment in UTC from 1900 to 2100, such as 2026-06-30 00:30:00.125."),
    }

    def prepare_value(self, value: Any) -> str:
        return moment_text(value)

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, datetime):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        moment = _read(text)
        if moment is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


def _read(text: str) -> datetime | None:
    if not MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.rstrip("ZUTC").rstrip().replace(",", "."))
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC)
    return moment if WHOLE_SPAN.start <= moment < WHOLE_SPAN.end else None


def _moment() -> MomentField:
    return MomentField(required=False, show_hidden_initial=True)


class OverrideForm(forms.Form):
    """What an editor sets; hidden twins say what was set when the page was opened."""

    occurs_at = _moment()
    begins_at = _moment()
    ends_at = _moment()
    significance = forms.IntegerField(
        min_value=1, max_value=5, required=False, show_hidden_initial=True
    )
    reason = forms.CharField(
        label=_("Reason, which readers see"), max_length=REASON_MOST, required=False,
        show_hidden_initial=True, widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
    )  # fmt: skip
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_reason(self) -> str:
        return " ".join(str(self.cleaned_data["reason"]).split())

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        sets = [name for name in OVERRIDABLE if said.get(name) is not None]
        if sets and said.get("reason") == "":
            self.add_error("reason", _("Give the reason; readers see it."))
        return said

    def values(self) -> dict[str, datetime | int | None]:
        """Return the facts that were changed; None lifts."""
        return {name: self.cleaned_data[name] for name in OVERRIDABLE if name in self.changed_data}

    def why(self) -> str:
        """Return the reason, unless it is the old one beside facts that are lifted alone."""
        sets = any(value is not None for value in self.values().values())
        return self.cleaned_data["reason"] if sets or "reason" in self.changed_data else ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact: what is computed, what is served, and where another value is set."""

    label: str
    computed: str
    served: str
    is_set: bool
    input: BoundField


def override_urls(model_admin: ModelAdmin[Event], page: Page) -> list[URLPattern]:
    """Return the address of the page, below an event; ``page`` gives what pages there need."""
    site = model_admin.admin_site

    def view(request: HttpRequest, object_id: UUID) -> HttpResponse:
        may = cast("User", request.user).has_perm(RIGHT)
        if not model_admin.has_view_permission(request) or (request.method == "POST" and not may):
            raise PermissionDenied
        event = Event.objects.select_related("override_by").filter(pk=object_id).first()
        if event is None:
            raise Http404
        if request.method == "POST":
            return _posted(request, event, page)
        return _shown(request, event, OverrideForm(initial=stored(event)), page)

    guarded = site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(view))
    return [path("<uuid:object_id>/overrides/", guarded, name="events_event_overrides")]


def stored(event: Event) -> dict[str, Any]:
    """Return what is set now, by the names of the form."""
    facts = {name: getattr(event, f"override_{name}") for name in OVERRIDABLE}
    return {**facts, "reason": event.override_reason or "", "revision": event.revision}


def _posted(request: HttpRequest, event: Event, page: Page) -> HttpResponse:
    form = OverrideForm(request.POST, initial=stored(event))
    if not form.is_valid():
        return _shown(request, event, form, page)
    try:
        saved = event_override(
            event_id=event.pk, actor=cast("User", request.user), values=form.values(),
            reason=form.why(), revision=form.cleaned_data["revision"], at=clock.now(),
        )  # fmt: skip
    except ApplicationError as refusal:
        return _shown(request, event, refused(form, refusal, event), page)
    if saved.revision != form.cleaned_data["revision"]:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(request.path)


def refused(form: OverrideForm, refusal: ApplicationError, event: Event) -> OverrideForm:
    """Return the form with what was typed and, beside it, what speaks against it."""
    if refusal.code != ErrorCode.EVENT_CONFLICT:
        name = refusal.pointer.removeprefix("/")
        form.add_error(name if name in form.fields else None, str(refusal.message))
        return form
    event.refresh_from_db()
    again, theirs = renewed(form, event)
    told = _(
        "Somebody else has saved this in the meantime. "
        "Compare what they wrote with yours; saving again keeps yours."
    )
    again.add_error(None, str(told))
    for name, text in theirs.items():
        again.add_error(name, theirs_told(text))
    return again


def renewed(form: OverrideForm, event: Event) -> tuple[OverrideForm, Mapping[str, str]]:
    """Return the form beside what is set now, and what others set where the editor did, too.

    What the editor left alone shows what is set now; saving again has seen all of it.
    """
    now, data = stored(event), dict(form.data.items())
    theirs: dict[str, str] = {}
    for bound in form:
        text = moment_text(now[bound.name])
        is_typed = bound.name in form.changed_data and bound.name != "revision"
        if is_typed and data.get(bound.html_initial_name, "") != text:
            theirs[bound.name] = text
        if not is_typed:
            data[bound.html_name] = text
        data[bound.html_initial_name] = text
    return OverrideForm(data, initial=now), theirs


def _shown(request: HttpRequest, event: Event, form: OverrideForm, page: Page) -> HttpResponse:
    context = {
        **page(request, event, _("Overrides")),
        "form": form,
        "may_override": cast("User", request.user).has_perm(RIGHT),
        "is_computed": event.origin == Event.Origin.COMPUTED,
        "rows": [_row(event, form, name) for name in OVERRIDABLE],
        "set_by": event.override_by,
        "set_at": date_time_text(event.override_set_at) if event.override_set_at else "",
    }
    return TemplateResponse(request, TEMPLATE, context)


def _row(event: Event, form: OverrideForm, name: str) -> FactRow:
    is_set = name in event.overridden
    return FactRow(
        label=capfirst(str(getattr(Event._meta.get_field(name), "verbose_name", name))),
        computed=moment_text(getattr(event, f"computed_{name}" if is_set else name)),
        served=moment_text(getattr(event, name)),
        is_set=is_set,
        input=form[name],
    )
