"""What a kernel shorter than 1900-2100 does not cover is refused, not failed at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from django.utils.translation import gettext as _

from astronomy.errors import EphemerisRangeError
from starscal.core.exceptions import ApplicationError, ErrorCode

Sentence: TypeAlias = Callable[[str, str], str]


@contextmanager
def within_kernel(sentence: Sentence) -> Iterator[None]:
    """Turn the refusal of the core into range.outside.

    ``sentence`` names, in the active language, what can be computed from one day to another.
    """
    try:
        yield
    except EphemerisRangeError as error:
        raise ApplicationError(
            ErrorCode.RANGE_OUTSIDE, sentence(error.covered_start, error.covered_end)
        ) from error


def days_sentence(start: str, end: str) -> str:
    """Say which days can be computed."""
    return _("Days can be computed from %(start)s to %(end)s.") % {"start": start, "end": end}
