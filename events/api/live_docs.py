"""The live feed as a document for programs, and as a page for those who write them."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from events.asyncapi.document import asyncapi_bytes
from events.asyncapi.reading import reading
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.views import MAX_AGE_S, safe_only
from starscal.core.middleware import reader_language
from starscal.core.pages import Page, language_page

JSON: Final = "application/json"


@safe_only
def asyncapi(request: HttpRequest) -> HttpResponseBase:
    return conditional_answer(request, asyncapi_bytes(), content_type=JSON, max_age_s=MAX_AGE_S)


@safe_only
def docs(request: HttpRequest) -> HttpResponseBase:
    return render(request, "events/live_docs.html", {"page": _page(request), **reading()})


def _page(request: HttpRequest) -> Page:
    """Return what the base template needs; this page tells its language in the query."""
    page = language_page(reader_language(request)[0])
    for link in page["languages"]:
        link["path"] = f"{request.path}?lang={link['tag']}"
    return page
