"""One error type for everything a caller can put right; one handler turns it into a problem."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise


class ErrorCode(StrEnum):
    """Stable codes; clients may switch on them, so one never changes its meaning."""

    PARAMETER_UNKNOWN = "parameter.unknown"
    PARAMETER_INVALID = "parameter.invalid"
    QUERY_INVALID = "query.invalid"
    REQUEST_INVALID = "request.invalid"
    RANGE_INVERTED = "range.inverted"
    RANGE_OUTSIDE = "range.outside"
    CURSOR_INVALID = "cursor.invalid"
    EVENT_NOT_FOUND = "event.not_found"
    FIGURE_NONE = "figure.none"
    EVENT_STATE = "event.state"
    EVENT_CONFLICT = "event.conflict"
    VALIDATION_INVALID = "validation.invalid"
    PERMISSION_DENIED = "permission.denied"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method.not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    MEDIA_TYPE_UNSUPPORTED = "media_type.unsupported"
    BODY_INVALID = "body.invalid"
    BODY_TOO_LARGE = "body.too_large"
    UPGRADE_REQUIRED = "upgrade.required"
    AUTH_MISSING = "auth.missing_header"
    AUTH_TOKEN_INVALID = "auth.invalid_token"  # noqa: S105 - a code, not a password
    AUTH_USER_NOT_FOUND = "auth.user_not_found"
    AUTH_DEACTIVATED = "auth.account_deactivated"
    AUTH_CREDENTIALS = "auth.invalid_credentials"
    AUTH_SCOPE = "auth.scope_missing"
    LINK_INVALID = "link.invalid"
    SUBSCRIPTION_REQUIRED = "subscription.required"
    TELEGRAM_OFF = "telegram.off"
    TELEGRAM_TAKEN = "telegram.taken"
    TELEGRAM_UNOPENED = "telegram.not_opened"
    TELEGRAM_CODE = "telegram.code"
    TELEGRAM_NO_ACCOUNT = "telegram.no_account"
    TELEGRAM_ONLY_WAY = "telegram.only_way_in"
    PROFILE_INVALID = "validation.profile_invalid"
    PRECONDITION_FAILED = "precondition.failed"
    PRECONDITION_REQUIRED = "precondition.required"
    QUOTA_EXCEEDED = "quota.exceeded"
    RATE_LIMITED = "rate.limited"
    UNAVAILABLE = "service.unavailable"
    INTERNAL = "internal"


STATUS: Mapping[ErrorCode, int] = {
    ErrorCode.EVENT_NOT_FOUND: 404,
    ErrorCode.FIGURE_NONE: 404,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.EVENT_STATE: 409,
    ErrorCode.EVENT_CONFLICT: 409,
    ErrorCode.PERMISSION_DENIED: 403,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.NOT_ACCEPTABLE: 406,
    ErrorCode.MEDIA_TYPE_UNSUPPORTED: 415,
    ErrorCode.BODY_TOO_LARGE: 413,
    ErrorCode.UPGRADE_REQUIRED: 426,
    ErrorCode.AUTH_MISSING: 401,
    ErrorCode.AUTH_TOKEN_INVALID: 401,
    ErrorCode.AUTH_USER_NOT_FOUND: 401,
    ErrorCode.AUTH_DEACTIVATED: 401,
    ErrorCode.AUTH_CREDENTIALS: 401,
    ErrorCode.AUTH_SCOPE: 403,
    ErrorCode.SUBSCRIPTION_REQUIRED: 403,
    ErrorCode.TELEGRAM_OFF: 404,
    ErrorCode.TELEGRAM_TAKEN: 409,
    ErrorCode.TELEGRAM_UNOPENED: 409,
    ErrorCode.TELEGRAM_CODE: 401,
    ErrorCode.TELEGRAM_NO_ACCOUNT: 409,
    ErrorCode.TELEGRAM_ONLY_WAY: 409,
    ErrorCode.PRECONDITION_FAILED: 412,
    ErrorCode.PRECONDITION_REQUIRED: 428,
    ErrorCode.QUOTA_EXCEEDED: 429,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.UNAVAILABLE: 503,
    ErrorCode.INTERNAL: 500,
}


class ApplicationError(Exception):
    """Say what the caller can put right.

    ``message`` is a lazy translation, rendered in the reader's language by whoever answers.
    ``extra`` goes into the problem document, ``headers`` beside it; ``pointer`` names the
    offending parameter or field.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str | Promise,
        *,
        pointer: str = "",
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(str(code))
        self.code = code
        self.message = message
        self.pointer = pointer
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        return STATUS.get(self.code, 400)
