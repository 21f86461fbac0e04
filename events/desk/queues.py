"""Pages of what waits: texts to review, stale texts, drafts of kinds under review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any, Final, NamedTuple, cast

from django.contrib.admin import ModelAdmin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from events.desk.decisions import decided, rows_shown
from events.desk.pages import place_asked
from events.kinds import KINDS, kind_name
from events.models import Event, TextState
from events.rights import languages_of
from events.selectors_desk import PAGE, drafts_waiting
from events.selectors_texts import QueuePlace, queue_counts, queue_page
from events.services.jobs import Place
from starscal.core.formats import date_time_text
from starscal.core.i18n import language_normalize
from starscal.core.pages import NATIVE_NAMES, html_tag

Page = Callable[[HttpRequest], dict[str, Any]]
TEXTS: Final = "texts.html"


class Queue(NamedTuple):
    """One of the lists of what waits."""

    name: str
    title: Any
    template: str
    page: Page


def queue_urls(model_admin: ModelAdmin[Event]) -> list[URLPattern]:
    """Return the addresses of the queues, below the list of events."""
    return [
        path(f"desk/{queue.name}/", _view(model_admin, queue), name=f"desk_{queue.name}")
        for queue in QUEUES
    ]


def _view(model_admin: ModelAdmin[Event], queue: Queue) -> Any:
    site = model_admin.admin_site

    def view(request: HttpRequest) -> HttpResponse:
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return decided(request)
        context = {**site.each_context(request), "title": queue.title, **queue.page(request)}
        return TemplateResponse(request, f"admin/events/desk/{queue.template}", context)

    methods = ["GET", "HEAD", *(["POST"] if queue.template == TEXTS else [])]
    return site.admin_view(require_http_methods(methods)(view))


def _texts(status: str) -> Page:
    def page(request: HttpRequest) -> dict[str, Any]:
        language, kind = _language(request), _kind_asked(request)
        after = place_asked(request, "after")
        found = queue_page(
            status=status, languages=[language], kind=kind, limit=PAGE,
            after=QueuePlace(language, after) if after else None,
        )  # fmt: skip
        counts = {code: number for (of, code), number in queue_counts().items() if of == status}
        return {
            "rows": rows_shown(found.rows, actor=cast("User", request.user)),
            "more": found.after.pk if found.after else None,
            "after": after,
            "kind": kind,
            "kinds": sorted(((c, str(k.name)) for c, k in KINDS.items()), key=lambda pair: pair[1]),
            **_languages(language, counts),
        }

    return page


def _waiting(request: HttpRequest) -> dict[str, Any]:
    language = _language(request)
    events = drafts_waiting(language=language, after=_place(request))
    shown = [
        {
            "event": event, "kind": kind_name(event.event_type),
            "when": date_time_text(event.occurs_at),
            "title": event.text("title", language) or event.text("title", "en"),
        }
        for event in events[:PAGE]
    ]  # fmt: skip
    last = events[PAGE - 1] if len(events) > PAGE else None
    more = str(Place(last.occurs_at, last.pk)) if last else None
    return {"rows": shown, "more": more, **_languages(language)}


QUEUES: Final = (
    Queue("review", _("Texts to review"), TEXTS, _texts(TextState.Status.NEEDS_REVIEW)),
    Queue("stale", _("Stale texts"), TEXTS, _texts(TextState.Status.STALE)),
    Queue("waiting", _("Drafts of kinds under review"), "waiting.html", _waiting),
)


def _languages(language: str, counts: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return the switch of languages; with ``counts`` it says how much waits in each."""
    return {
        "language": language,
        "language_tag": html_tag(language),
        "language_name": NATIVE_NAMES[language],
        "languages": [
            (code, name, None if counts is None else counts.get(code, 0))
            for code, name in NATIVE_NAMES.items()
        ],
    }


def _language(request: HttpRequest) -> str:
    """Return the language that is asked for, else the reader's, else one that they may write."""
    reader = language_normalize(get_language() or "") or "en"
    if asked := language_normalize(request.GET.get("language", "")):
        return asked
    own = languages_of(cast("User", request.user))
    return reader if reader in own or not own else own[0]


def _kind_asked(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise BadRequest("kind takes the code of a kind of events.")
    return kind


def _place(request: HttpRequest) -> Place | None:
    text = request.GET.get("after", "")
    if not text:
        return None
    try:
        at, pk = Place.read(text)
        # PostgreSQL takes no zone beyond 16 hours, Python any within 24.
        told = None if at.tzinfo is None else Place(at.astimezone(UTC), pk)
    except (ValueError, OverflowError):
        told = None
    if told is None:
        raise BadRequest("after takes what the link to the next page has.")
    return told
