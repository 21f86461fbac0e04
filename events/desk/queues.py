"""Pages of what waits: texts to review, stale texts, drafts of kinds under review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.admin import ModelAdmin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from events.kinds import KINDS
from events.models import Event, TextState
from events.selectors_desk import PAGE, drafts_waiting, texts_queued
from starscal.core.formats import date_time_text
from starscal.core.i18n import language_normalize
from starscal.core.pages import NATIVE_NAMES, html_tag

Page = Callable[[HttpRequest], dict[str, Any]]
FIELDS: Final = {
    "title": _("title"), "description": _("description"), "reflection": _("reflection"),
}  # fmt: skip


def queue_urls(model_admin: ModelAdmin[Event]) -> list[URLPattern]:
    """Return the addresses of the queues, below the list of events."""
    return [
        path(f"desk/{name}/", _view(model_admin, title, template, page), name=f"desk_{name}")
        for name, title, template, page in QUEUES
    ]


def _view(model_admin: ModelAdmin[Event], title: Any, template: str, page: Page) -> Any:
    site = model_admin.admin_site

    def view(request: HttpRequest) -> HttpResponse:
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        context = {**site.each_context(request), "title": title, **page(request)}
        return TemplateResponse(request, f"admin/events/desk/{template}", context)

    return site.admin_view(require_safe(view))


def _texts(status: str) -> Page:
    def page(request: HttpRequest) -> dict[str, Any]:
        language = _language(request)
        rows = texts_queued(status=status, language=language, after=_number(request))
        shown = [
            {
                "event": row.event, "kind": _kind(row.event), "field": FIELDS.get(row.field),
                "source": row.source, "target": row.target, "machine": row.machine,
            }
            for row in rows[:PAGE]
        ]  # fmt: skip
        more = rows[PAGE - 1].pk if len(rows) > PAGE else None
        return {"rows": shown, "more": more, **_languages(language)}

    return page


def _waiting(request: HttpRequest) -> dict[str, Any]:
    language = _language(request)
    events = drafts_waiting(language=language, after=_place(request))
    shown = [
        {
            "event": event, "kind": _kind(event), "when": date_time_text(event.occurs_at),
            "title": event.text("title", language) or event.text("title", "en"),
        }
        for event in events[:PAGE]
    ]  # fmt: skip
    last = events[PAGE - 1] if len(events) > PAGE else None
    more = f"{last.occurs_at.isoformat()} {last.pk}" if last else None
    return {"rows": shown, "more": more, **_languages(language)}


QUEUES: Final[tuple[tuple[str, Any, str, Page], ...]] = (
    ("review", _("Texts to review"), "texts.html", _texts(TextState.Status.NEEDS_REVIEW)),
    ("stale", _("Stale texts"), "texts.html", _texts(TextState.Status.STALE)),
    ("waiting", _("Drafts of kinds under review"), "waiting.html", _waiting),
)


def _languages(language: str) -> dict[str, Any]:
    return {
        "language": language,
        "language_tag": html_tag(language),
        "language_name": NATIVE_NAMES[language],
        "languages": NATIVE_NAMES.items(),
    }


def _kind(event: Event) -> Any:
    kind = KINDS.get(event.event_type)
    return kind.name if kind else event.event_type


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language") or get_language() or ""
    return language_normalize(asked) or "en"


def _number(request: HttpRequest) -> int:
    text = request.GET.get("after", "0")
    if not (text.isdecimal() and len(text) <= 18):
        raise BadRequest("after takes the number that the link to the next page has.")
    return int(text)


def _place(request: HttpRequest) -> tuple[datetime, UUID] | None:
    text = request.GET.get("after", "")
    if not text:
        return None
    at, _space, pk = text.partition(" ")
    try:
        moment, number = datetime.fromisoformat(at), UUID(pk)
    except ValueError:
        raise BadRequest("after takes what the link to the next page has.") from None
    if moment.tzinfo is None:
        raise BadRequest("after takes what the link to the next page has.")
    return moment, number
