"""The API keys of an account. A key cannot make keys: these views name no scope."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, Final

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from accounts.api.auth_inputs import KeyInput, body_read
from accounts.api.personal import PersonalView, nothing, person, private_json
from accounts.models import ApiKey
from accounts.selectors.api_keys import api_keys_of
from accounts.services.api_keys import api_key_create, api_key_revoke
from starscal.core import clock
from starscal.core.api.openapi import problem_responses, schema_ref
from starscal.core.exceptions import ApplicationError, ErrorCode

TAGS: Final = ["keys"]
KEY_ID: Final = OpenApiParameter(
    "key_id", uuid.UUID, OpenApiParameter.PATH, description="The `id` of a key."
)


class KeyListView(PersonalView):
    """List the account's API keys, those not revoked first and newest first, or create one."""

    @extend_schema(
        operation_id="keys_list",
        tags=TAGS,
        responses={200: schema_ref("ApiKeyList"), **problem_responses(401, 403, 405, 406, 503)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        found = api_keys_of(user=person(request), at=clock.now())
        return private_json({"results": [_key(key) for key in found]})

    @extend_schema(
        operation_id="keys_create",
        tags=TAGS,
        request=KeyInput,
        responses={
            201: schema_ref("CreatedApiKey"),
            **problem_responses(400, 401, 403, 405, 406, 413, 415, 503),
        },
    )
    def post(self, request: Request) -> HttpResponseBase:
        wish = body_read(KeyInput, request)
        days = wish.get("expires_in_days")
        created = api_key_create(
            user=person(request),
            name=wish["name"],
            scopes=wish["scopes"],
            expires_at=clock.now() + timedelta(days=days) if days else None,
        )
        created.key.refresh_from_db()  # the database says when it was created
        return private_json({**_key(created.key), "secret": created.secret}, status=201)


class KeyView(PersonalView):
    """End an API key at once."""

    @extend_schema(
        operation_id="keys_delete",
        tags=TAGS,
        parameters=[KEY_ID],
        responses={204: None, **problem_responses(401, 403, 404, 405, 406, 503)},
    )
    def delete(self, request: Request, key_id: uuid.UUID) -> HttpResponseBase:
        if not api_key_revoke(key_id=key_id, user=person(request)):
            raise ApplicationError(
                ErrorCode.NOT_FOUND, _("The account has no valid API key of this number.")
            )
        return nothing()


def _key(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.pk,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "daily_quota": key.daily_quota,
        "requests_today": getattr(key, "requests_today", 0),  # a new one has none
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }
