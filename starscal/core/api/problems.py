"""Errors as RFC 9457 problem documents, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NotRequired, TypedDict

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from starscal.core.context import request_id
from starscal.core.exceptions import STATUS, ApplicationError, ErrorCode
from starscal.core.middleware import reader_language

CONTENT_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "/api/v1/problems/"
RETRY_AFTER_S: Final = 5
CHALLENGE: Final = 'Bearer realm="StarsCalendars"'
CHALLENGES: Final[Mapping[ErrorCode, str]] = {
    ErrorCode.AUTH_MISSING: CHALLENGE,
    ErrorCode.AUTH_TOKEN_INVALID: f'{CHALLENGE}, error="invalid_token"',
    ErrorCode.AUTH_USER_NOT_FOUND: f'{CHALLENGE}, error="invalid_token"',
    ErrorCode.AUTH_DEACTIVATED: f'{CHALLENGE}, error="invalid_token"',
    ErrorCode.AUTH_CREDENTIALS: CHALLENGE,
    ErrorCode.TELEGRAM_CODE: CHALLENGE,
    ErrorCode.AUTH_SCOPE: f'{CHALLENGE}, error="insufficient_scope"',
}


class ProblemError(TypedDict):
    """One thing to put right: a parameter of the query or a pointer into the body."""

    parameter: NotRequired[str]
    pointer: NotRequired[str]
    code: str
    detail: str


class Problem(TypedDict):
    """What an error answer holds."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: NotRequired[list[ProblemError]]


TITLES: Final[Mapping[ErrorCode, str | Promise]] = {
    ErrorCode.PARAMETER_UNKNOWN: _("Unknown parameter"),
    ErrorCode.PARAMETER_INVALID: _("Invalid parameter"),
    ErrorCode.QUERY_INVALID: _("Unreadable query"),
    ErrorCode.REQUEST_INVALID: _("Unreadable request"),
    ErrorCode.RANGE_INVERTED: _("Inverted range"),
    ErrorCode.RANGE_OUTSIDE: _("Range outside what can be computed"),
    ErrorCode.CURSOR_INVALID: _("Invalid cursor"),
    ErrorCode.EVENT_NOT_FOUND: _("No such event"),
    ErrorCode.FIGURE_NONE: _("No figure"),
    ErrorCode.EVENT_STATE: _("Not possible in this state"),
    ErrorCode.EVENT_CONFLICT: _("Changed in the meantime"),
    ErrorCode.VALIDATION_INVALID: _("Invalid values"),
    ErrorCode.PERMISSION_DENIED: _("Not allowed"),
    ErrorCode.NOT_FOUND: _("Not found"),
    ErrorCode.METHOD_NOT_ALLOWED: _("Method not allowed"),
    ErrorCode.NOT_ACCEPTABLE: _("Not available in this format"),
    ErrorCode.MEDIA_TYPE_UNSUPPORTED: _("Unsupported media type"),
    ErrorCode.BODY_INVALID: _("Unreadable body"),
    ErrorCode.BODY_TOO_LARGE: _("Body too large"),
    ErrorCode.UPGRADE_REQUIRED: _("WebSocket needed"),
    ErrorCode.AUTH_MISSING: _("Not signed in"),
    ErrorCode.AUTH_TOKEN_INVALID: _("Token not valid"),
    ErrorCode.AUTH_USER_NOT_FOUND: _("No such account"),
    ErrorCode.AUTH_DEACTIVATED: _("Account deactivated"),
    ErrorCode.AUTH_CREDENTIALS: _("Sign-in failed"),
    ErrorCode.AUTH_SCOPE: _("Scope missing"),
    ErrorCode.LINK_INVALID: _("Link not valid"),
    ErrorCode.SUBSCRIPTION_REQUIRED: _("For members"),
    ErrorCode.TELEGRAM_OFF: _("No Telegram bot"),
    ErrorCode.TELEGRAM_TAKEN: _("Linked already"),
    ErrorCode.TELEGRAM_UNOPENED: _("Not opened yet"),
    ErrorCode.TELEGRAM_CODE: _("Code not valid"),
    ErrorCode.TELEGRAM_NO_ACCOUNT: _("No account yet"),
    ErrorCode.TELEGRAM_ONLY_WAY: _("The only way in"),
    ErrorCode.PROFILE_INVALID: _("Profile not valid"),
    ErrorCode.PRECONDITION_FAILED: _("Changed in the meantime"),
    ErrorCode.PRECONDITION_REQUIRED: _("Version missing"),
    ErrorCode.QUOTA_EXCEEDED: _("Quota used up"),
    ErrorCode.RATE_LIMITED: _("Too many requests"),
    ErrorCode.UNAVAILABLE: _("Unavailable for a moment"),
    ErrorCode.INTERNAL: _("Internal error"),
}
DETAILS: Final[Mapping[ErrorCode, str | Promise]] = {
    ErrorCode.PARAMETER_UNKNOWN: _("The address has a parameter that this resource does not know."),
    ErrorCode.PARAMETER_INVALID: _("A parameter has a value that is not allowed."),
    ErrorCode.QUERY_INVALID: _(
        "The query string must be valid UTF-8 without NUL characters, at most 8192 bytes and 100 "
        "parameters."
    ),
    ErrorCode.REQUEST_INVALID: _("The request is not valid; check its headers and its address."),
    ErrorCode.RANGE_INVERTED: _("The start of a range must be before its end."),
    ErrorCode.RANGE_OUTSIDE: _("Events can be computed from 1900-01-01 to 2101-01-01."),
    ErrorCode.CURSOR_INVALID: _(
        "Use a cursor only as it was given, together with the filters that it was given for."
    ),
    ErrorCode.EVENT_NOT_FOUND: _("There is no such event."),
    ErrorCode.FIGURE_NONE: _("Events of this kind have no figure."),
    ErrorCode.EVENT_STATE: _("The event is in a state that does not allow this."),
    ErrorCode.EVENT_CONFLICT: _("Somebody else has saved this in the meantime. Load it again."),
    ErrorCode.VALIDATION_INVALID: _("Some values are not allowed."),
    ErrorCode.PERMISSION_DENIED: _("You may not do this."),
    ErrorCode.NOT_FOUND: _("There is nothing at this address."),
    ErrorCode.METHOD_NOT_ALLOWED: _(
        "This resource does not answer the method; the Allow header names those it does."
    ),
    ErrorCode.NOT_ACCEPTABLE: _("This resource is not available in a format that you accept."),
    ErrorCode.MEDIA_TYPE_UNSUPPORTED: _("Send the body as application/json."),
    ErrorCode.BODY_INVALID: _("The body is not valid JSON."),
    ErrorCode.BODY_TOO_LARGE: _("The body is larger than 1 MiB."),
    ErrorCode.UPGRADE_REQUIRED: _("Open a WebSocket at the address that `url` names."),
    ErrorCode.AUTH_MISSING: _("Sign in first."),
    ErrorCode.AUTH_TOKEN_INVALID: _("The token is not valid or has expired. Sign in again."),
    ErrorCode.AUTH_USER_NOT_FOUND: _("The account of this token no longer exists."),
    ErrorCode.AUTH_DEACTIVATED: _("This account is deactivated."),
    ErrorCode.AUTH_CREDENTIALS: _("The name and the password do not belong together."),
    ErrorCode.AUTH_SCOPE: _("The API key lacks the scope that this resource needs."),
    ErrorCode.LINK_INVALID: _("The link has been used already or has expired. Ask for a new one."),
    ErrorCode.SUBSCRIPTION_REQUIRED: _(
        "This is for members of the Telegram channel. Join it with the Telegram account that is "
        "linked to yours."
    ),
    ErrorCode.TELEGRAM_OFF: _("The Telegram bot is off here."),
    ErrorCode.TELEGRAM_TAKEN: _(
        "This Telegram account is linked with another account already. Unlink it there first."
    ),
    ErrorCode.TELEGRAM_UNOPENED: _("Open the link in Telegram first."),
    ErrorCode.TELEGRAM_CODE: _("The code is wrong or no longer valid. Begin again if need be."),
    ErrorCode.TELEGRAM_NO_ACCOUNT: _("This Telegram account has no account here yet."),
    ErrorCode.TELEGRAM_ONLY_WAY: _(
        "You sign in with Telegram alone. Give your account an e-mail address and a password "
        "first, then unlink."
    ),
    ErrorCode.PROFILE_INVALID: _("Some values of the profile are not allowed."),
    ErrorCode.PRECONDITION_FAILED: _(
        "Somebody has changed this in the meantime. Load it again and repeat your change."
    ),
    ErrorCode.PRECONDITION_REQUIRED: _("Send the ETag that you last saw in the If-Match header."),
    ErrorCode.QUOTA_EXCEEDED: _("The API key has used up its requests of today."),
    ErrorCode.RATE_LIMITED: _("Too many requests; try again later."),
    ErrorCode.UNAVAILABLE: _("A part of the service is not reachable. Try again in a moment."),
    ErrorCode.INTERNAL: _("Something went wrong on our side. It has been recorded."),
}


