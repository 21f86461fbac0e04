"""Answer in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from starscal.core.api.conditional import accepts_gzip
from starscal.core.i18n import LOCALES, language_choose

API_PREFIX = "/api/"


class HonestGZipMiddleware(GZipMiddleware):
    """Compress as Django does, but not for a client that refuses it with ``gzip;q=0``."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not accepts_gzip(request):
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        return super().process_response(request, response)


class ReaderLanguageMiddleware:
    """Activate the language that the reader wants, and say which it is.

    The order is: ``?lang=``, the prefix of the address (``/de/``), the signed-in user's own, the
    browser's, English. The API knows no session, so there the user's own does not count: its
    answers are shared by caches. Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language, fallback = reader_language(request)
        request.LANGUAGE_CODE = language
        request.language_fallback = fallback  # type: ignore[attr-defined] # read by our views
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def reader_language(request: HttpRequest) -> tuple[str, bool]:
    """Return the language to answer in, and whether it stands in for one that is unknown."""
    asked = _asked(request) or _prefix(request.path_info)
    return language_choose(
        asked=asked,
        header=request.headers.get("Accept-Language", ""),
        # Not asked where the address says it: such a page is the same for everybody.
        user="" if asked else _own(request),
    )


def _asked(request: HttpRequest) -> str:
    try:
        return str(request.GET.get("lang", ""))
    except SuspiciousOperation:  # too many parameters to read; the view will say so
        return ""


def _prefix(path: str) -> str:
    first = path.removeprefix("/").partition("/")[0].lower()
    return first if first in LOCALES else ""


def _own(request: HttpRequest) -> str:
    """Return a signed-in user's language, without a query for those who never signed in."""
    if request.path_info.startswith(API_PREFIX):
        return ""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "user"):
        return ""
    return str(getattr(request.user, "language", ""))
