"""Where the bodies are: positions, the state of a scene, segments to interpolate."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from astronomy import provider
from astronomy.api import position_operations as operations
from astronomy.api.kernel import within_kernel
from astronomy.api.position_parameters import (
    StateAsked,
    outside_text,
    read_positions,
    read_segments,
    read_state,
)
from astronomy.api.position_payloads import positions_payload, segments_payload, state_payload
from astronomy.constants import J2000_JD
from astronomy.positions import find_segments, position_table, scene_state
from astronomy.timescales import days_from_datetime
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer, json_bytes
from starscal.core.api.requests import django_request

NOW_AGE_S: Final = 1
FIXED_AGE_S: Final = 7 * 86_400


class PositionsView(APIView):
    """Positions of bodies at one instant or a series."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.POSITIONS)
    def get(self, request: Request) -> HttpResponseBase:
        asked = read_positions(django_request(request))
        ephemeris = provider.ephemeris()
        timescale = ephemeris.timescale
        days = np.array([days_from_datetime(timescale, moment) for moment in asked.moments])
        with within_kernel(outside_text):
            table = position_table(ephemeris, days, asked.bodies, asked.view)
        return _answer(
            request, positions_payload(table, ephemeris.name, timescale), fixed=asked.fixed
        )


class StateView(APIView):
    """Everything a 3D scene needs at one instant."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.STATE)
    def get(self, request: Request) -> HttpResponseBase:
        asked = read_state(django_request(request))
        ephemeris = provider.ephemeris()
        with within_kernel(outside_text):
            state = scene_state(ephemeris, _jd_tt(asked))
        body = state_payload(state, ephemeris.name, ephemeris.timescale)
        return _answer(request, body, fixed=asked.fixed)


class SegmentsView(APIView):
    """Chebyshev segments of a scene, to be interpolated without asking again."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.SEGMENTS)
    def get(self, request: Request) -> HttpResponseBase:
        asked = read_segments(django_request(request))
        ephemeris = provider.ephemeris()
        timescale = ephemeris.timescale
        first, last = (
            J2000_JD + days_from_datetime(timescale, moment) for moment in (asked.start, asked.end)
        )
        with within_kernel(outside_text):
            found = find_segments(ephemeris, first, last, asked.codes)
        body = segments_payload(found, asked.start, asked.end, ephemeris.name, timescale)
        return _answer(request, body, fixed=True)


def _jd_tt(asked: StateAsked) -> float:
    if asked.moment is None:
        return asked.jd_tt
    return J2000_JD + days_from_datetime(provider.ephemeris().timescale, asked.moment)


def _answer(request: Request, body: Any, *, fixed: bool) -> HttpResponseBase:
    """Answer with an ETag; what is asked of a fixed instant stays the same for a release."""
    response = conditional_answer(
        django_request(request),
        json_bytes(body),
        content_type="application/json",
        max_age_s=NOW_AGE_S,
    )
    if fixed:
        response.headers["Cache-Control"] = f"public, max-age={FIXED_AGE_S}, immutable"
    return response
