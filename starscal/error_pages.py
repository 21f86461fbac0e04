"""Pages for what went wrong, in the reader's language, without a database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_cache_control

from starscal.core.pages import html_tag, language_context, page_language


def error_page(request: HttpRequest, status: int, template: str) -> HttpResponse:
    """Render an error page with nothing but what the address and the headers say."""
    language = page_language(request)
    with translation.override(language):
        # Without a request no context processor runs, so that this page works when they do not.
        page = render_to_string(template, language_context(language))
    response = HttpResponse(page, status=status)
    response.headers["Content-Language"] = html_tag(language)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400, "400.html")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403, "403.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403, "403_csrf.html")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404, "404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500, "500.html")
