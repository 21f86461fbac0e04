"""Answers that a cache can keep and a client can ask for again for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from starscal.core.api.content import Beginning, Content

# A policy of its own is among them, for a cache takes the headers of a 304 for the newer ones.
REPEATED: Final = (
    "Link", "Content-Language", "Cache-Control", "ETag", "Last-Modified", "Content-Security-Policy",
)  # fmt: skip
MOMENTARY_S: Final = 30
GZIP_FROM_BYTES: Final = 200  # as GZipMiddleware
VARIES_BY: Final = ("Accept-Language", "Accept-Encoding")


def conditional_answer(
    request: HttpRequest,
    content: bytes | Content,
    *,
    content_type: str,
    max_age_s: int,
    modified_at: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return ``content`` with a strong ETag, or 304 to a client that has it already.

    The tag is a digest of the bytes and the language. Django's GZipMiddleware would weaken it, so
    the compressed form is made here; it is another representation and has a tag of its own.
    """
    if isinstance(content, bytes):
        content = Content(Beginning(content, str(getattr(request, "LANGUAGE_CODE", ""))))
    zipped = len(content) >= GZIP_FROM_BYTES and accepts_gzip(request)
    etag = f'"{content.digest()}-gzip"' if zipped else f'"{content.digest()}"'
    kept = {"ETag": etag, "Cache-Control": cache_control(max_age_s)}
    if modified_at is not None:
        kept["Last-Modified"] = http_date(modified_at.timestamp())
    seconds = int(modified_at.timestamp()) if modified_at else None
    response = get_conditional_response(request, etag, seconds)
    if response is None:
        body = content.zipped() if zipped else content.plain()
        response = HttpResponse(
            body, content_type=content_type, headers={**(headers or {}), **kept}
        )
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
    _repeat(response, {**(headers or {}), **kept})
    patch_vary_headers(response, VARIES_BY)
    return response


def _repeat(response: HttpResponse, headers: Mapping[str, str]) -> None:
    """Give a 304, too, the headers that RFC 9110 wants repeated, those of paging and its policy."""
    for name in REPEATED:
        if name in headers:
            response.headers.setdefault(name, headers[name])


def cache_control(max_age_s: int) -> str:
    """Return the header for browsers and CDNs: a stale copy may serve while a fresh one comes.

    Not where freshness is of seconds: such an answer is about the moment.
    """
    fresh = f"public, max-age={max_age_s}"
    return fresh if max_age_s < MOMENTARY_S else f"{fresh}, stale-while-revalidate={max_age_s * 10}"


def accepts_gzip(request: HttpRequest) -> bool:
    """Say whether the client takes gzip: named, or by ``*``, and with a weight above zero."""
    weights: dict[str, float] = {}
    for part in request.headers.get("Accept-Encoding", "")[:500].lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    return weights.get("gzip", weights.get("*", 0.0)) > 0.0


def _weight(parameters: str) -> float:
    text = parameters.replace(" ", "").removeprefix("q=")
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
