"""The public keys with which anybody checks our access tokens."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.tokens.ring import key_ring
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.openapi import problem_responses, schema_ref
from starscal.core.api.renderers import json_bytes

MAX_AGE_S = 300


class JwksView(APIView):
    """List the public keys of access tokens as a JSON Web Key Set (RFC 7517)."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(
        operation_id="jwks",
        tags=["auth"],
        auth=[],
        responses={200: schema_ref("JsonWebKeySet"), **problem_responses(405, 406)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        return conditional_answer(
            request,
            json_bytes({"keys": key_ring().public()}),
            content_type="application/json",
            max_age_s=MAX_AGE_S,
        )
