"""What the API says of itself: its problems, its OpenAPI document and the page that shows it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeAlias

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from starscal.core.api.conditional import conditional_answer
from starscal.core.api.openapi import problem_responses, schema_ref
from starscal.core.api.problems import DETAILS, TITLES, TYPE_PREFIX, problem_response
from starscal.core.api.renderers import json_bytes
from starscal.core.exceptions import STATUS, ErrorCode

MAX_AGE_S = 300
LIVE_PATH = "/ws/v1/live"
SAFE = ("GET", "HEAD")
CODE = OpenApiParameter(
    "code",
    {"type": "string", "enum": [str(code) for code in ErrorCode]},
    OpenApiParameter.PATH,
    description="The `code` of a problem.",
)
View: TypeAlias = Callable[[HttpRequest], HttpResponseBase]


class ProblemKindsView(APIView):
    """List the kinds of problem that this API answers with."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="problem_kinds",
        tags=["problems"],
        responses={200: schema_ref("ProblemKindList"), **problem_responses(405, 406, 503)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        kinds = [_kind(code) for code in ErrorCode]
        return _answer(request, {"results": kinds})


class ProblemKindView(APIView):
    """Explain one kind of problem: its code, title, status and what to do."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="problem_kind",
        tags=["problems"],
        parameters=[CODE],
        responses={200: schema_ref("ProblemKind"), **problem_responses(404, 405, 406, 503)},
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        if code not in list(ErrorCode):
            return problem_response(request, ErrorCode.NOT_FOUND)
        return _answer(request, _kind(ErrorCode(code)))


def _kind(code: ErrorCode) -> dict[str, Any]:
    return {
        "type": f"{TYPE_PREFIX}{code}",
        "code": str(code),
        "status": STATUS.get(code, 400),
        "title": TITLES[code],
        "detail": DETAILS[code],
    }


def _answer(request: HttpRequest | Request, body: Any) -> HttpResponseBase:
    return conditional_answer(
        request,
        json_bytes(body),
        content_type="application/json",
        max_age_s=MAX_AGE_S,
    )


@cache
def openapi_document() -> bytes:
    """Return the OpenAPI document; it is the same as long as the code is."""
    generator: Any = SchemaGenerator  # untyped
    return json_bytes(generator().get_schema(request=None, public=True))


def safe_only(view: View) -> View:
    """Refuse every method but GET and HEAD with a problem document."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE:
            return view(request)
        allow = {"Allow": ", ".join(SAFE)}
        return problem_response(request, ErrorCode.METHOD_NOT_ALLOWED, headers=allow)

    return answer


@safe_only
def openapi(request: HttpRequest) -> HttpResponseBase:
    return conditional_answer(
        request, openapi_document(), content_type="application/json", max_age_s=MAX_AGE_S
    )


@safe_only
def docs(request: HttpRequest) -> HttpResponseBase:
    return render(request, "core/api_docs.html")


@csrf_exempt
def not_found(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer every address under /api/ that nothing else answers, also while debugging."""
    del rest
    return problem_response(request, ErrorCode.NOT_FOUND)


@csrf_exempt
def socket_here(request: HttpRequest) -> HttpResponse:
    """Answer who asks for the socket over plain HTTP, or at a server that has none."""
    scheme = "wss" if request.is_secure() else "ws"
    url = settings.LIVE_URL or f"{scheme}://{request.get_host()}{LIVE_PATH}"
    return problem_response(
        request, ErrorCode.UPGRADE_REQUIRED, extra={"url": url}, headers={"Upgrade": "websocket"}
    )
