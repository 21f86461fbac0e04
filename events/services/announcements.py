"""Say what becomes due: a day and an hour before an event, at its instant, at its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import attrgetter

from django.db import models, transaction

from events.message_payloads import message_body
from events.models import Event
from starscal.core.models import OutboxMessage
from starscal.core.outbox import NewMessage, outbox_append

STREAM = "events"
DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
LATE = timedelta(hours=24)  # after a long outage, what is older than this is news no more


def announcements_append(*, at: datetime) -> int:
    """Append every announcement that is due at ``at`` and return how many were new.

    Changes: the log. Announces: ``event.upcoming`` (with ``lead_s``), ``event.started``,
    ``event.ended``. Locks: the events, then the stream. Idempotent: keys are deterministic, so two
    clocks, two beats or a second run say nothing twice; an event moved to another minute is said
    anew.
    """
    due = {message.key: event.pk for event in _near(at) for message in _due(event, at)}
    said = OutboxMessage.objects.filter(key__in=due).values_list("key", flat=True)
    fresh = {due[key] for key in due.keys() - set(said)}
    if not fresh:
        return 0
    with transaction.atomic():
        # Read again under lock: what is said here must not be older than what was said before.
        locked = list(_near(at).filter(pk__in=fresh).order_by("key").select_for_update())
        locked.sort(key=attrgetter("occurs_at"))
        messages = [message for event in locked for message in _due(event, at)]
        return len(outbox_append(stream=STREAM, messages=messages))


def _near(at: datetime) -> models.QuerySet[Event]:
    starting = models.Q(occurs_at__gt=at - LATE, occurs_at__lte=at + DAY)
    ending = models.Q(ends_at__gt=at - LATE, ends_at__lte=at)
    rows: models.QuerySet[Event] = Event.objects.published().filter(starting | ending)
    return rows


def _due(event: Event, at: datetime) -> Iterator[NewMessage]:
    starts = event.occurs_at
    if starts - DAY <= at < starts - HOUR:
        yield _message(event, "event.upcoming", "starts-24h", lead_s=86_400)
    elif starts - HOUR <= at < starts:
        yield _message(event, "event.upcoming", "starts-1h", lead_s=3_600)
    elif starts <= at < starts + LATE:
        yield _message(event, "event.started", "started")
    if event.ends_at and event.ends_at <= at < event.ends_at + LATE:
        yield _message(event, "event.ended", "ended")


def _message(event: Event, kind: str, moment: str, **extra: int) -> NewMessage:
    when = event.ends_at if moment == "ended" and event.ends_at else event.occurs_at
    return NewMessage(
        key=f"{event.key}:{moment}:{when:%Y%m%dT%H%M}",
        kind=kind,
        body=dict(message_body(event, **extra)),
    )
