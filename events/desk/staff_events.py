"""What the form of an event has for those of staff: link and series, and a page of the series."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin, site
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from events.admin_forms import PICTURE, EventForm, columns_of
from events.kinds import COMPUTED_KINDS, FAMILIES
from events.models import Event
from events.models.series import EVERY_MOST, OCCURRENCES_MOST, EventSeries
from events.payloads import image_link
from events.rights import ADD, CHANGE, PUBLISH
from events.selectors_series import occurrences_of
from events.series_words import series_words
from events.services.curation import EventEdit, event_create, event_update
from events.services.images import image_store
from events.services.series import SeriesRule, series_create, series_end, series_publish
from events.services.series_editing import series_update
from starscal.core import clock
from starscal.core.exceptions import ApplicationError
from starscal.core.formats import minute_text

TEMPLATE: Final = "admin/events/event/series.html"
INVITATION: Final = ("link",)  # the column among them
Fieldset = tuple[Any, dict[str, Any]]


@admin.display(description=_("image"))
def image_shown(event: Event) -> str:
    if not event.image_id:
        return site.empty_value_display
    image = image_link(event.image_id)
    tag = '<img class="desk-image" src="{}" width="{}" height="{}" alt="">'
    return format_html(tag, image["url"], image["width"], image["height"])


def staff_parts(event: Event | None, may: Collection[str]) -> list[Fieldset]:
    """Return the parts of the form that events of staff have beside all others."""
    if event is not None and event.origin != Event.Origin.STAFF:
        return []
    link = ("link",) if event or "link" in may else ()
    shown = (image_shown,) if event else ()
    picture = PICTURE[: 2 if event and event.image_id else 1] if "image_id" in may else ()
    fields = (*link, *shown, *picture)
    parts: list[Fieldset] = [(_("Invitation"), {"fields": fields})] if fields else []
    if event is not None and event.series_id and may:
        parts.append((_("Series"), {"fields": ("spread",)}))
    return parts


def event_made(request: HttpRequest, form: EventForm, at: datetime) -> Event:
    """Make a new event of what was typed."""
    actor = cast("User", request.user)
    occurs_at, edit = form.cleaned_data["occurs_at"], _whole_edit(form, actor, None)
    return event_create(actor=actor, occurs_at=occurs_at, edit=edit, at=at)


def _whole_edit(form: EventForm, actor: User, event: Event | None) -> EventEdit:
    """Return what was edited, with the image that was sent, if the one may say of images."""
    edit = form.edit()
    if "image_id" not in columns_of(actor, event):
        return edit
    if sent := form.cleaned_data.get("picture"):
        edit.fields["image_id"] = image_store(content=sent.read(), actor=actor).pk
    elif form.cleaned_data.get("picture_remove"):
        edit.fields["image_id"] = None
    return edit


def edit_saved(request: HttpRequest, form: EventForm, at: datetime) -> Event:
    """Save what was edited, of one event or of all that come, and say how many those are."""
    actor, event = cast("User", request.user), form.instance
    edit = _whole_edit(form, actor, event)
    if not form.cleaned_data.get("spread"):
        return event_update(event_id=event.pk, actor=actor, edit=edit, at=at)
    saved, others = series_update(event_id=event.pk, actor=actor, edit=edit, at=at)
    told = ngettext(
        "%(count)d event after it has changed with it.",
        "%(count)d events after it have changed with it.",
        others,
    )
    messages.info(request, told % {"count": others})
    return saved


def staff_urls(desk: ModelAdmin[Event]) -> list[URLPattern]:
    """Return the address of the page of an event's series."""

    def page(request: HttpRequest, object_id: UUID) -> HttpResponse:
        if not desk.has_view_permission(request):
            raise PermissionDenied
        event = Event.objects.select_related("series").filter(pk=object_id, origin="staff").first()
        if event is None:
            raise Http404
        context = {
            **desk.admin_site.each_context(request), "title": _("Series"), "event": event,
            "opts": desk.opts, "subtitle": event.text("title", "en"),
        }  # fmt: skip
        return series_response(request, event, context)

    view = desk.admin_site.admin_view(page)
    return [path("<uuid:object_id>/series/", view, name="events_event_series")]


