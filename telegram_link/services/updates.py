"""Store what comes from Telegram, and answer it: rows first, work after."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from starscal.core.api.problems import DETAILS
from starscal.core.errors import error_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.metrics import telegram_updates_total
from telegram_link.bot.dispatch import Asking
from telegram_link.bot.happened import (
    BotMoved,
    ChatReplaced,
    Happened,
    MemberChanged,
    kept,
    recalled,
)
from telegram_link.bot.reading import update_number, update_read
from telegram_link.models import TelegramUpdate
from telegram_link.selectors.readers import reader_of
from telegram_link.services.answers import answer_queue
from telegram_link.services.manners import Respond, question_of, refused, respond_of
from telegram_link.services.membership import kept_only, membership_told
from telegram_link.services.presence import bot_moved, chat_replaced, chat_seen

BELL: Final = "telegram_updates"  # PostgreSQL's bell that rings when there is something to work on
WAITS_S: Final = (1, 5, 25, 125)  # after so many failures it is dead
ASKING: Final = timedelta(seconds=20)  # longer than a call of Telegram may take
LATER: Final = timedelta(seconds=1)  # for which one waits while enough others ask
ASKERS: Final = threading.BoundedSemaphore(2)  # of the four that answer; the others ask nobody
RESERVED: Final = "asking"  # the outcome of what is reserved until it is due
OPEN_MOST: Final = 1000  # of updates, and of chats, at whose order one look looks
CHAT_LOCKS: Final = 7_219  # the first half of the advisory locks of chats

STORE: Final = """
    WITH said AS (
        SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[])
            AS said (id, chat_id, body)
    ), new AS (
        INSERT INTO telegram_link_telegramupdate (id, chat_id, body, outcome, done_at)
        SELECT id, chat_id, coalesce(body, '{}')::jsonb,
            CASE WHEN body IS NULL THEN 'ignored' ELSE '' END,
            CASE WHEN body IS NULL THEN statement_timestamp() END
        FROM said
        ON CONFLICT (id) DO NOTHING
        RETURNING done_at
    ), bell AS (
        SELECT pg_notify(%s, '') FROM new WHERE done_at IS NULL LIMIT 1
    )
    SELECT (SELECT count(*) FROM new), (SELECT count(*) FROM bell)
"""
# One of each chat, its first; those that wait for another try let the others pass. What waits
# longest is looked at; if that is all of the window, the first of each chat, too, of which no other
# chat can have so many that they hide it.
OPEN: Final = """
    WITH RECURSIVE oldest AS MATERIALIZED (
        SELECT id, chat_id FROM telegram_link_telegramupdate
        WHERE done_at IS NULL AND due_at <= statement_timestamp()
        ORDER BY due_at, id LIMIT %(most)s
    ), heads (id, chat_id, number) AS (
        SELECT 0::bigint, (-2 ^ 63)::bigint, 0 WHERE (SELECT count(*) FROM oldest) = %(most)s
        UNION ALL
        SELECT head.id, head.chat_id, heads.number + 1 FROM heads CROSS JOIN LATERAL (
            SELECT id, chat_id FROM telegram_link_telegramupdate
            WHERE done_at IS NULL AND due_at <= statement_timestamp() AND chat_id > heads.chat_id
            ORDER BY chat_id, id LIMIT 1
        ) AS head WHERE heads.number < %(most)s
    ), firsts AS (
        SELECT DISTINCT ON (chat_id) id FROM (
            SELECT id, chat_id FROM oldest
            UNION ALL SELECT id, chat_id FROM heads WHERE number > 0
        ) AS seen ORDER BY chat_id, id
    )
    SELECT id, tries, body::text FROM telegram_link_telegramupdate JOIN firsts USING (id)
    WHERE done_at IS NULL AND chat_id NOT IN (
        SELECT chat_id FROM telegram_link_telegramupdate
        WHERE done_at IS NULL AND due_at > statement_timestamp() AND outcome = %(reserved)s
    )
    ORDER BY id LIMIT %(limit)s
