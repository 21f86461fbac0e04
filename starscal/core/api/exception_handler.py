"""Turn every error of the API into a problem document."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from starscal.core.api.problems import ProblemError, application_problem, problem_response
from starscal.core.exceptions import ApplicationError, ErrorCode

logger = logging.getLogger(__name__)

# The first match counts, so what is special stands before what is general.
CODES: Final[tuple[tuple[type[Exception], ErrorCode], ...]] = (
    (Http404, ErrorCode.NOT_FOUND),
    (exceptions.NotFound, ErrorCode.NOT_FOUND),
    (PermissionDenied, ErrorCode.PERMISSION_DENIED),
    (exceptions.PermissionDenied, ErrorCode.PERMISSION_DENIED),
    (exceptions.NotAuthenticated, ErrorCode.AUTH_MISSING),
    (exceptions.AuthenticationFailed, ErrorCode.AUTH_MISSING),
    (exceptions.MethodNotAllowed, ErrorCode.METHOD_NOT_ALLOWED),
    (exceptions.NotAcceptable, ErrorCode.NOT_ACCEPTABLE),
    (exceptions.UnsupportedMediaType, ErrorCode.MEDIA_TYPE_UNSUPPORTED),
    (exceptions.ParseError, ErrorCode.BODY_INVALID),
    (exceptions.Throttled, ErrorCode.RATE_LIMITED),
    (TooManyFieldsSent, ErrorCode.QUERY_INVALID),
    (RequestDataTooBig, ErrorCode.BODY_TOO_LARGE),
    (SuspiciousOperation, ErrorCode.REQUEST_INVALID),
    (OperationalError, ErrorCode.UNAVAILABLE),
    (InterfaceError, ErrorCode.UNAVAILABLE),
)


def problem_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer what a caller or a retry can put right; None lets the rest be recorded as ours."""
    return problem_of(context["request"], error)


def problem_of(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Return the problem document of an error, or None if it is a fault of the service."""
    if isinstance(error, ApplicationError):
        return application_problem(request, error)
    if isinstance(error, exceptions.ValidationError):
        errors = list(_field_errors(error.detail, ""))
        return problem_response(request, ErrorCode.VALIDATION_INVALID, errors=errors)
    code = next((code for kind, code in CODES if isinstance(error, kind)), None)
    if code is None:
        return None
    if code == ErrorCode.UNAVAILABLE:
        logger.warning("The database did not answer: %s", type(error).__name__)
    return problem_response(request, code, headers=_headers(error))


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    challenge = getattr(error, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = str(challenge)
    return headers


def _field_errors(detail: Any, pointer: str) -> Iterator[ProblemError]:
    """Yield one entry a message, with a JSON pointer (RFC 6901) to the field."""
    if isinstance(detail, Mapping):
        for name, part in detail.items():
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from _field_errors(part, f"{pointer}/{step}")
    elif isinstance(detail, list):
        for part in detail:
            yield from _field_errors(part, pointer)
    else:
        code = getattr(detail, "code", str(ErrorCode.VALIDATION_INVALID))
        yield {"pointer": pointer, "code": str(code), "detail": str(detail)}