class SeriesForm(forms.Form):
    """When an event is to come again."""

    rhythm = forms.ChoiceField(label=_("rhythm"), choices=EventSeries.Rhythm.choices)
    every = forms.IntegerField(
        label=_("every so many"),
        min_value=1,
        max_value=EVERY_MOST,
        initial=1,
        help_text=_("2 is every second week, month or year."),
    )
    kind = forms.ChoiceField(label=_("kind of event of the sky"), required=False)
    offset = forms.IntegerField(
        label=_("minutes after it"),
        min_value=-2 * 24 * 60,
        max_value=2 * 24 * 60,
        initial=0,
        help_text=_("With a minus before it: minutes before it."),
    )
    timezone = forms.ChoiceField(
        label=_("time zone"),
        help_text=_("The time of day stays the same there when clocks change."),
    )
    until = forms.DateField(label=_("until"), required=False, widget=AdminDateWidget)
    count = forms.IntegerField(
        label=_("how often"),
        min_value=2,
        max_value=OCCURRENCES_MOST,
        required=False,
        help_text=_("Without an end, a year ahead is kept in the calendar."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        zones = sorted(available_timezones())
        cast("forms.ChoiceField", self.fields["timezone"]).choices = [(z, z) for z in zones]
        cast("forms.ChoiceField", self.fields["kind"]).choices = [("", "–"), *_kinds()]

    def rule(self) -> SeriesRule:
        """Return the rule; what the rhythm does not ask for does not count."""
        wish = self.cleaned_data
        is_of_sky = wish["rhythm"] == EventSeries.Rhythm.SKY
        return SeriesRule(
            rhythm=wish["rhythm"],
            every=1 if is_of_sky else wish["every"],
            timezone=wish["timezone"],
            kind=wish["kind"] if is_of_sky else "",
            offset=timedelta(minutes=wish["offset"] if is_of_sky else 0),
            until=wish["until"],
            count=wish["count"],
        )


def _kinds() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the kinds of the sky, by family."""
    for family, kinds in groupby(COMPUTED_KINDS.values(), key=lambda kind: kind.family):
        yield str(FAMILIES[family]), [(kind.code, str(kind.name)) for kind in kinds]


class OperationForm(forms.Form):
    """What a button on the page of a series asks for."""

    operation = forms.ChoiceField(choices=[(name, name) for name in ("publish", "end")])
    reason = forms.CharField(max_length=500, required=False, strip=True)


def series_response(request: HttpRequest, event: Event, page: dict[str, Any]) -> HttpResponse:
    """Show an event's series, or the form that begins one, and do what its buttons ask for."""
    actor = cast("User", request.user)
    may = {"begin": actor.has_perms((ADD, CHANGE)), "publish": actor.has_perm(PUBLISH)}
    form = SeriesForm(request.POST or None, initial={"timezone": actor.timezone or "UTC"})
    if request.method == "POST":
        if not may["publish" if event.series_id else "begin"]:
            raise PermissionDenied
        done = _operated(request, event) if event.series_id else _begun(request, event, form)
        if done:
            here = reverse("admin:events_event_series", args=[event.pk])
            return HttpResponseRedirect(here)
    context = {**page, "form": form, "may": may, **_shown(event)}
    return TemplateResponse(request, TEMPLATE, context)


def _shown(event: Event) -> dict[str, Any]:
    """Return the series in words, and its events by the clock of the place."""
    if event.series is None:
        return {"rule": "", "occurrences": []}
    zone = ZoneInfo(event.series.timezone)
    rows = [
        {"event": row, "when": minute_text(row.occurs_at.astimezone(zone))}
        for row in occurrences_of(event.series)
    ]
    return {"rule": series_words(event.series), "zone": zone.key, "occurrences": rows}


def _begun(request: HttpRequest, event: Event, form: SeriesForm) -> bool:
    if not form.is_valid():
        return False
    try:
        series = series_create(
            event_id=event.pk, actor=cast("User", request.user), rule=form.rule(), at=clock.now()
        )
    except ApplicationError as refusal:
        form.add_error(_field_of(refusal, form), str(refusal.message))
        return False
    count = len(occurrences_of(series))
    told = ngettext("The series has %(count)d event.", "The series has %(count)d events.", count)
    messages.success(request, told % {"count": count})
    return True


def _field_of(refusal: ApplicationError, form: SeriesForm) -> str | None:
    """Return the field that a refusal names, if the form has it."""
    return next((name for name in refusal.extra.get("fields", ()) if name in form.fields), None)


def _operated(request: HttpRequest, event: Event) -> bool:
    form, actor = OperationForm(request.POST), cast("User", request.user)
    if not form.is_valid():
        messages.error(request, _("Choose one of: publish, end."))
        return True
    now = clock.now()
    if form.cleaned_data["operation"] == "publish":
        count = series_publish(event_id=event.pk, actor=actor, at=now)
        told = ngettext("%(count)d event is published.", "%(count)d events are published.", count)
    else:
        reason = form.cleaned_data["reason"]
        count = series_end(event_id=event.pk, actor=actor, reason=reason, at=now)
        told = ngettext("%(count)d event is cancelled.", "%(count)d events are cancelled.", count)
    messages.success(request, told % {"count": count})
    return True
