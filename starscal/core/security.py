"""Headers and refusals that hold for every answer, whatever made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import Promise
from redis.exceptions import RedisError

from starscal.core.api.problems import DETAILS, RETRY_AFTER_S, TITLES, problem_response
from starscal.core.csp import policy_add
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.middleware import API_PREFIX

# Nothing here uses a camera; a page may one day ask where its reader is.
PERMISSIONS: Final = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
# What belongs to one person, under /api/v1/: read by pages of other sites only if CORS_ORIGINS
# names them.
PERSONAL: Final = ("auth", "me", "keys")
KEY_SET: Final = "/.well-known/jwks.json"
READING: Final = "GET, HEAD, OPTIONS"
READING_WITH: Final = "accept-language, authorization, last-event-id"
AWAY: Final = (OperationalError, InterfaceError, RedisError)


def is_public(path: str) -> bool:
    """Say whether an address of the API is open to the pages of every site."""
    if path == KEY_SET:
        return True
    prefix, _, rest = path.partition("/v1/")
    return prefix == API_PREFIX.rstrip("/") and rest.partition("/")[0] not in PERSONAL


class SecurityHeadersMiddleware(MiddlewareMixin):
    """Outermost: also files and the probes of an installation get these headers."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        policy_add(request, response)
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        shared = "cross-origin" if is_public(request.path_info) else "same-origin"
        headers.setdefault("Cross-Origin-Resource-Policy", shared)
        return response


class TwoWayCorsMiddleware(CorsMiddleware):
    """Let every site read what is public, and only CORS_ORIGINS what belongs to a person."""

    def add_response_headers(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not is_public(request.path_info):
            return super().add_response_headers(request, response)
        patch_vary_headers(response, ("origin",))
        if "origin" in request.headers:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = ", ".join(
                settings.CORS_EXPOSE_HEADERS
            )
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = READING
                response.headers["Access-Control-Allow-Headers"] = READING_WITH
                response.headers["Access-Control-Max-Age"] = "86400"
        return response


class RefusalMiddleware:
    """Turn bodies that are too large, refusals of services and absent servers into answers.

    The API's own handler comes first; this is for pages, and for bodies nobody has read yet.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return refusal_answer(request, ErrorCode.BODY_TOO_LARGE, {"Connection": "close"})
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, AWAY):
            return refusal_answer(
                request, ErrorCode.UNAVAILABLE, {"Retry-After": str(RETRY_AFTER_S)}
            )
        if isinstance(error, ApplicationError) and not request.path.startswith(API_PREFIX):
            return refusal_page(request, error.code, error.message, error.headers)
        return None


def refusal_answer(request: HttpRequest, code: ErrorCode, headers: dict[str, str]) -> HttpResponse:
    """Return a problem document to the API's clients and a page to everybody else."""
    if request.path.startswith(API_PREFIX):
        return problem_response(request, code, headers=headers)
    return refusal_page(request, code, DETAILS[code], headers)


def refusal_page(
    request: HttpRequest, code: ErrorCode, advice: str | Promise, headers: dict[str, str]
) -> HttpResponse:
    """Return the page that says what a visitor can put right."""
    status = ApplicationError(code, "").status
    words = {"status": status, "heading": TITLES[code], "advice": advice}
    response = render(request, "problem.html", words, status=status)
    for name, value in {"Cache-Control": "no-store", **headers}.items():
        response.headers[name] = value
    return response
