"""Know the browser's user by the session of ours that its cookie names."""

from __future__ import annotations

from functools import partial

from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.browsers import browser_user
from accounts.models import User


class BrowserMiddleware(AuthenticationMiddleware):
    """Load the user and the session together, and only when somebody asks who it is.

    Stands where Django's own stood. A session that was ended, ran out, or is older than the
    user's token version signs the browser out at its next request.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(partial(known_user, request))  # type: ignore[assignment] # as Django's own does
        request.auser = partial(known_user_async, request)


def known_user(request: HttpRequest) -> User | AnonymousUser:
    """Return who it is, asking once a request."""
    if not hasattr(request, "_known_user"):
        request._known_user = browser_user(request)  # type: ignore[attr-defined] # noqa: SLF001 - our own
    return request._known_user  # type: ignore[attr-defined,no-any-return] # noqa: SLF001


async def known_user_async(request: HttpRequest) -> User | AnonymousUser:
    return await sync_to_async(known_user)(request)
