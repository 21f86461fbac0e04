"""The sky of a place: rise, transit and set, the Sun's day, the Moon's day."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from astronomy.api import local_operations as operations
from astronomy.api.kernel import days_sentence, within_kernel
from astronomy.api.local_parameters import LocalAsked, read_local
from astronomy.api.local_payloads import (
    MoonDayList,
    RiseSetList,
    SunDayList,
    moon_days,
    noons,
    place_payload,
    rise_set_days,
    sun_days,
    zone_name,
)
from astronomy.local_sky import place_days, place_moon
from astronomy.observer.days import BodyDay
from starscal.core import clock
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer, json_bytes
from starscal.core.api.requests import django_request

# The sky of a named day does not change; today does at midnight.
DATED_AGE_S: Final = 3600
TODAY_AGE_S: Final = 60


class RiseSetView(APIView):
    """Rise, transit and set of Sun, Moon and planets at a place."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.RISE_SET)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_local(http, clock.now())
        body: RiseSetList = {
            "place": place_payload(asked.place),
            "timezone": zone_name(asked.zone),
            "days": rise_set_days(asked, _days(asked)),
        }
        return _answer(http, asked, body)


class SunView(APIView):
    """The Sun at a place: rise and set, twilights, day length, golden hour."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.SUN)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_local(http, clock.now(), ("sun",))
        body: SunDayList = {
            "place": place_payload(asked.place),
            "timezone": zone_name(asked.zone),
            "days": sun_days(asked, _days(asked)["sun"]),
        }
        return _answer(http, asked, body)


class MoonView(APIView):
    """The Moon at a place: rise, transit and set, and how it looks at noon."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.MOON)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_local(http, clock.now(), ("moon",))
        days = _days(asked)["moon"]  # first, because it refuses what the kernel has not
        aspects = place_moon(moments=noons(asked))
        body: MoonDayList = {
            "place": place_payload(asked.place),
            "timezone": zone_name(asked.zone),
            "days": moon_days(asked, days, aspects),
        }
        return _answer(http, asked, body)


def _days(asked: LocalAsked) -> dict[str, list[BodyDay]]:
    with within_kernel(days_sentence):
        return place_days(place=asked.place, bodies=asked.bodies, midnights=asked.midnights)


def _answer(request: HttpRequest, asked: LocalAsked, body: Any) -> HttpResponseBase:
    return conditional_answer(
        request,
        json_bytes(body),
        content_type="application/json",
        max_age_s=DATED_AGE_S if asked.dated else TODAY_AGE_S,
    )
