"""Answer in the reader's language."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable
from typing import Final, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from starscal.core.api.conditional import accepts_gzip
from starscal.core.i18n import LOCALES, language_choose, language_resolve

API_PREFIX = "/api/"
GZIP_WINDOW: Final = 31  # of zlib: with the header of gzip


class HonestGZipMiddleware(GZipMiddleware):
    """Compress as Django does, but not for a client that refuses it with ``gzip;q=0``."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        patch_vary_headers(response, ["Accept-Encoding"])
        if not accepts_gzip(request):
            return response
        if isinstance(response, StreamingHttpResponse) and response.is_async:
            return _packed(response)
        return super().process_response(request, response)


def _packed(response: StreamingHttpResponse) -> StreamingHttpResponse:
    """Pack a stream as one: Django packs each piece for itself, and browsers read the first."""
    if not response.has_header("Content-Encoding"):
        pieces = cast("AsyncIterator[bytes]", response.streaming_content)
        response.streaming_content = _packed_pieces(pieces)
        response.headers["Content-Encoding"] = "gzip"
        del response.headers["Content-Length"]
    return response


async def _packed_pieces(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packing = zlib.compressobj(wbits=GZIP_WINDOW)
    async for piece in pieces:
        yield packing.compress(piece) + packing.flush(zlib.Z_SYNC_FLUSH)
    yield packing.flush()


class ReaderLanguageMiddleware:
    """Activate the language that the reader wants, and say which it is.

    The order is: ``?lang=``, the prefix of the address (``/de/``), the signed-in user's own, the
    browser's, English. The API knows no session: there the user's own comes with the credential,
    after us (`language_of_user`). Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language, fallback = reader_language(request)
        request.LANGUAGE_CODE = language
        request.language_fallback = fallback  # type: ignore[attr-defined] # read by our views
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ["Accept-Language"])
        _keep_apart(request, response)
        return response


def language_of_user(request: HttpRequest, language: str) -> None:
    """Answer a request of the API in the language of whoever it comes from, if he has chosen one.

    Called with an empty one for nobody, so that caches learn that it would have mattered. The
    address goes first. The middleware restores the language that was active before the request.
    """
    if _asked(request):
        return
    request.language_by_credential = bool(language)  # type: ignore[attr-defined] # see _keep_apart
    if language and (choice := language_resolve(language)):
        request.LANGUAGE_CODE = choice.code
        request.language_fallback = not choice.exact  # type: ignore[attr-defined] # as above
        translation.activate(choice.code)


def _keep_apart(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have no cache show an answer in one person's language to another."""
    by_credential = getattr(request, "language_by_credential", None)
    if by_credential is None:
        return
    patch_vary_headers(response, ["Authorization"])
    if by_credential and "public" in response.headers.get("Cache-Control", ""):
        patch_cache_control(response, private=True)


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
