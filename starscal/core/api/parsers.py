"""Read JSON bodies, bounded in size and depth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, Final

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEPTH_MOST: Final = 32


class OrjsonParser(BaseParser):
    """Read UTF-8 JSON of at most 32 levels and DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        del media_type, parser_context
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise RequestDataTooBig
        try:
            data = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise ParseError(_("The body is not valid JSON.")) from None
        if is_deep(data, DEPTH_MOST):
            raise ParseError(_("The body is nested too deeply."))
        return data


def is_deep(data: Any, most: int) -> bool:
    """Say whether lists and objects are nested more than ``most`` levels."""
    level = [data]
    for _depth in range(most + 1):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return False
    return True


def _parts(whole: Any) -> list[Any]:
    if isinstance(whole, dict):
        return list(whole.values())
    return whole if isinstance(whole, list) else []