"""
# Claimed and done at once: others see neither before the transaction has ended.
CLAIM: Final = """
    UPDATE telegram_link_telegramupdate
    SET body = '{}', outcome = %s, tries = tries + 1, done_at = %s
    WHERE id = (
        SELECT id FROM telegram_link_telegramupdate
        WHERE id = %s AND done_at IS NULL AND pg_try_advisory_xact_lock(%s, hashint8(chat_id))
        FOR UPDATE SKIP LOCKED
    )
"""

log = structlog.stdlib.get_logger("starscal.telegram")


Decide = Callable[[], Respond | None]


@dataclass(frozen=True, slots=True)
class Job:
    """An update that waits for its answer."""

    id: int
    tries: int
    body: dict[str, Any]


def updates_store(*, updates: Sequence[object]) -> int:
    """Store updates as they came from Telegram; return how many were new.

    Of an update only what the bot cares for is kept, of most of them no more than the number.
    What has no number is no update and is left out. Changes: TelegramUpdate, in one statement.
    Announces nothing; rings for whoever works on them. Idempotent: by number. Locks: none.
    """
    parcel = _parcel(updates)
    with connection.cursor() as cursor:
        cursor.execute(STORE, parcel)
        row = cursor.fetchone()
    return _counted(parcel, row)


async def updates_store_async(
    *, connection: psycopg.AsyncConnection[Any], updates: Sequence[object]
) -> int:
    """Store updates as ``updates_store`` does, over a connection of the running loop."""
    parcel = _parcel(updates)
    cursor = await connection.execute(STORE, parcel)
    return _counted(parcel, await cursor.fetchone())


def _parcel(updates: Sequence[object]) -> list[Any]:
    """Return what the statement is told: numbers, chats, what happened, the bell."""
    numbered = {number: each for each in updates if (number := update_number(each)) is not None}
    happened = [update_read(each) for each in numbered.values()]
    chats = [_queue_of(each) if each else None for each in happened]
    bodies = [json.dumps(kept(each), ensure_ascii=False) if each else None for each in happened]
    return [list(numbered), chats, bodies, BELL]


def _queue_of(happened: Happened) -> int:
    """Return the chat among whose updates one is in order; of members, the person's own chat."""
    return (happened.sender if isinstance(happened, MemberChanged) else happened.chat).id


def _counted(parcel: list[Any], row: tuple[Any, ...] | None) -> int:
    numbers, _chats, bodies, _bell = parcel
    new = int(row[0]) if row else 0
    telegram_updates_total.labels("repeated").inc(len(numbers) - new)
    telegram_updates_total.labels("ignored").inc(bodies.count(None))
    return new


