"""What Django answers when no view did: problem documents under /api/, pages elsewhere."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import defaults

from starscal.core.api.problems import RETRY_AFTER_S, problem_response
from starscal.core.exceptions import ErrorCode
from starscal.core.middleware import API_PREFIX


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API_PREFIX):
        return problem_response(request, ErrorCode.REQUEST_INVALID)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API_PREFIX):
        return problem_response(request, ErrorCode.PERMISSION_DENIED)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API_PREFIX):
        return problem_response(request, ErrorCode.NOT_FOUND)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer an unexpected error without its details; a database that is away is no such error."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    if request.path.startswith(API_PREFIX):
        code = ErrorCode.UNAVAILABLE if away else ErrorCode.INTERNAL
        return problem_response(request, code)
    response = defaults.server_error(request)
    if away:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response
