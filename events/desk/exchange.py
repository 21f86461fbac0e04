"""Pages where translators carry texts away as a file and bring them back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Final, cast
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from events.desk.actions import job_address
from events.desk.decisions import FIELDS
from events.desk.exchange_forms import SEPARATORS, ExportForm, ImportForm
from events.exchange.cells import Refused, plain
from events.exchange.csv_files import csv_pieces
from events.exchange.files import file_read
from events.exchange.po_files import po_pieces
from events.models import Event
from events.models.desk import DeskJob, DeskText
from events.rights import EXCHANGE
from events.selectors_exchange import TextsAsked, texts_exported
from events.services.exchange import exchange_require
from events.services.imports import import_confirm, import_propose
from starscal.core import clock
from starscal.core.exceptions import ApplicationError
from starscal.core.pages import NATIVE_NAMES, html_tag
from starscal.core.word_diff import words_compared

SHOWN: Final = 200  # changes of an import
COMPARED_MOST: Final = 3_000  # characters; comparing longer texts word by word takes too long
CONTENT_TYPES: Final = {"csv": "text/csv; charset=utf-8", "po": "text/x-gettext-translation"}
BOTH_WAYS: Final = require_http_methods(["GET", "HEAD", "POST"])

View = Callable[[HttpRequest], HttpResponseBase]


def exchange_urls(model_admin: ModelAdmin[Event]) -> list[URLPattern]:
    """Return the addresses of the pages, below the list of events."""
    pages = ExchangePages(model_admin)
    return [
        path(f"desk/exchange/{tail}", pages.site.admin_view(only(pages.guarded(view))), name=name)
        for tail, only, view, name in (
            ("", require_safe, pages.start, "desk_exchange"),
            ("export/", require_safe, pages.export, "desk_export"),
            ("import/", BOTH_WAYS, pages.bring, "desk_import"),
            ("confirm/", require_POST, pages.confirm, "desk_import_confirm"),
        )
    ]


class ExchangePages:
    """The pages, for whoever may exchange texts."""

    def __init__(self, model_admin: ModelAdmin[Event]) -> None:
        self.model_admin = model_admin
        self.site = model_admin.admin_site

    def guarded(self, view: View) -> Any:
        def asked(request: HttpRequest) -> HttpResponseBase:
            if not self.model_admin.has_view_permission(request):
                raise PermissionDenied
            if not actor_of(request).has_perm(EXCHANGE):
                raise PermissionDenied
            return view(request)

        return asked

    def start(self, request: HttpRequest) -> HttpResponseBase:
        """Offer both ways."""
        return self._page(request, export_form(request))

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """Send the texts that were asked for as a file."""
        form = export_form(request, request.GET)
        if not form.is_valid():
            return self._page(request, form, status=400)
        asked = form.asked()
        try:
            exchange_require(actor_of(request), asked.language)
            return file_response(request, asked, form.cleaned_data["format"])
        except ApplicationError as refusal:
            form.add_error(None, str(refusal.message))
            return self._page(request, form, status=refusal.status)

    def bring(self, request: HttpRequest) -> HttpResponseBase:
        """Take a file, and show what it would change."""
        if request.method == "POST":
            return self._taken(request)
        job = proposal_of(request)
        context = {"title": _("Import texts"), "job": job, **proposal_shown(job)}
        return self._shown(request, "exchange_import.html", context)

    def confirm(self, request: HttpRequest) -> HttpResponseBase:
        """Have a proposal carried out."""
        job = proposal_of(request)
        try:
            job = import_confirm(job_id=job.pk, actor=actor_of(request))
        except ApplicationError as refusal:
            messages.error(request, str(refusal.message))
            return HttpResponseRedirect(reverse("admin:desk_exchange"))
        return HttpResponseRedirect(job_address(job))

    def _taken(self, request: HttpRequest) -> HttpResponseBase:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, export_form(request), form, status=400)
        name = form.cleaned_data["file"].name
        try:
            reading = file_read(form.data_read())
            job = import_propose(reading=reading, name=name, actor=actor_of(request))
        except ApplicationError as refusal:
            form.add_error("file", str(refusal.message))
            return self._page(request, export_form(request), form, status=refusal.status)
        return HttpResponseRedirect(f"{reverse('admin:desk_import')}?job={job.pk}")

    def _page(
        self,
        request: HttpRequest,
        export: ExportForm,
        bring: ImportForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {"title": _("Texts as files"), "export": export, "bring": bring or ImportForm()}
        return self._shown(request, "exchange.html", context, status)

    def _shown(
        self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        whole = {**self.site.each_context(request), "opts": self.model_admin.opts, **context}
        return TemplateResponse(request, f"admin/events/desk/{name}", whole, status=status)


def actor_of(request: HttpRequest) -> User:
    return cast("User", request.user)


def export_form(request: HttpRequest, data: Any = None) -> ExportForm:
    """Return the form of an export, beginning with what the address asks for."""
    asked = {
        name: request.GET[name] for name in ("language", "state", "family") if name in request.GET
    }
    return ExportForm(data, actor=actor_of(request), today=clock.now().date(), initial=asked)


def file_response(request: HttpRequest, asked: TextsAsked, form: str) -> StreamingHttpResponse:
    """Return texts as a file that is written while it is sent. Errors: validation.invalid."""
    batches = texts_exported(asked)
    kind = "po" if form == "po" else "csv"
    if kind == "po":
        pieces = po_pieces(batches, language=asked.language)
    else:
        pieces = csv_pieces(batches, separator=SEPARATORS[form])
    name = f"texts-{asked.language}-{asked.start:%Y%m%d}-{asked.state}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = _in_turns(pieces) if isinstance(request, ASGIRequest) else pieces
    return StreamingHttpResponse(content, content_type=CONTENT_TYPES[kind], headers=headers)


async def _in_turns(pieces: Iterator[str]) -> AsyncIterator[str]:
    """Read piece by piece where the database may be asked, between other people's requests."""
    while piece := await sync_to_async(_next)(pieces):
        yield piece


def _next(pieces: Iterator[str]) -> str:
    return next(pieces, "")


def proposal_of(request: HttpRequest) -> DeskJob:
    """Return the proposal that the address or the button names; others' are not there."""
    text = request.POST.get("job") or request.GET.get("job", "")
    try:
        number = UUID(text)
    except ValueError:
        raise Http404 from None
    jobs = DeskJob.objects.filter(kind=DeskJob.Kind.IMPORT, actor=actor_of(request))
    job = jobs.filter(pk=number).first()
    if job is None:
        raise Http404
    return job


def proposal_shown(job: DeskJob) -> dict[str, Any]:
    """Return the first changes of a proposal, and all that is refused."""
    texts = job.texts.select_related("event").order_by("line", "pk")
    refused = [Refused(*row) for row in job.asked.get("refusals", ())]
    return {
        "asked": job.asked,
        "is_open": job.status == DeskJob.Status.PROPOSED,
        "changes": [_change(text) for text in texts[:SHOWN]],
        "refused": refused,
        "refused_more": job.asked.get("refused", 0) - len(refused),
    }


def _change(text: DeskText) -> dict[str, Any]:
    old, new = plain(text.seen), text.text
    is_short = len(old) + len(new) <= COMPARED_MOST
    parts = words_compared(old, new, language=text.language) if is_short and old else []
    return {
        "line": text.line, "event": text.event, "field": FIELDS[text.field], "old": old,
        "new": new, "parts": parts, "language": NATIVE_NAMES[text.language],
        "tag": html_tag(text.language),
    }  # fmt: skip
