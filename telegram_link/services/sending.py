"""Send what waits: claim with a lease, commit; call Telegram; mark what came of it.

All moments are the database's, so that clocks of machines do not matter.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from django.conf import settings
from django.db import connection, transaction

from telegram_link.models import Notification
from telegram_link.services.queue import ANYHOW, PRIORITIES
from telegram_link.services.silence import bot_silence

TRIES_MOST: Final = 8
FIRST_WAIT_S: Final = 2
WAIT_GROWTH: Final = 4  # 2 s, 8 s, 32 s … 2 h: what is down for an hour loses nothing
PRIVATE_PACE_S: Final = 1.05  # Telegram takes one a second
GROUP_PACE_S: Final = 3.05  # and twenty a minute
UNPACED: Final = ("answerCallbackQuery",)  # no message, and of use for some seconds alone
LONGEST_REASON: Final = 200
AHEAD_S: Final = 1  # what is due later is looked for later

Status = Notification.Status


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notification that is ours until its lease ends; ``tries`` counts this one."""

    id: int
    chat_id: int
    key: str
    kind: str
    method: str
    body: dict[str, Any]
    tries: int

    @property
    def is_paced(self) -> bool:
        return self.method not in UNPACED


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a claimed notification.

    ``status`` is what it is from now on; one that is queued again waits for ``wait_s``. A try that
    says nothing about the message is ``given_back``. For ``silence_s`` nothing may be sent at all;
    a chat that ``is_closed`` wants nothing more; one that ``moved_to`` another number is to be
    replaced by whoever marks.
    """

    claimed: Claimed
    status: str
    reason: str = ""
    message_id: int | None = None
    wait_s: float = 0.0
    silence_s: int = 0
    given_back: bool = False
    is_closed: bool = False
    moved_to: int = 0

    @classmethod
    def again(cls, claimed: Claimed, reason: str) -> Self:
        """Try again after a while that grows, and give up in the end."""
        if claimed.tries >= TRIES_MOST:
            return cls(claimed, Status.DEAD, reason)
        wait_s = FIRST_WAIT_S * WAIT_GROWTH ** (claimed.tries - 1)
        return cls(claimed, Status.QUEUED, reason, wait_s=wait_s)

    @classmethod
    def silenced(cls, claimed: Claimed, reason: str, seconds: int) -> Self:
        """Wait with everything; the message is as good as before."""
        return cls(claimed, Status.QUEUED, reason, silence_s=seconds, given_back=True)

    @classmethod
    def put_off(cls, claimed: Claimed, reason: str, wait_s: float) -> Self:
        """Wait with this one, for which no call was made."""
        return cls(claimed, Status.QUEUED, reason, wait_s=wait_s, given_back=True)


EVERY_PRIORITY: Final = sorted(set(PRIORITIES.values()))

# Naming every priority has the index leave out what is due later, in whatever order it is read.
# A chat that has stopped the bot gets replies, for it asked just now, and letters of its account.
REACHABLE = "c.blocked_at IS NULL AND (c.stopped_at IS NULL OR n.kind IN ({}))".format(
    ", ".join(f"'{kind}'" for kind in ANYHOW)
)

CLAIM = f"""
    WITH clock AS MATERIALIZED (
        SELECT coalesce(%(at)s::timestamptz, statement_timestamp()) AS at
    ), found AS MATERIALIZED (
        SELECT n.id, n.chat_id, n.priority, n.due_at, n.method <> ALL(%(unpaced)s) AS is_paced
        FROM telegram_link_notification n
        JOIN telegram_link_telegramchat c ON c.id = n.chat_id
        WHERE n.status = 'queued' AND n.tries < %(most)s
            AND n.priority = ANY(%(priorities)s) AND n.due_at <= (SELECT at FROM clock)
            AND (n.lease_until IS NULL OR n.lease_until <= (SELECT at FROM clock))
            AND (c.next_send_at <= (SELECT at FROM clock) OR n.method = ANY(%(unpaced)s))
            AND {REACHABLE}
            AND NOT EXISTS (
                SELECT FROM telegram_link_botstate s WHERE s.silent_until > (SELECT at FROM clock)
            )
        ORDER BY n.priority, n.due_at, n.id
        LIMIT %(limit)s
        FOR NO KEY UPDATE OF n, c SKIP LOCKED
    ), chosen AS (
        SELECT DISTINCT ON (chat_id, is_paced, CASE WHEN is_paced THEN 0 ELSE id END)
            id, chat_id, priority, due_at, is_paced
        FROM found ORDER BY
            chat_id, is_paced, CASE WHEN is_paced THEN 0 ELSE id END, priority, due_at, id
    ), busy AS (
        UPDATE telegram_link_telegramchat c
        SET next_send_at = (SELECT at FROM clock) + %(lease_s)s * interval '1 second'
        FROM chosen WHERE c.id = chosen.chat_id AND chosen.is_paced
    ), claimed AS (
        UPDATE telegram_link_notification n
        SET tries = n.tries + 1,
            lease_until = (SELECT at FROM clock) + %(lease_s)s * interval '1 second'
        FROM chosen WHERE n.id = chosen.id
        RETURNING n.id, n.chat_id, n.key, n.kind, n.method, n.body::text, n.tries,
            n.priority, n.due_at
    )
    SELECT id, chat_id, key, kind, method, body, tries
    FROM claimed ORDER BY priority, due_at, id
