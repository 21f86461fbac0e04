"""Deny by default."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from accounts.models import ApiKey
from starscal.core.exceptions import ApplicationError, ErrorCode


class SignedIn(IsAuthenticated):
    """A person who is signed in, or a key with the scope that the view names.

    A view without ``api_key_scope`` is closed to every key.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if not isinstance(request.auth, ApiKey):
            return True
        scope = getattr(view, "api_key_scope", "")
        if scope and scope in request.auth.scopes:
            return True
        raise ApplicationError(
            ErrorCode.AUTH_SCOPE, _("The API key lacks the scope that this resource needs.")
        )
