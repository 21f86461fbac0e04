"""The own profile, everything that belongs to its owner, and its end."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.api import people_operations as operations
from accounts.api.views import OwnView, owner
from accounts.authentication import ApiKeyAuthentication, BearerAuthentication
from accounts.models import User
from accounts.selectors.people import user_present
from accounts.selectors.profile import instant_text, profile_answer, profile_etag
from accounts.services.api_keys import Scope
from accounts.services.deletion import user_delete_request
from accounts.services.export import user_export
from accounts.services.profile import profile_update
from accounts.services.streams import personal_stream_open
from starscal.core.api.renderers import json_bytes
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.selectors import Cursor

JSON = "application/json"


class MeView(OwnView):
    """Show, change and delete the own account; a key of the scope may only look at it."""

    authentication_classes = (BearerAuthentication, ApiKeyAuthentication)

    @property
    def api_key_scope(self) -> str:
        """Return the scope that opens this method to a key, if any does."""
        return Scope.PROFILE_READ if self.request.method in SAFE_METHODS else ""

    @extend_schema(**operations.ME)
    def get(self, request: Request) -> HttpResponse:
        cursor = personal_stream_open(user=owner(request))
        user = user_present(user_id=owner(request).pk)  # once more, now after the cursor
        answer = told(user, cursor)
        found = get_conditional_response(
            request._request,  # noqa: SLF001 - DRF documents it for this use
            profile_etag(user=user),
            None,
            answer,
        )
        return found or answer

    @extend_schema(**operations.ME_CHANGE)
    def patch(self, request: Request) -> HttpResponse:
        expected = request.headers.get("If-Match", "")
        if not expected:
            raise ApplicationError(
                ErrorCode.PRECONDITION_REQUIRED,
                _("Send the ETag that you last saw in the If-Match header."),
            )
        cursor = personal_stream_open(user=owner(request))
        user = profile_update(user=owner(request), body=request.data, if_match=expected)
        return told(user, cursor)

    @extend_schema(**operations.ME_DELETE)
    def delete(self, request: Request) -> HttpResponse:
        after = user_delete_request(user=owner(request))
        date = {"delete_after": after and instant_text(after)}
        return HttpResponse(json_bytes(date), status=202, content_type=JSON)


class ExportView(OwnView):
    """Everything that belongs to whoever is signed in."""

    throttle_cost = 60  # it reads every row; ten a minute are plenty

    @extend_schema(**operations.EXPORT)
    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(
            json_bytes(user_export(user=owner(request))),
            content_type=JSON,
            headers={"Content-Disposition": 'attachment; filename="starscalendars.json"'},
        )


def told(user: User, cursor: Cursor) -> HttpResponse:
    return HttpResponse(
        json_bytes(profile_answer(user=user, cursor=cursor)),
        content_type=JSON,
        headers={"ETag": profile_etag(user=user)},
    )
