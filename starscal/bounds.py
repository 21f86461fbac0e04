"""What one connection may cost a web server before a request reaches the application."""

from __future__ import annotations

import json
from typing import Final

BODY_BYTES: Final = 1024 * 1024  # as DATA_UPLOAD_MAX_MEMORY_SIZE
HEADER_COUNT: Final = 100
HEADER_BYTES: Final = 16 * 1024
HEADERS_DEADLINE_S: Final = 10
BODY_DEADLINE_S: Final = 30
IDLE_S: Final = 60  # between two requests of one connection
LINGER_S: Final = 5  # how long a refused body is thrown away, so that the client reads the answer

PROBLEM: Final = {
    "type": "/api/v1/problems/body.too_large",
    "title": "Body too large",
    "status": 413,
    "detail": "The body is larger than 1 MiB.",
    "code": "body.too_large",
}


def refusal() -> bytes:
    """Return the answer to a body that is too large."""
    body = json.dumps(PROBLEM).encode()
    return last_answer("413 Content Too Large", "application/problem+json", body)


def last_answer(status: str, content_type: str, body: bytes, *headers: str) -> bytes:
    """Return an answer of the server itself, after which the connection ends."""
    head = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        *headers,
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body
