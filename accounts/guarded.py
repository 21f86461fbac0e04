"""Password sign-in behind the guard, on whichever surface it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponseBase

from accounts.login_guard import KNOWN_S
from accounts.models import User
from accounts.services.sign_in import Caller, password_matches, password_prove
from starscal.core.addresses import client_address
from starscal.core.exceptions import ApplicationError, ErrorCode

NEW_DEVICE: Final = "login_device"
REFUSED: Final = {ErrorCode.AUTH_CREDENTIALS, ErrorCode.AUTH_DEACTIVATED}


def password_user(request: HttpRequest, *, login: str, password: str, surface: str) -> User:
    """Return whose name and password they are, and have the answer tell the device its cookie.

    Errors: those of ``password_prove``.
    """
    device = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    caller = Caller(surface=surface, address=client_address(request), device=device)
    proof = password_prove(login=login, password=password, caller=caller)
    setattr(request, NEW_DEVICE, proof.device)
    return proof.user


class GuardedBackend(ModelBackend):
    """What Django's own forms ask, which are those of the admin; our surfaces ask the service.

    A caller without a request is a command of ours, and passes no guard.
    Raises: ApplicationError (rate.limited, service.unavailable), which pages answer.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        if request is None:
            user, good = password_matches(login=username, password=password)
            return user if user is not None and good and user.is_active else None
        try:
            return password_user(request, login=username, password=password, surface="admin")
        except ApplicationError as error:
            if error.code in REFUSED:
                return None
            raise


class DeviceCookieMiddleware:
    """Let a device prove later that it signed in before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        value = getattr(request, NEW_DEVICE, "")
        if value:
            response.set_cookie(
                settings.DEVICE_COOKIE_NAME,
                value,
                max_age=KNOWN_S,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
