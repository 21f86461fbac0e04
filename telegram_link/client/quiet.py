"""Keep the token, which stands in the address of every call, out of whatever is written down."""

from __future__ import annotations

import logging
import re
from typing import Final

from starscal.core.scrub import scrub_text

LONGEST: Final = 200
LOGGERS: Final = (
    *("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2"),
    *("httpcore.proxy", "httpcore.socks"),
)
_TOKEN: Final = re.compile(r"\bbot[^/\s\"']+/")


class TokenFilter(logging.Filter):
    """Rewrite log records of the HTTP library that name the address of a call."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub("bot[token]/", record.getMessage()), ()
        return True


_FILTER: Final = TokenFilter()


def loggers_silence() -> None:
    """Have the HTTP library's loggers leave the token out, whatever their level."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)  # a second time changes nothing


def scrubbed(text: object, token: str) -> str:
    """Return a text of another as one short line without secrets."""
    line = " ".join(str(text).replace(token, "[token]").split())
    return scrub_text(line)[:LONGEST]
