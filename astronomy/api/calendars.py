"""The calendars of peoples and churches: which date a civil day is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from astronomy import provider
from astronomy.api import calendar_operations as operations
from astronomy.api.calendar_parameters import HinduAsked, read_days, read_hindu
from astronomy.api.calendar_payloads import (
    ArmenianDateList,
    ChineseDateList,
    ChristianDateList,
    armenian_dates,
    chinese_date,
    christian_dates,
    hindu_list,
)
from astronomy.api.kernel import days_sentence, within_kernel
from astronomy.api.local import DATED_AGE_S, TODAY_AGE_S
from astronomy.calendars.chinese import ChineseDay, chinese_days
from astronomy.calendars.hindu import HinduDay, hindu_days
from starscal.core import clock
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer, json_bytes
from starscal.core.api.requests import django_request

CHINA: Final = ZoneInfo("Asia/Shanghai")
ARMENIA: Final = ZoneInfo("Asia/Yerevan")
_UTC: Final = ZoneInfo("UTC")


class ChineseView(APIView):
    """Dates, solar terms and festivals of the Chinese calendar."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.CHINESE)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_days(http, clock.now(), CHINA)
        days = [chinese_date(day) for day in _chinese(asked.days)]
        body: ChineseDateList = {"calendar": "chinese", "days": days}
        return _answer(http, body, dated=asked.dated)


class HinduView(APIView):
    """The panchanga of days at a place."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.HINDU)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_hindu(http, clock.now())
        return _answer(http, hindu_list(asked, _hindu(asked)), dated=asked.dated)


class ArmenianView(APIView):
    """Dates of the old Armenian calendar and feasts of the Armenian Church."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.ARMENIAN)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_days(http, clock.now(), ARMENIA)
        body: ArmenianDateList = {"calendar": "armenian", "days": armenian_dates(asked.days)}
        return _answer(http, body, dated=asked.dated)


class ChristianView(APIView):
    """Movable feasts of the Western and the Orthodox churches."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.CHRISTIAN)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_days(http, clock.now(), _UTC)
        body: ChristianDateList = {"calendar": "christian", "days": christian_dates(asked.days)}
        return _answer(http, body, dated=asked.dated)


def _chinese(days: Sequence[date]) -> list[ChineseDay]:
    with within_kernel(days_sentence), provider.locked_sky() as sky:
        return chinese_days(sky, days)


def _hindu(asked: HinduAsked) -> list[HinduDay | None]:
    with within_kernel(days_sentence), provider.locked_sky() as sky:
        return hindu_days(
            sky, asked.days, place=asked.place, zone=asked.offsets, ayanamsa=asked.ayanamsa
        )


def _answer(request: HttpRequest, body: Any, *, dated: bool) -> HttpResponseBase:
    return conditional_answer(
        request,
        json_bytes(body),
        content_type="application/json",
        max_age_s=DATED_AGE_S if dated else TODAY_AGE_S,
    )
