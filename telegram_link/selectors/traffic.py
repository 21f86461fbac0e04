"""What waits, what went out and what failed, for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, Q

from telegram_link.models import BotState, Notification, TelegramChat, TelegramUpdate
from telegram_link.models.state import ONLY

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
Status = Notification.Status


@dataclass(frozen=True, slots=True)
class Line:
    """What waits of one kind, and what became of others within a day."""

    kind: str
    waiting: int = 0
    due: int = 0
    oldest: datetime | None = None
    sent: int = 0
    dead: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """What was settled within a span."""

    span: timedelta
    sent: int
    dead: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """How the bot is doing; ``oldest`` is since when the longest overdue message is due."""

    bot: str
    silent_until: datetime | None
    lines: tuple[Line, ...]
    rates: tuple[Rate, ...]
    oldest: datetime | None
    updates_waiting: int
    updates_oldest: datetime | None
    blocked: int


def traffic_now(*, at: datetime) -> Traffic:
    """Return how the bot is doing, in eight queries however much waits."""
    state = BotState.objects.filter(pk=ONLY).first()
    silent_until = state.silent_until if state else None
    lines = _lines(at)
    updates = TelegramUpdate.objects.filter(done_at__isnull=True)
    waiting = updates.aggregate(count=Count("pk"), oldest=Min("received_at"))
    return Traffic(
        bot=state.username if state else "",
        silent_until=silent_until if silent_until and silent_until > at else None,
        lines=lines,
        rates=tuple(_rates(at)),
        oldest=min((line.oldest for line in lines if line.oldest), default=None),
        updates_waiting=waiting["count"],
        updates_oldest=waiting["oldest"],
        blocked=TelegramChat.objects.filter(blocked_at__isnull=False).count(),
    )


def _lines(at: datetime) -> tuple[Line, ...]:
    due = Q(due_at__lte=at)
    queued = Notification.objects.filter(status=Status.QUEUED).values("kind").order_by("kind")
    waiting = {
        row["kind"]: row
        for row in queued.annotate(
            waiting=Count("pk"), due=Count("pk", filter=due), oldest=Min("due_at", filter=due)
        )
    }
    settled = _settled(at - DAY)
    return tuple(
        Line(**{"kind": kind, **waiting.get(kind, {}), **settled.get(kind, {})})
        for kind in Notification.Kind.values
    )


def _settled(since: datetime) -> dict[str, Mapping[str, Any]]:
    """Return the counts of each kind by outcome, by the index of when they were settled."""
    rows = Notification.objects.filter(settled_at__gt=since).values("kind").order_by("kind")
    return {row["kind"]: row for row in rows.annotate(**_outcomes())}


def _outcomes() -> dict[str, Count]:
    return {
        name: Count("pk", filter=Q(status=status))
        for name, status in (
            ("sent", Status.SENT), ("dead", Status.DEAD), ("dropped", Status.DROPPED),
        )
    }  # fmt: skip


def _rates(at: datetime) -> list[Rate]:
    return [
        Rate(
            span,
            **Notification.objects.filter(settled_at__gt=at - span).aggregate(**_outcomes()),
        )
        for span in (MINUTE, HOUR, DAY)
    ]
