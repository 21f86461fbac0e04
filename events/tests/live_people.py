"""People for the live tests: tickets for their sockets, and what is said to them."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from accounts.services.tickets import socket_ticket_open
from accounts.tickets import Ticket
from starscal.core.models import NOTIFY_CHANNEL

SAY = """
    INSERT INTO core_stream (name) VALUES (%(stream)s) ON CONFLICT DO NOTHING;
    UPDATE core_stream SET last_seq = last_seq + 1 WHERE name = %(stream)s;
    INSERT INTO core_outboxmessage (stream_id, seq, key, kind, body)
        SELECT name, last_seq, %(key)s, %(kind)s, %(body)s FROM core_stream
        WHERE name = %(stream)s;
    SELECT pg_notify(%(bell)s, %(stream)s)
"""


class Person:
    """Somebody with a session, as far as sockets know."""

    def __init__(self, language: str = "") -> None:
        self.user, self.session, self.token_version = str(uuid4()), str(uuid4()), 0
        self.language = language

    @property
    def stream(self) -> str:
        return f"me:{self.user}"

    def ticket(self, life_s: float = 600) -> str:
        ends = time.time() + life_s
        return socket_ticket_open(
            ticket=Ticket(self.user, self.session, self.token_version, ends, self.language)
        )


def say(stream: str, kind: str, **body: Any) -> None:
    """Append to the log as services do."""
    fields = {"stream": stream, "kind": kind, "body": json.dumps(body), "key": str(uuid4())}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in SAY.split(";"):
            cursor.execute(statement, {**fields, "bell": NOTIFY_CHANNEL})
