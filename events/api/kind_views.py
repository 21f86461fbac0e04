"""The kinds of event: what they are called and what exactly is computed."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from events.api import operations
from events.api.parameters import read_language
from events.api.schemas import KindList
from events.api.views import JSON
from events.kind_payloads import kind_payload, kind_payloads
from events.kinds import EVENT_TYPES
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer, json_bytes
from starscal.core.api.requests import django_request
from starscal.core.exceptions import ApplicationError, ErrorCode

AGE_S: Final = 3600


class KindListView(APIView):
    """Every kind of event."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.KINDS)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        reader = read_language(http)
        body: KindList = {
            "results": kind_payloads(language=reader.language, fallback=reader.fallback)
        }
        return _answer(http, body)


class KindView(APIView):
    """One kind of event."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.KIND)
    def get(self, request: Request, code: str) -> HttpResponseBase:
        http = django_request(request)
        reader = read_language(http)
        if code not in EVENT_TYPES:
            raise ApplicationError(ErrorCode.NOT_FOUND, _("There is no such kind of event."))
        return _answer(http, kind_payload(code, language=reader.language, fallback=reader.fallback))


def _answer(request: HttpRequest, body: Any) -> HttpResponseBase:
    return conditional_answer(request, json_bytes(body), content_type=JSON, max_age_s=AGE_S)
