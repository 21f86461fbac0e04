"""Give back what a key did not owe."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import ApiKey
from accounts.services.api_keys import api_key_give_back

NOT_MODIFIED = 304


class QuotaMiddleware:
    """Make "nothing has changed" free of quota, so that asking politely costs a server nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        key = getattr(request, "api_key", None)
        if response.status_code == NOT_MODIFIED and isinstance(key, ApiKey):
            api_key_give_back(key=key)
        return response
