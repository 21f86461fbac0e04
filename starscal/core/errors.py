"""Group, log and count exceptions that nobody handled.

``error_record`` may be called from anywhere, an event loop and a broken transaction included, so
it writes to Redis alone; a task of beat carries the counts over into ErrorGroup for staff to see.
"""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import structlog
from django.db import connection, transaction
from redis.exceptions import RedisError

from starscal.core import clock, sentry
from starscal.core.metrics import error_count
from starscal.core.models import ErrorGroup
from starscal.core.redis_client import quick_redis, redis_key
from starscal.core.scrub import scrub_text

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLE_CHARACTERS = 8_000
GROUPS_PENDING = 200
GROUPS_KEPT = 500
PENDING_KEPT_S = 7 * 86_400
PAUSE_S = 5.0  # after Redis failed, errors are logged and counted only, so nobody waits for it
COUNTS, FACTS = "errors:counts", "errors:facts"

log = structlog.stdlib.get_logger("starscal.errors")


@dataclass(frozen=True, slots=True)
class Fault:
    """What makes exceptions the same: their type and the innermost frame of our own code."""

    kind: str
    place: str

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"{self.kind}|{self.place}".encode()).hexdigest()[:12]


class Pause:
    """Leave Redis alone for a moment after it failed."""

    until = 0.0


def error_record(*, exception: BaseException, where: str) -> str:
    """Log and count an exception nobody handled, and return the fingerprint of its group.

    ``where`` names the part: request, task, relay, hub. Changes: a metric, two hashes in Redis.
    Never raises. Idempotent for one exception object, which may pass several handlers.
    """
    known = getattr(exception, "starscal_fingerprint", None)
    if isinstance(known, str):
        return known
    fault = fault_of(exception)
    fingerprint = fault.fingerprint
    exception.starscal_fingerprint = fingerprint  # type: ignore[attr-defined]  # our mark
    log.error("error", fingerprint=fingerprint, where=where, exc_info=exception)
    error_count(fingerprint, where)
    sentry.capture(exception, fingerprint)
    _remember(fault, exception, where)
    return fingerprint


def fault_of(exception: BaseException) -> Fault:
    """Return what groups an exception; a line number is no part of it, since edits move lines."""
    kind = f"{type(exception).__module__}.{type(exception).__qualname__}"
    frames = [frame for frame, _line in traceback.walk_tb(exception.__traceback__)]
    own = [frame for frame in frames if _is_ours(frame)]
    place = _place((own or frames)[-1]) if frames else ""
    return Fault(kind=kind[:200], place=place[:300])


def _is_ours(frame: FrameType) -> bool:
    path = Path(frame.f_code.co_filename)
    return path.is_relative_to(CHECKOUT) and "site-packages" not in path.parts


def _place(frame: FrameType) -> str:
    return f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}"


def sample_of(exception: BaseException) -> str:
    """Return the end of the traceback without locals, addresses, tokens or e-mails."""
    text = "".join(traceback.format_exception(exception))
    return scrub_text(text[-SAMPLE_CHARACTERS:])


def _remember(fault: Fault, exception: BaseException, where: str) -> None:
    if time.monotonic() < Pause.until:
        return
    counts, facts = redis_key(COUNTS), redis_key(FACTS)
    try:
        redis = quick_redis()
        fingerprint = fault.fingerprint
        if not redis.hexists(counts, fingerprint) and redis.hlen(counts) >= GROUPS_PENDING:
            return
        now = clock.now().timestamp()
        fact = [fault.kind, fault.place, where, now, sample_of(exception)]
        pipe = redis.pipeline(transaction=True)
        pipe.hincrby(counts, fingerprint, 1)
        pipe.hset(facts, fingerprint, json.dumps(fact))
        pipe.expire(counts, PENDING_KEPT_S)
        pipe.expire(facts, PENDING_KEPT_S)
        pipe.execute()
    except RedisError as error:
        Pause.until = time.monotonic() + PAUSE_S
        log.warning("error.not_kept", reason=type(error).__name__)


def error_groups_collect() -> int:
    """Carry the counts from Redis over into ErrorGroup; return how many groups changed.

    Changes: rows of ErrorGroup, at most ``GROUPS_KEPT`` of them, the most recent. Announces
    nothing. Counts that were being carried over when a process died are carried over next time.
    """
    redis = quick_redis()
    taken_counts, taken_facts = redis_key(f"{COUNTS}:taken"), redis_key(f"{FACTS}:taken")
    if not redis.exists(taken_counts):
        if not redis.exists(redis_key(COUNTS)):
            return 0
        pipe = redis.pipeline(transaction=True)
        pipe.rename(redis_key(COUNTS), taken_counts)
        pipe.rename(redis_key(FACTS), taken_facts)
        pipe.execute()
    counts, facts = redis.hgetall(taken_counts), redis.hgetall(taken_facts)
    with transaction.atomic():
        for fingerprint in sorted(counts):
            _group_add(str(fingerprint), int(counts[fingerprint]), str(facts[fingerprint]))
        _groups_trim()
    redis.delete(taken_counts, taken_facts)
    return len(counts)


def _group_add(fingerprint: str, count: int, fact: str) -> None:
    kind, place, where, at, sample = json.loads(fact)
    seen = datetime.fromtimestamp(at, UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_errorgroup AS g"
            ' (fingerprint, kind, place, "where", count, sample, first_seen, last_seen)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (fingerprint) DO UPDATE SET"
            " count = g.count + excluded.count, sample = excluded.sample,"
            ' "where" = excluded."where", last_seen = excluded.last_seen',
            [fingerprint, kind, place, where, count, sample.replace("\0", ""), seen, seen],
        )


def _groups_trim() -> None:
    kept = ErrorGroup.objects.order_by("-last_seen").values_list("pk", flat=True)[:GROUPS_KEPT]
    ErrorGroup.objects.exclude(pk__in=list(kept)).delete()