"""  # noqa: S608 - the parts are constants of this module
PACE = """
    WITH held AS MATERIALIZED (
        SELECT id FROM telegram_link_telegramchat WHERE id = ANY(%(chats)s)
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE telegram_link_telegramchat c SET next_send_at = statement_timestamp()
        + CASE kind WHEN 'private' THEN %(private)s ELSE %(group)s END * interval '1 second'
    FROM held WHERE c.id = held.id
"""
MARK = """
    UPDATE telegram_link_notification n
    SET status = r.status,
        reason = r.reason,
        message_id = coalesce(r.message_id, n.message_id),
        tries = n.tries - r.given_back,
        due_at = CASE WHEN r.wait_s = 0 THEN n.due_at
            ELSE statement_timestamp() + r.wait_s * interval '1 second' END,
        lease_until = NULL,
        body = CASE WHEN r.status IN ('sent', 'dropped') THEN '{}'::jsonb ELSE n.body END,
        settled_at = CASE WHEN r.status = 'queued' THEN NULL ELSE statement_timestamp() END
    FROM unnest(
        %(ids)s::bigint[], %(tries)s::int[], %(statuses)s::text[], %(reasons)s::text[],
        %(messages)s::bigint[], %(waits)s::float[], %(given_back)s::int[]
    ) AS r (id, tries, status, reason, message_id, wait_s, given_back)
    WHERE n.id = r.id AND n.status = 'queued' AND (r.status = 'sent' OR n.tries = r.tries)
"""
CLOSE = """
    UPDATE telegram_link_telegramchat SET blocked_at = statement_timestamp()
    WHERE id = ANY(%(chats)s) AND blocked_at IS NULL
"""
DROP = """
    UPDATE telegram_link_notification
    SET status = 'dropped', reason = %(reason)s, body = '{}'::jsonb, lease_until = NULL,
        settled_at = statement_timestamp()
    WHERE chat_id = ANY(%(chats)s) AND status = 'queued'
"""
NEXT = f"""
    SELECT extract(epoch FROM coalesce((
        SELECT silent_until FROM telegram_link_botstate
        WHERE silent_until > statement_timestamp()
    ), (
        SELECT min(greatest(
            n.due_at, n.lease_until, CASE WHEN n.method <> ALL(%(unpaced)s) THEN c.next_send_at END
        ))
        FROM telegram_link_notification n
        JOIN telegram_link_telegramchat c ON c.id = n.chat_id
        WHERE n.status = 'queued' AND n.tries < %(most)s AND {REACHABLE}
            AND n.priority = ANY(%(priorities)s)
            AND n.due_at <= statement_timestamp() + %(ahead_s)s * interval '1 second'
    )) - statement_timestamp())
"""  # noqa: S608 - the parts are constants of this module
SWEEP_DEAD = """
    UPDATE telegram_link_notification
    SET status = 'dead', settled_at = statement_timestamp(), lease_until = NULL,
        reason = 'Each process that sent it came to an end.'
    WHERE status = 'queued' AND tries >= %(most)s AND lease_until < statement_timestamp()
"""
SWEEP_UNWANTED = f"""
    UPDATE telegram_link_notification n
    SET status = 'dropped', reason = 'The chat wants nothing.', body = '{{}}'::jsonb,
        settled_at = statement_timestamp()
    FROM telegram_link_telegramchat c
    WHERE c.id = n.chat_id AND n.status = 'queued' AND NOT ({REACHABLE})
        AND (n.lease_until IS NULL OR n.lease_until < statement_timestamp())
"""  # noqa: S608 - the parts are constants of this module


def notifications_claim(*, limit: int, at: datetime | None = None) -> list[Claimed]:
    """Claim what is to be sent now, the most urgent first, at most one message a chat.

    Changes: their ``tries`` and leases, and when their chats may be sent to: not before the
    lease ends, unless the outcome is marked. Nothing while the bot is silent. Announces nothing.
    Locks: rows and chats that nobody else holds; others are left for the next time.
    """
    given: dict[str, Any] = {
        "at": at,
        "limit": limit,
        "most": TRIES_MOST,
        "lease_s": settings.TELEGRAM_LEASE_S,
        "unpaced": list(UNPACED),
        "priorities": EVERY_PRIORITY,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, given)
        rows = cursor.fetchall()
    return [
        Claimed(number, chat_id, key, kind, method, json.loads(body), tries)
        for number, chat_id, key, kind, method, body, tries in rows
    ]


def notifications_mark(*, outcomes: Sequence[Outcome]) -> None:
    """Write down what came of claimed notifications, all of it or nothing.

    Changes: the notifications, the pace of their chats, the silence of the bot; a closed chat and
    its queue. Announces nothing. Idempotent: what is settled stays as it is, and whoever lost a
    lease to another changes nothing but that the message was sent. Locks: chats by their numbers,
    then rows.
    """
    closed = {each.claimed.chat_id for each in outcomes if each.is_closed}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PACE, _paces(outcomes))
        if closed:
            cursor.execute(CLOSE, {"chats": list(closed)})
        cursor.execute(MARK, _marks(outcomes))
        if closed:
            cursor.execute(DROP, {"chats": list(closed), "reason": "The chat is closed."})
        seconds = max((each.silence_s for each in outcomes), default=0)
        if seconds:
            bot_silence(seconds=seconds)


def chat_close(*, chat_id: int) -> None:
    """Note that a chat has blocked the bot or has put it out.

    Changes: ``blocked_at``; what waits for the chat is dropped. Announces nothing. Idempotent.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLOSE, {"chats": [chat_id]})
        cursor.execute(DROP, {"chats": [chat_id], "reason": "The chat is closed."})


