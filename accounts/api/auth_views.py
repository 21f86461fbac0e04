"""Sign in, renew, sign out, see where one is signed in."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.auth_inputs import RefreshInput, SignInInput, body_read
from accounts.api.personal import PersonalView, claims_of, nothing, person, private_json
from accounts.guarded import password_user
from accounts.login_guard import refresh_guard
from accounts.models import Session
from accounts.selectors.sessions import sessions_of
from accounts.services.sessions import (
    DEVICE_LENGTH,
    OpenedSession,
    session_open,
    session_refresh,
    session_revoke,
    sessions_revoke,
)
from accounts.services.tickets import socket_ticket_open
from accounts.tickets import TICKET_LIFE_S, Ticket
from accounts.tokens.access import LIFETIME
from starscal.core import clock
from starscal.core.addresses import client_address
from starscal.core.api.openapi import problem_responses, schema_ref
from starscal.core.exceptions import ApplicationError, ErrorCode

TAGS: Final = ["auth"]
GIVEN: Final[dict[Any, Any]] = {
    200: schema_ref("Tokens"),
    **problem_responses(400, 401, 405, 406, 413, 415, 429, 503),
}
SESSION_ID: Final = OpenApiParameter(
    "session_id", uuid.UUID, OpenApiParameter.PATH, description="The `id` of a session."
)
DONE: Final[dict[Any, Any]] = {204: None, **problem_responses(401, 403, 405, 406, 503)}


class TokenView(APIView):
    """Exchange username or e-mail address and password for an access and a refresh token.

    The answer sets a cookie by which the device is known: whoever sends it back signs in even while
    others guess at the account.
    """

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_token", tags=TAGS, auth=[], request=SignInInput, responses=GIVEN
    )
    def post(self, request: Request) -> HttpResponseBase:
        wish = body_read(SignInInput, request)
        user = password_user(
            request._request,  # noqa: SLF001 - DRF has no public name
            login=wish["username"],
            password=wish["password"],
            surface="api",
        )
        device = wish.get("device") or program_named(request)
        return private_json(tokens_payload(session_open(user=user, device=device)))


class RefreshView(APIView):
    """Exchange a refresh token for its successor and a new access token.

    A retry within ten seconds gets the same successor. A token used again later was copied: its
    session ends.
    """

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_refresh", tags=TAGS, auth=[], request=RefreshInput, responses=GIVEN
    )
    def post(self, request: Request) -> HttpResponseBase:
        wish = body_read(RefreshInput, request)
        address = client_address(request._request)  # noqa: SLF001 - DRF has no public name
        refresh_guard(address=address, refresh_token=wish["refresh"])
        return private_json(tokens_payload(session_refresh(refresh_token=wish["refresh"])))


class LogoutView(PersonalView):
    """End the session of this access token, at once and everywhere."""

    @extend_schema(operation_id="auth_logout", tags=TAGS, request=None, responses=DONE)
    def post(self, request: Request) -> HttpResponseBase:
        session_revoke(
            session_id=claims_of(request).session_id, user=person(request), reason="logout"
        )
        return nothing()


class LogoutAllView(PersonalView):
    """End every session of the account, browsers and open sockets included."""

    @extend_schema(operation_id="auth_logout_all", tags=TAGS, request=None, responses=DONE)
    def post(self, request: Request) -> HttpResponseBase:
        sessions_revoke(user=person(request), reason="logout_all")
        return nothing()


class SessionListView(PersonalView):
    """List where the account is signed in, the latest used first."""

    @extend_schema(
        operation_id="auth_sessions",
        tags=TAGS,
        responses={200: schema_ref("SessionList"), **problem_responses(401, 403, 405, 406, 503)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        current = claims_of(request).session_id
        found = sessions_of(user=person(request), at=clock.now())
        return private_json({"results": [_session(session, current) for session in found]})


class SessionView(PersonalView):
    """End one session of the account."""

    @extend_schema(
        operation_id="auth_session_end",
        tags=TAGS,
        parameters=[SESSION_ID],
        responses={204: None, **problem_responses(401, 403, 404, 405, 406, 503)},
    )
    def delete(self, request: Request, session_id: uuid.UUID) -> HttpResponseBase:
        if not session_revoke(session_id=session_id, user=person(request), reason="ended"):
            raise ApplicationError(
                ErrorCode.NOT_FOUND, _("The account has no open session of this number.")
            )
        return nothing()


class TicketView(PersonalView):
    """Give a ticket that opens one socket within half a minute, for pages that hide the token."""

    @extend_schema(
        operation_id="auth_ws_ticket",
        tags=TAGS,
        request=None,
        responses={200: schema_ref("SocketTicket"), **problem_responses(401, 403, 405, 406, 503)},
    )
    def post(self, request: Request) -> HttpResponseBase:
        claims = claims_of(request)
        ticket = Ticket(
            user=str(claims.user_id),
            session=str(claims.session_id),
            token_version=claims.token_version,
            expires_at=claims.expires_at.timestamp(),
            language=person(request).language,
        )
        given = socket_ticket_open(ticket=ticket)
        return private_json({"ticket": given, "expires_in": TICKET_LIFE_S})


def tokens_payload(opened: OpenedSession) -> dict[str, Any]:
    """Return what whoever has signed in gets, in whichever way it was done."""
    return {
        "access": opened.access_token,
        "refresh": opened.refresh_token,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "session": opened.session.pk,
    }


def _session(session: Session, current: uuid.UUID) -> dict[str, Any]:
    return {
        "id": session.pk,
        "kind": session.kind,
        "device": session.device,
        "created_at": session.created_at,
        "last_used_at": session.last_used_at,
        "expires_at": session.expires_at,
        "current": session.pk == current,
    }


def program_named(request: Request) -> str:
    """Return how the client's program calls itself, as far as it is readable."""
    named = request.headers.get("User-Agent", "")
    return "".join(sign for sign in named if sign.isprintable())[:DEVICE_LENGTH]
