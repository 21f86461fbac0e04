"""Write JSON fast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

from starscal.core.api.problems import CONTENT_TYPE as PROBLEM_CONTENT_TYPE


def json_bytes(data: Any) -> bytes:
    """Return JSON; times of UTC end in ``Z``, as everywhere in the API."""
    return orjson.dumps(data, default=_written, option=orjson.OPT_UTC_Z)


def _written(value: object) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON.")


class OrjsonRenderer(BaseRenderer):
    """Write an answer as UTF-8 JSON."""

    media_type = "application/json"
    format = "json"
    charset = None  # JSON is UTF-8 by definition

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        del accepted_media_type, renderer_context
        return b"" if data is None else json_bytes(data)


class CalendarRenderer(OrjsonRenderer):
    """Stand for iCalendar in content negotiation; the view writes the calendar itself."""

    media_type = "text/calendar"
    format = "ics"


class CsvRenderer(OrjsonRenderer):
    """Stand for tables in content negotiation; the view writes the table itself."""

    media_type = "text/csv"
    format = "csv"


class AtomRenderer(OrjsonRenderer):
    """Stand for Atom in content negotiation; the view writes the feed itself."""

    media_type = "application/atom+xml"
    format = "atom"


class EventStreamRenderer(OrjsonRenderer):
    """Stand for Server-Sent Events in content negotiation; the view writes them itself."""

    media_type = "text/event-stream"
    format = "sse"


class ProblemRenderer(OrjsonRenderer):
    """Let a client accept nothing but problem documents."""

    media_type = PROBLEM_CONTENT_TYPE
    format = "problem"
