"""Register, confirm, choose passwords, leave and come back."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import people_operations as operations
from accounts.api.bodies import texts_read
from accounts.api.personal import claims_of
from accounts.api.views import AccountView, OwnView, owner
from accounts.services.activation import user_deactivate, user_return
from accounts.services.deletion import user_keep
from accounts.services.email_change import email_change_confirm, email_change_request
from accounts.services.passwords import (
    password_change,
    password_confirm,
    password_reset,
    password_reset_request,
)
from accounts.services.registration import user_register
from accounts.services.verification import registration_verify
from starscal.core.limits import LINKING, REGISTRATION, RESET_ADDRESS
from starscal.core.ratelimit import Limit, address_key, client_address, require


class OpenView(AccountView):
    """A view for anybody; each address has a bucket of its own."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    limit: Limit

    def check_throttles(self, request: Request) -> None:
        require(self.limit, address_key(client_address(request._request)))  # noqa: SLF001


class RegisterView(OpenView):
    """Ask for an account."""

    limit = REGISTRATION

    @extend_schema(**operations.REGISTER)
    def post(self, request: Request) -> Response:
        given = texts_read(
            request, ("username", "email", "password"), optional=("language", "timezone")
        )
        given.setdefault("language", request._request.LANGUAGE_CODE)  # noqa: SLF001
        user_register(**given)
        return letter_answer()


class VerifyView(OpenView):
    """Make an account of a registration."""

    limit = LINKING

    @extend_schema(**operations.VERIFY)
    def post(self, request: Request) -> Response:
        user = registration_verify(**texts_read(request, ("token",)))
        return Response({"username": user.username})


class ResetView(OpenView):
    """Ask for a link to a new password."""

    limit = RESET_ADDRESS

    @extend_schema(**operations.RESET)
    def post(self, request: Request) -> Response:
        password_reset_request(**texts_read(request, ("email",)))
        return letter_answer()


class ResetConfirmView(OpenView):
    """Choose a new password with a link."""

    limit = LINKING

    @extend_schema(**operations.RESET_CONFIRM)
    def post(self, request: Request) -> HttpResponse:
        given = texts_read(request, ("token", "new_password"))
        password_reset(token=given["token"], new=given["new_password"])
        return HttpResponse(status=204)


class KeepView(OpenView):
    """Keep an account that was to be deleted."""

    limit = LINKING

    @extend_schema(**operations.KEEP)
    def post(self, request: Request) -> Response:
        user = user_keep(**texts_read(request, ("token",)))
        return Response({"username": user.username})


class ReturnView(OpenView):
    """Open an account again that its owner had closed."""

    limit = LINKING

    @extend_schema(**operations.RETURN)
    def post(self, request: Request) -> Response:
        user = user_return(**texts_read(request, ("token",)))
        return Response({"username": user.username})


class PasswordChangeView(OwnView):
    """Choose a new password, knowing the present one."""

    @extend_schema(**operations.PASSWORD_CHANGE)
    def post(self, request: Request) -> HttpResponse:
        given = texts_read(request, ("current_password", "new_password"))
        password_change(
            user=owner(request),
            session_id=claims_of(request).session_id,
            current=given["current_password"],
            new=given["new_password"],
        )
        return HttpResponse(status=204)


class EmailChangeView(OwnView):
    """Ask for another address, knowing the password."""

    @extend_schema(**operations.EMAIL_CHANGE)
    def post(self, request: Request) -> Response:
        email_change_request(
            user=owner(request),
            session_id=claims_of(request).session_id,
            **texts_read(request, ("email", "password")),
        )
        return letter_answer()


class EmailConfirmView(OpenView):
    """Give an account the address that was asked for."""

    limit = LINKING

    @extend_schema(**operations.EMAIL_CONFIRM)
    def post(self, request: Request) -> Response:
        user = email_change_confirm(**texts_read(request, ("token",)))
        return Response({"username": user.username})


class DeactivateView(OwnView):
    """Close the own account until its owner comes back."""

    @extend_schema(**operations.DEACTIVATE)
    def post(self, request: Request) -> HttpResponse:
        user = owner(request)
        given = texts_read(request, ("password",))
        session_id = claims_of(request).session_id
        password_confirm(user=user, session_id=session_id, pointer="/password", **given)
        user_deactivate(user=user)
        return HttpResponse(status=204)


def letter_answer() -> Response:
    """Answer the same whether the address is known or not; the letter says which."""
    detail = _("If the address can receive it, a letter is on its way. It says what comes next.")
    return Response({"detail": detail}, status=202)
