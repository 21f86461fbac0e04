"""How the database finds what is to be sent: what is due later is never read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from telegram_link.models import Notification, TelegramChat
from telegram_link.services.sending import notifications_claim, sending_wait_s

LATER = 100_000  # a night's digests of as many chats
READ_MOST = 200

FILL = """
    INSERT INTO telegram_link_notification (chat_id, key, kind, priority, method, body, status,
        tries, due_at)
    SELECT n %% 1000 + 1, 'later-' || n, 'digest', (ARRAY[0, 1, 2, 3, 5])[n %% 5 + 1],
        'sendMessage', '{}', 'queued', 0, statement_timestamp() + (n + 3600) * interval '1 second'
    FROM generate_series(1, %s) n
"""


@pytest.fixture(params=["known", "unknown"])
def later(db: None, request: pytest.FixtureRequest) -> None:
    """Queue much for later, with statistics and, as after a burst, without.

    The table begins anew: rows that other tests rolled back would still stand in its indexes.
    """
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE telegram_link_notification")
    TelegramChat.objects.bulk_create(TelegramChat(pk=number) for number in range(1, 1001))
    with connection.cursor() as cursor:
        cursor.execute(FILL, [LATER])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE telegram_link_telegramchat")
        if request.param == "known":
            cursor.execute("ANALYZE telegram_link_notification")


@pytest.mark.slow
@pytest.mark.parametrize(
    "read", [lambda: notifications_claim(limit=1), sending_wait_s], ids=["claim", "next"]
)
@pytest.mark.parametrize("due", [0, 3])
def test_what_is_due_later_is_not_read(later: None, read: Callable[[], object], due: int) -> None:
    for number in range(due):
        Notification.objects.create(chat_id=number + 1, key=f"now-{number}", kind="reminder")
    with CaptureQueriesContext(connection) as queries:
        assert bool(read()) is (bool(due) and read is not sending_wait_s)
    nodes = list(_nodes(_plan(queries[0]["sql"])))
    assert sum(_read(node) for node in nodes) < READ_MOST, nodes
    assert sum(node["Shared Hit Blocks"] for node in nodes[:1]) < READ_MOST


def _plan(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
    whole = json.loads(found) if isinstance(found, str) else found
    return dict(whole[0]["Plan"])


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("Plans", ()):
        yield from _nodes(part)


def _read(node: dict[str, Any]) -> float:
    if node.get("Relation Name") != Notification._meta.db_table:
        return 0
    each = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    return float(each * node.get("Actual Loops", 1))
