"""Password sign-in behind the guard, on whichever surface it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponseBase

from accounts.login_guard import KNOWN_S, login_guard, login_passed
from accounts.models import User
from accounts.selectors.logins import user_by_login
from starscal.core.addresses import client_address

NEW_DEVICE: Final = "login_device"


class GuardedBackend(ModelBackend):
    """Ask the guard before the hasher works; a caller without a request is our own command.

    Raises: ApplicationError (rate.limited, service.unavailable), which pages and API answer.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if request is None or not username or password is None:
            return self.user_of(request, username, password, **kwargs)
        http: HttpRequest = getattr(request, "_request", request)  # DRF wraps Django's
        device = http.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
        attempt = login_guard(address=client_address(http), account=username, device=device)
        user = self.user_of(http, username, password, **kwargs)
        if user is not None:
            setattr(http, NEW_DEVICE, login_passed(attempt=attempt))
        return user

    def user_of(
        self,
        _request: HttpRequest | None,
        username: str | None,
        password: str | None,
        **_kwargs: Any,
    ) -> User | None:
        """Check the password itself, by username in any case and width or by e-mail address.

        A name that nobody has costs as much as a wrong password.
        """
        if not username or password is None:
            return None
        user = user_by_login(login=username)
        if user is None:
            make_password(password)
            return None
        good = user.check_password(password)
        return user if good and self.user_can_authenticate(user) else None


class DeviceCookieMiddleware:
    """Let a browser prove later that it signed in before."""

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
