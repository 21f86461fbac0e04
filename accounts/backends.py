"""Sign in with a password, by username in any case and width, or by e-mail address."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from accounts.models import User
from accounts.selectors.logins import user_by_login
from starscal.core.limits import LOGIN_ACCOUNT, LOGIN_ADDRESS
from starscal.core.ratelimit import address_key, client_address, require


class PasswordBackend(ModelBackend):
    """Find people as we do; a name that nobody has costs as much as a wrong password.

    The site and the admin sign in here, so that the limits hold for both.
    Errors: rate.limited, service.unavailable.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,  # noqa: ARG002 - Django's own signature
    ) -> User | None:
        if not username or password is None:
            return None
        if request is not None:
            require(LOGIN_ADDRESS, address_key(client_address(request)))
        require(LOGIN_ACCOUNT, username.strip().casefold())
        user = user_by_login(login=username)
        if user is None:
            make_password(password)
            return None
        good = user.check_password(password)
        return user if good and self.user_can_authenticate(user) else None

    async def aauthenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        return await sync_to_async(self.authenticate)(request, username, password, **kwargs)
