"""Read a query string strictly: every refusal says what is allowed, and all are told at once."""

from __future__ import annotations

import math
import re
import zoneinfo
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from starscal.core.api.problems import ProblemError
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.quotes import in_quotes

QUERY_LIMIT_BYTES: Final = 8 * 1024
QUERY_LIMIT_FIELDS: Final = 100
SHOWN_CHARACTERS: Final = 60

_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"(?:[Tt]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:[Zz]|[+ -]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_WHOLE: Final = re.compile(r"\d{1,12}", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,9}(?:\.\d{0,15})?", re.ASCII)
_FRACTION: Final = re.compile(r"(?:0|1)(?:\.\d{1,12})?|\.\d{1,12}", re.ASCII)


def query_pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the parameters as they came.

    Errors: query.invalid for bytes that are not UTF-8, NUL, and more than the limits.
    """
    raw = request.META.get("QUERY_STRING", "")
    try:
        # WSGI hands bytes over as Latin-1, ASGI as decoded text.
        text = raw.encode("latin-1").decode() if isinstance(request, WSGIRequest) else raw
        if len(text.encode()) > QUERY_LIMIT_BYTES:
            raise ApplicationError(ErrorCode.QUERY_INVALID, _too_long())
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=QUERY_LIMIT_FIELDS
        )
    except ValueError:
        raise ApplicationError(ErrorCode.QUERY_INVALID, _unreadable()) from None
    if any("\0" in part for pair in pairs for part in pair):
        raise ApplicationError(ErrorCode.QUERY_INVALID, _unreadable())
    return pairs


def _too_long() -> str:
    return _("The query string is longer than %(limit)d bytes.") % {"limit": QUERY_LIMIT_BYTES}


def _unreadable() -> str:
    return _(
        "The query string must be valid UTF-8 without NUL characters and hold at most %(limit)d "
        "parameters."
    ) % {"limit": QUERY_LIMIT_FIELDS}


class QueryReader:
    """The parameters of one request, read by type; ``finish`` raises everything found wrong."""

    def __init__(
        self, request: HttpRequest, *, known: Sequence[str], repeatable: Collection[str] = ()
    ) -> None:
        self.errors: list[ProblemError] = []
        self.values: dict[str, list[str]] = {}
        for name, value in query_pairs(request):
            self.values.setdefault(name, []).append(value)
        for name in sorted(set(self.values) - set(known)):
            self.refuse(
                name,
                _("This parameter is not known here. The known ones are: %(known)s.")
                % {"known": ", ".join(known)},
                ErrorCode.PARAMETER_UNKNOWN,
            )
        for name, values in self.values.items():
            if name in known and len(values) > 1 and name not in repeatable:
                self.refuse(name, _("Give this parameter once."))

    def refuse(self, name: str, detail: str, code: ErrorCode = ErrorCode.PARAMETER_INVALID) -> None:
        """Note what is wrong with a parameter."""
        self.errors.append({"parameter": shown(name), "code": str(code), "detail": detail})

    def finish(self) -> None:
        """Raise what was refused, if anything was. Errors: the code of the first refusal."""
        if self.errors:
            first = self.errors[0]
            detail = _("%(parameter)s: %(detail)s") % {
                "parameter": first["parameter"],
                "detail": first["detail"],
            }
            raise ApplicationError(ErrorCode(first["code"]), detail, extra={"errors": self.errors})

    def text(self, name: str) -> str | None:
        """Return a single value as it stands, or None if it was not given."""
        values = self.values.get(name)
        return values[0] if values else None

    def choices(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return the values of a repeatable, comma-separated parameter, sorted, each once."""
        given = [part.strip() for value in self.values.get(name, []) for part in value.split(",")]
        unknown = sorted(set(given) - set(allowed))
        if unknown:
            self.refuse(
                name,
                _("%(value)s is not known. The known values are: %(known)s.")
                % {"value": quoted(unknown[0]), "known": ", ".join(allowed)},
            )
        return tuple(sorted(set(given) & set(allowed)))

    def instant(self, name: str) -> datetime | None:
        """Return a date (its midnight in UTC) or an instant; one without zone is read as UTC."""
        text = self.text(name)
        if text is None:
            return None
        found = parse_instant(text)
        if found is None:
            self.refuse(
                name,
                _(
                    "%(value)s is not a date. Write 2026-08-12, or 2026-08-12T17:45:00Z, or with "
                    "an offset such as +02:00; without one it is UTC."
                )
                % {"value": quoted(text)},
            )
        return found

    def whole(self, name: str, *, least: int, most: int, default: int) -> int:
        """Return a whole number from ``least`` to ``most``."""
        text = self.text(name)
        if text is None:
            return default
        number = int(text) if _WHOLE.fullmatch(text) else -1
        if least <= number <= most:
            return number
        self.refuse(
            name,
            _("%(value)s is not allowed; give a whole number from %(least)d to %(most)d.")
            % {"value": quoted(text), "least": least, "most": most},
        )
        return default

    def number(
        self, name: str, *, least: float, most: float, default: float | None = None
    ) -> float:
        """Return a decimal number from ``least`` to ``most``; needed if there is no default."""
        bounds = {"least": f"{least:g}", "most": f"{most:g}"}
        text = self.text(name)
        if text is None:
            if default is None:
                detail = _("This parameter is needed: a number from %(least)s to %(most)s.")
                self.refuse(name, detail % bounds)
            return least if default is None else default
        # A plus sign that was not escaped arrives as a space.
        number = float(text) if _NUMBER.fullmatch(text.strip()) else math.nan
        if least <= number <= most:
            return number
        detail = _("%(value)s is not allowed; give a number from %(least)s to %(most)s.")
        self.refuse(name, detail % {"value": quoted(text), **bounds})
        return least

    def fraction(self, name: str) -> float | None:
        """Return a number from 0 to 1, or None if it was not given."""
        text = self.text(name)
        if text is None:
            return None
        if _FRACTION.fullmatch(text) and float(text) <= 1.0:
            return float(text)
        self.refuse(
            name,
            _("%(value)s is not allowed; give a number from 0 to 1, such as 0.75.")
            % {"value": quoted(text)},
        )
        return None

    def zone(self, name: str = "tz") -> ZoneInfo | None:
        """Return the time zone of an IANA name."""
        text = self.text(name)
        if text is None:
            return None
        if text in zone_names():
            return ZoneInfo(text)
        self.refuse(
            name,
            _(
                "%(value)s is not a time zone. Give a name of the IANA time zone database, such "
                "as Europe/Berlin or Asia/Kolkata."
            )
            % {"value": quoted(text)},
        )
        return None


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all time zones; reading them takes a while."""
    return frozenset(zoneinfo.available_timezones())


def parse_instant(text: str) -> datetime | None:
    """Return the instant in UTC, or None for anything that is not a date or a time."""
    if not _INSTANT.fullmatch(text):
        return None
    # A plus sign that was not escaped arrives as a space.
    moment = text.upper().replace(" ", "+").replace(",", ".")
    try:
        found = datetime.fromisoformat(moment)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def quoted(text: str) -> str:
    """Return what was sent as a reader may see it again: short and in their language's quotes."""
    return in_quotes(shown(text))


def shown(text: str) -> str:
    """Return text without control characters, cut to a length that fits a sentence."""
    visible = "".join(letter if letter.isprintable() else "�" for letter in text)
    return visible if len(visible) <= SHOWN_CHARACTERS else visible[: SHOWN_CHARACTERS - 1] + "…"


def link_header(links: Mapping[str, str | None]) -> dict[str, str]:
    """Return an RFC 8288 Link header for the relations that lead somewhere."""
    parts = [f'<{url}>; rel="{relation}"' for relation, url in links.items() if url]
    return {"Link": ", ".join(parts)} if parts else {}