def notifications_sweep() -> None:
    """Settle what will never be sent: chats that want nothing, rows that ended their senders.

    Changes: such notifications. Announces nothing. Idempotent.
    """
    with connection.cursor() as cursor:
        cursor.execute(SWEEP_DEAD, {"most": TRIES_MOST})
        cursor.execute(SWEEP_UNWANTED)


def sending_wait_s() -> float | None:
    """Return how long nothing can be sent, by what is due now or in a second; None of nothing."""
    given: dict[str, Any] = {
        "most": TRIES_MOST,
        "unpaced": list(UNPACED),
        "priorities": EVERY_PRIORITY,
        "ahead_s": AHEAD_S,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEXT, given)
        row = cursor.fetchone()
    return None if row is None or row[0] is None else max(0.0, float(row[0]))


def _paces(outcomes: Collection[Outcome]) -> dict[str, Any]:
    called = [each.claimed for each in outcomes if each.claimed.is_paced or each.is_closed]
    chats = sorted({claimed.chat_id for claimed in called})
    return {"chats": chats, "private": PRIVATE_PACE_S, "group": GROUP_PACE_S}


def _marks(outcomes: Collection[Outcome]) -> dict[str, list[Any]]:
    return {
        "ids": [each.claimed.id for each in outcomes],
        "tries": [each.claimed.tries for each in outcomes],
        "statuses": [str(each.status) for each in outcomes],
        "reasons": [each.reason[:LONGEST_REASON] for each in outcomes],
        "messages": [each.message_id for each in outcomes],
        "waits": [float(each.wait_s) for each in outcomes],
        "given_back": [int(each.given_back) for each in outcomes],
    }
