"""What staff tell everybody."""

from __future__ import annotations

from typing import Final

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from events.api import operations
from events.api.parameters import read_language
from events.api.schemas import AnnouncementList
from events.api.views import JSON
from events.message_payloads import announcement_payload
from events.selectors import announcements_current
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer, json_bytes
from starscal.core.api.requests import django_request

AGE_S: Final = 30


class AnnouncementListView(APIView):
    """The announcements that hold now."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.ANNOUNCEMENTS)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        reader = read_language(http)
        body: AnnouncementList = {
            "results": [
                announcement_payload(row, language=reader.language, fallback=reader.fallback)
                for row in announcements_current()
            ]
        }
        return conditional_answer(http, json_bytes(body), content_type=JSON, max_age_s=AGE_S)
