"""Collect everything that is wrong with a body, so that it is told at once."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from starscal.core.api.problems import ProblemError
from starscal.core.exceptions import ApplicationError, ErrorCode


class Faults:
    """What has to be put right, each with a JSON pointer (RFC 6901) into the body."""

    def __init__(self, code: ErrorCode = ErrorCode.VALIDATION_INVALID) -> None:
        self.code = code
        self.entries: list[ProblemError] = []

    def add(self, pointer: str, detail: str) -> None:
        self.entries.append({"pointer": pointer, "code": str(self.code), "detail": detail})

    def add_all(self, pointer: str, error: ValidationError) -> None:
        for message in error.messages:
            self.add(pointer, message)

    def settle(self) -> None:
        """Raise one error that names them all, if there are any."""
        if self.entries:
            raise ApplicationError(
                self.code, _("Some values are not allowed."), extra={"errors": self.entries}
            )


def pointer_of(*steps: object) -> str:
    """Return the JSON pointer of the steps."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