def updates_open(*, limit: int) -> list[Job]:
    """Return what waits, the oldest first, one of each chat."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"most": OPEN_MOST, "limit": limit, "reserved": RESERVED})
        rows = cursor.fetchall()
    return [Job(number, tries, json.loads(body)) for number, tries, body in rows]


def update_work(*, job: Job, at: datetime) -> bool:
    """Answer one update; return whether there was anything to do.

    Those of a chat are worked on in their order, by however many workers. What it changes, the
    answer and that it is done are one transaction. One that fails is tried again after growing
    waits, five times in all, while the others pass. Changes: TelegramUpdate, chats, Notifications,
    and whatever commands change. Announces what they do. Locks: the update's row and its chat.
    """
    try:
        happened = recalled(job.body)
        try:
            return _worked(job, happened, at)
        except ApplicationError as error:
            if not isinstance(happened, Asking):
                raise  # a word about it would be read by a chat that asked for none
            answer = partial(refused, happened, error)
            return _settled(job, happened, at, lambda: answer)
    except (OperationalError, InterfaceError) as error:
        log.warning("telegram.update_failed", update=job.id, error=type(error).__name__)
        _failed(job, at)  # raises the same if it is the database that is away
    except Exception as error:  # noqa: BLE001 - recorded and counted; the others must pass
        error_record(exception=error, where="telegram")
        _failed(job, at)
    return True


def _worked(job: Job, happened: Happened, at: datetime) -> bool:
    """Work on an update, first asking Telegram what must be asked; if too many ask, later."""
    question, is_asking = question_of(happened, at)
    if not is_asking:
        return _settled(job, happened, at, partial(respond_of, happened, question))
    if not ASKERS.acquire(blocking=False):
        _reserved(job, LATER)
        return False
    try:
        if not _reserved(job, ASKING):
            return False
        respond = respond_of(happened, question)
    finally:
        ASKERS.release()
    return _settled(job, happened, at, lambda: respond)


def _reserved(job: Job, span: timedelta) -> bool:
    """Keep an update, and with it its chat, while Telegram is asked or until it can be.

    No transaction may wait for that.
    """
    row = TelegramUpdate.objects.filter(pk=job.id, done_at=None, due_at__lte=Now())
    return row.update(due_at=Now() + span, outcome=RESERVED) == 1


@kept_only()
@transaction.atomic
def _settled(job: Job, happened: Happened, at: datetime, decide: Decide) -> bool:
    """Do what follows from an update, unless another does or has done it."""
    outcome = "answered" if isinstance(happened, Asking) else "done"
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [outcome, at, job.id, CHAT_LOCKS])
        if not cursor.rowcount:
            return False
    respond = decide()
    if respond is None:
        _note(happened, at)
    else:
        _answer(f"update-{job.id}", happened, at, respond)
    telegram_updates_total.labels(outcome).inc()
    return True


def _answer(key: str, happened: Happened, at: datetime, respond: Respond) -> None:
    sender = happened.sender
    reader = reader_of(
        chat=chat_seen(place=happened.chat, sender=sender, at=at),
        at=at,
        sender_id=sender.id,
        sender_name=sender.name,
        sender_username=sender.username,
    )
    answer_queue(key=key, happened=happened, answer=respond(reader))


def _note(happened: Happened, at: datetime) -> None:
    """Take note of what wants no answer."""
    if isinstance(happened, BotMoved):
        bot_moved(change=happened, at=at)
    elif isinstance(happened, ChatReplaced):
        chat_replaced(change=happened, at=at)
    elif isinstance(happened, MemberChanged):
        membership_told(
            chat_id=happened.chat.id,
            chat_username=happened.chat.username,
            telegram_user_id=happened.sender.id,
            status=happened.status,
            is_member=happened.is_member,
            told_at=datetime.fromtimestamp(happened.at, UTC),
        )


def _failed(job: Job, at: datetime) -> None:
    """Have an update wait for another try, or give it up and say so to who asked."""
    row = TelegramUpdate.objects.filter(pk=job.id, tries=job.tries, done_at=None)
    if job.tries < len(WAITS_S):
        due_at = Now() + timedelta(seconds=WAITS_S[job.tries])
        row.update(tries=F("tries") + 1, due_at=due_at, outcome="")
        telegram_updates_total.labels("failed").inc()
    elif row.update(tries=F("tries") + 1, outcome="dead", done_at=at):
        telegram_updates_total.labels("dead").inc()
        _apologize(job, at)


def _apologize(job: Job, at: datetime) -> None:
    sorry = ApplicationError(ErrorCode.INTERNAL, DETAILS[ErrorCode.INTERNAL])
    try:
        happened = recalled(job.body)
        if isinstance(happened, Asking):
            with transaction.atomic():
                _answer(f"sorry-{job.id}", happened, at, partial(refused, happened, sorry))
    except Exception as error:  # noqa: BLE001 - recorded; nothing else can be done for it
        error_record(exception=error, where="telegram")
