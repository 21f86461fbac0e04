"""Link the own account with a chat of Telegram; sign in with one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from accounts.api.auth_inputs import body_read
from accounts.api.auth_views import program_named, tokens_payload
from accounts.api.personal import PersonalView, claims_of, nothing, person, private_json
from accounts.api.views import AccountView
from accounts.browsers import device_shown
from accounts.services.sessions import session_open
from starscal.core.addresses import address_key, client_address
from starscal.core.api.requests import django_request
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.limits import TELEGRAM_ASK, TELEGRAM_CODE
from starscal.core.ratelimit import require
from telegram_link.api import operations
from telegram_link.api.inputs import AskInput, CodeInput
from telegram_link.api.payloads import asked_payload, link_payload, telegram_payload
from telegram_link.selectors.links import link_token
from telegram_link.services.linking import account_unlink, link_ask, link_confirm
from telegram_link.services.signing_in import Attempt, sign_in_ask, sign_in_prove


class TelegramView(PersonalView):
    """Show and end the link with a chat."""

    @extend_schema(**operations.TELEGRAM)
    def get(self, request: Request) -> HttpResponseBase:
        return private_json(telegram_payload(user=person(request)))

    @extend_schema(**operations.UNLINK)
    def delete(self, request: Request) -> HttpResponseBase:
        account_unlink(user=person(request), actor="app")
        return nothing()


class LinkListView(PersonalView):
    """Ask for a link to the bot."""

    @extend_schema(**operations.LINK_ASK)
    def post(self, request: Request) -> HttpResponseBase:
        require(TELEGRAM_ASK, f"user:{person(request).pk}")
        asked = link_ask(user=person(request), session_id=claims_of(request).session_id)
        return private_json(asked_payload(asked), 201)


class LinkView(PersonalView):
    """Look whether somebody has opened the link."""

    @extend_schema(**operations.LINK)
    def get(self, request: Request, link_id: UUID) -> HttpResponseBase:
        token = link_token(token_id=link_id, session_id=claims_of(request).session_id)
        if token is None:
            raise ApplicationError(ErrorCode.NOT_FOUND, _("There is nothing at this address."))
        return private_json(link_payload(token))


class ConfirmView(PersonalView):
    """Say that whoever opened the link is the one."""

    @extend_schema(**operations.CONFIRM)
    def post(self, request: Request, link_id: UUID) -> HttpResponseBase:
        session_id = claims_of(request).session_id
        account = link_confirm(user=person(request), session_id=session_id, token_id=link_id)
        return private_json(telegram_payload(user=account.user))


class SignInView(AccountView):
    """Ask for a link to the bot that tells a code to sign in with."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(**operations.SIGN_IN_ASK)
    def post(self, request: Request) -> HttpResponseBase:
        wish = body_read(AskInput, request)
        require(TELEGRAM_ASK, address_of(request))
        asked = sign_in_ask(device=wish.get("device") or device_shown(program_named(request)))
        return private_json(asked_payload(asked), 201)


class CodeView(AccountView):
    """Sign in with the code that the bot has told."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(**operations.SIGN_IN)
    def post(self, request: Request, token_id: UUID) -> HttpResponseBase:
        wish: dict[str, Any] = body_read(CodeInput, request)
        require(TELEGRAM_CODE, address_of(request))
        attempt = Attempt(
            token_id=token_id,
            holder=wish["holder"],
            code=wish["code"],
            surface="api",
            consent=wish.get("consent", False),
            language=django_request(request).LANGUAGE_CODE,
        )
        proved = sign_in_prove(attempt=attempt)
        return private_json(tokens_payload(session_open(user=proved.user, device=proved.device)))


def address_of(request: Request) -> str:
    return address_key(client_address(django_request(request)))
