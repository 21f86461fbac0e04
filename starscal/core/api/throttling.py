"""Count the requests of the API: by key, by account, by address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from starscal.core.addresses import address_key, client_address
from starscal.core.limits import API_ANONYMOUS, API_KEY, API_USER
from starscal.core.ratelimit import Limit, Verdict, give_back, rate_headers, refusal, take

TAKEN: Final = "api_tokens_taken"
NOT_MODIFIED: Final = 304


class BucketThrottle(BaseThrottle):
    """Take a token for each request, more where the view says so (``throttle_cost``)."""

    def allow_request(self, request: Request, view: Any) -> bool:
        limit, key = counted_by(request)
        cost = int(getattr(view, "throttle_cost", 1))
        verdict = take(limit, key, cost)
        setattr(request._request, TAKEN, (verdict, key, cost))  # noqa: SLF001 - for the headers
        if not verdict.allowed:
            raise refusal(verdict)
        return True


def counted_by(request: Request) -> tuple[Limit, str]:
    """Return the bucket of a caller: of the key, else of the account, else of the address."""
    user: Any = request.user  # None where a view has no authentication
    auth = request.auth
    if not getattr(user, "is_authenticated", False):
        return API_ANONYMOUS, address_key(client_address(request._request))  # noqa: SLF001
    if hasattr(auth, "daily_quota"):  # a key of a server, whose class this layer does not know
        return API_KEY, str(auth.pk)
    return API_USER, str(user.pk)


class RateLimitMiddleware:
    """Tell API clients what is left to them; an answer without news costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        taken: tuple[Verdict, str, int] | None = getattr(request, TAKEN, None)
        if taken is None:
            return response
        verdict, key, cost = taken
        if response.status_code == NOT_MODIFIED and verdict.counted:
            give_back(verdict.limit, key, cost)
        for name, value in rate_headers(verdict).items():
            response.headers.setdefault(name, value)
        return response
