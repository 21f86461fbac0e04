"""Say who asks: by an access token of a person or by the API key of a server."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.models import ApiKey, User
from accounts.selectors.sessions import session_user
from accounts.services.api_keys import api_key_use
from accounts.services.sessions import deactivated, invalid_token
from accounts.tokens.access import AccessClaims, AccessTokenError, access_check
from starscal.core import clock
from starscal.core.api.problems import CHALLENGE
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.middleware import language_of_user


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer`` with an access token; user and session come in one query."""

    def authenticate(self, request: Request) -> tuple[User, AccessClaims] | None:
        token = credentials(request, "bearer")
        if token is None:
            answer_in(request, "")
            return None
        try:
            claims = access_check(token)
        except AccessTokenError:
            raise invalid_token() from None
        return token_user(request, claims), claims

    def authenticate_header(self, request: Request) -> str:
        del request
        return CHALLENGE


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Api-Key`` with a key; each use counts towards its quota.

    A key speaks for a server, whose readers say by ``?lang=`` or ``Accept-Language`` what they
    read: the language of the key's owner does not matter to what is public.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        secret = credentials(request, "api-key")
        if secret is None:
            return None
        key = api_key_use(secret=secret)
        if not key.user.is_active:
            answer_in(request, key.user.language)
            raise deactivated()
        request._request.api_key = key  # type: ignore[attr-defined] # noqa: SLF001 - see quota.py
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        del request
        return CHALLENGE


def credentials(request: Request, scheme: str) -> str | None:
    """Return what follows the scheme in the header, or None if it names another scheme."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        return None
    named, _space, rest = header.strip().partition(" ")
    return rest.strip() if named.lower() == scheme else None


def token_user(request: Request, claims: AccessClaims) -> User:
    """Return the user of a token whose session is open.

    Errors: auth.user_not_found, auth.account_deactivated, auth.invalid_token.
    """
    found = session_user(session_id=claims.session_id, user_id=claims.user_id)
    if found is None:
        raise _nobody(claims)
    user, ended, expires_at = found
    answer_in(request, user.language)
    if not user.is_active:
        raise deactivated()
    if ended or expires_at <= clock.now() or user.token_version != claims.token_version:
        raise invalid_token()
    return user


def _nobody(claims: AccessClaims) -> ApplicationError:
    if User.objects.filter(pk=claims.user_id).exists():
        return invalid_token()
    return ApplicationError(
        ErrorCode.AUTH_USER_NOT_FOUND, _("The account of this token no longer exists.")
    )


def answer_in(request: Request, language: str) -> None:
    """Answer in the user's own language, an empty one for none, unless the address names one."""
    language_of_user(request._request, language)  # noqa: SLF001 - the middleware knows that one
