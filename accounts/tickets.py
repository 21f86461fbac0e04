"""Tickets with which a page opens a socket: good once, for half a minute, known by their hash."""

from __future__ import annotations

import hashlib
from typing import NamedTuple, Self

import orjson

from starscal.core.redis_client import redis_key

TICKET_LIFE_S = 30


class Ticket(NamedTuple):
    """For whom a ticket was made, and in which language that one reads.

    ``expires_at`` (Unix seconds) ends what it opens.
    """

    user: str
    session: str
    token_version: int
    expires_at: float
    language: str = ""

    def written(self) -> str:
        return orjson.dumps(self._asdict()).decode()

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(**orjson.loads(text))


def ticket_key(ticket: str) -> str:
    """Return where Redis keeps what a ticket stands for."""
    return redis_key(f"ticket:{hashlib.sha256(ticket.encode()).hexdigest()}")
