"""What all answers to one person have in common: nobody keeps them, and they speak his language."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.authentication import answer_in
from accounts.models import User
from accounts.permissions import SignedIn
from accounts.tokens.access import AccessClaims
from starscal.core.api.renderers import json_bytes

NO_STORE = {"Cache-Control": "no-store"}


class PersonalView(APIView):
    """A view for people who are signed in; a key needs the scope ``api_key_scope``."""

    permission_classes = (SignedIn,)
    api_key_scope = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if isinstance(request.user, User):
            answer_in(request, request.user.language)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "no-store")
        final.headers.setdefault("Content-Language", str(getattr(request, "LANGUAGE_CODE", "en")))
        patch_vary_headers(final, ["Authorization"])
        return final


def private_json(body: Any, status: int = 200) -> HttpResponse:
    """Return JSON that no cache keeps."""
    return HttpResponse(
        json_bytes(body), status=status, content_type="application/json", headers=NO_STORE
    )


def nothing() -> HttpResponse:
    """Return an empty answer: it is done."""
    return HttpResponse(status=204, headers=NO_STORE)


def person(request: Request) -> User:
    """Return the user of a request that SignedIn let pass."""
    if not isinstance(request.user, User):
        raise TypeError("This view must be closed to those who are not signed in.")
    return request.user


def claims_of(request: Request) -> AccessClaims:
    """Return what the access token says; these views are closed to keys, so there is one."""
    if not isinstance(request.auth, AccessClaims):
        raise TypeError("This view must name no scope for keys.")
    return request.auth
