from __future__ import annotations

import pytest

from starscal.core.exceptions import ApplicationError, ErrorCode


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (ErrorCode.PARAMETER_UNKNOWN, 400),
        (ErrorCode.EVENT_NOT_FOUND, 404),
        (ErrorCode.EVENT_CONFLICT, 409),
        (ErrorCode.RATE_LIMITED, 429),
        (ErrorCode.UNAVAILABLE, 503),
    ],
)
def test_a_code_has_its_status(code: ErrorCode, status: int) -> None:
    assert ApplicationError(code, "Say what is allowed.").status == status