def problem_response(
    request: HttpRequest,
    code: ErrorCode,
    *,
    detail: str | Promise = "",
    errors: Sequence[ProblemError] = (),
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return the problem document of ``code``; it is never kept by caches."""
    language = getattr(request, "LANGUAGE_CODE", "") or reader_language(request)[0]
    status = STATUS.get(code, 400)
    with translation.override(language):
        problem: dict[str, Any] = {
            "type": f"{TYPE_PREFIX}{code}",
            "title": str(TITLES[code]),
            "status": status,
            "detail": str(detail or DETAILS[code]),
            "instance": request.path.encode("utf-8", "replace").decode(),
            "code": str(code),
            "request_id": request_id(),
            **({"errors": list(errors)} if errors else {}),
            **(extra or {}),
        }
        content = orjson.dumps(problem, default=str)
    told = {"Cache-Control": "no-store", "Content-Language": language, **(headers or {})}
    if code in CHALLENGES:
        told["WWW-Authenticate"] = CHALLENGES[code]
    if code == ErrorCode.UNAVAILABLE:
        told.setdefault("Retry-After", str(RETRY_AFTER_S))
    return HttpResponse(content, status=status, content_type=CONTENT_TYPE, headers=told)


def application_problem(request: HttpRequest, error: ApplicationError) -> HttpResponse:
    """Return the problem document of an ApplicationError."""
    extra = dict(error.extra)
    errors: list[ProblemError] = extra.pop("errors", [])
    if error.pointer and not errors:
        entry: ProblemError = {"code": str(error.code), "detail": str(error.message)}
        entry["pointer" if error.pointer.startswith("/") else "parameter"] = error.pointer
        errors = [entry]
    return problem_response(
        request,
        error.code,
        detail=error.message,
        errors=errors,
        extra=_unreserved(extra),
        headers=error.headers,
    )


def _unreserved(extra: Mapping[str, Any]) -> dict[str, Any]:
    reserved = Problem.__annotations__
    return {name: value for name, value in extra.items() if name not in reserved}
