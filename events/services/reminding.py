"""Remind people of what they wished to be reminded of, each on the own stream."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from accounts.selectors.belongings import personal_stream_name
from accounts.selectors.membership import members_only
from events.message_payloads import reminder_body
from events.models import Event, Reminder, ReminderRound
from events.services.reminders import FEATURE
from starscal.core.outbox import outbox_append_each

KIND: Final = "reminder.due"
LATE: Final = timedelta(hours=12)  # after a longer outage a reminder is of no use any more
OVER: Final = timedelta(minutes=15)  # nor is one of an event that has been for so long
KEPT: Final = timedelta(days=1)
BATCH: Final = 1_000
BATCHES_MOST: Final = 20  # of one ring of the clock; the next goes on from there
WISHES: Final = """
    SELECT r.user_id FROM events_reminder AS r JOIN accounts_user AS u ON u.id = r.user_id
    WHERE r.event_type = %s AND r.lead_minutes = %s AND r.created_at <= %s AND u.is_active
        AND (u.is_telegram_subscribed OR NOT %s)
        AND (%s::uuid IS NULL OR r.user_id > %s::uuid)
    ORDER BY r.user_id LIMIT %s FOR KEY SHARE OF u
"""


class Due(NamedTuple):
    """An event of which those must be told who wish to know so many minutes before."""

    event_id: UUID
    lead_minutes: int
    occurs_at: datetime


def reminders_append(*, at: datetime) -> int:
    """Remind everybody of what is due at ``at`` and return how many were told.

    Changes: the log, ReminderRound. Announces ``reminder.due`` on the streams of those who wished
    it, a thousand people a transaction. Locks: the round, the event, the people, their streams.
    Idempotent: keys are deterministic, and a run that was killed is finished by the next. Nobody is
    reminded twice of an event that stays where it is; one that is moved is told anew. Who sets a
    reminder when its time has passed already hears nothing of that event.
    """
    told = 0
    batches = BATCHES_MOST
    for due in rounds_due(at=at):
        while batches > 0:
            batches -= 1
            count, is_finished = _batch_tell(due, at)
            told += count
            if is_finished:
                break
    ReminderRound.objects.filter(occurs_at__lt=at - OVER - KEPT).delete()
    return told


def rounds_due(*, at: datetime) -> list[Due]:
    """Return what somebody is to be reminded of now, the earliest event first."""
    wishes: dict[str, list[int]] = {}
    pairs = Reminder.objects.order_by().values_list("event_type", "lead_minutes").distinct()
    for event_type, lead_minutes in pairs:
        wishes.setdefault(event_type, []).append(lead_minutes)
    if not wishes:
        return []
    longest = timedelta(minutes=max(map(max, wishes.values())))
    near = Event.objects.published().filter(
        event_type__in=wishes, occurs_at__gt=at - OVER, occurs_at__lte=at + longest
    )
    rows = near.order_by("occurs_at", "id").values_list("pk", "event_type", "occurs_at")
    due = [
        Due(pk, lead, occurs_at)
        for pk, event_type, occurs_at in rows
        for lead in sorted(wishes[event_type])
        if at - LATE < occurs_at - timedelta(minutes=lead) <= at
    ]
    return _unfinished(due)


def _unfinished(due: Sequence[Due]) -> list[Due]:
    rounds = ReminderRound.objects.filter(
        event__in={one.event_id for one in due}, finished_at__isnull=False
    )
    finished = set(rounds.values_list("event_id", "lead_minutes", "occurs_at"))
    return [one for one in due if one not in finished]


@transaction.atomic
def _batch_tell(due: Due, at: datetime) -> tuple[int, bool]:
    """Tell the next people of a round; return how many, and whether nobody is left."""
    named = due._asdict()
    ReminderRound.objects.bulk_create([ReminderRound(**named)], ignore_conflicts=True)
    held = ReminderRound.objects.select_for_update(skip_locked=True)
    reminded = held.filter(**named, finished_at=None).first()
    if reminded is None:
        return 0, True  # another is at it, or was
    # Read again under lock: nobody is reminded of what was hidden or moved in the meantime.
    there = Event.objects.published().select_for_update(no_key=True, of=("self",))
    event = there.filter(pk=due.event_id, occurs_at=due.occurs_at).first()
    if event is None:
        return 0, True
    people = _people(event, due, reminded.last_user)
    moment = f"{due.occurs_at:%Y%m%dT%H%M}"
    keys = {
        personal_stream_name(user_id=one): f"reminder-{one}-{event.key}-{due.lead_minutes}-{moment}"
        for one in people
    }
    body = dict(reminder_body(event, lead_minutes=due.lead_minutes))
    told = outbox_append_each(keys=keys, kind=KIND, body=body)
    is_finished = len(people) < BATCH
    reminded.last_user = people[-1] if people else reminded.last_user
    reminded.finished_at = at if is_finished else None
    reminded.save(update_fields=["last_user", "finished_at"])
    return told, is_finished


def _people(event: Event, due: Due, after: UUID | None) -> list[UUID]:
    """Return who is next, held in place until they are told: no stream outlives its owner."""
    moment = due.occurs_at - timedelta(minutes=due.lead_minutes)
    members = members_only(feature=FEATURE)
    wanted: list[Any] = [event.event_type, due.lead_minutes, moment, members, after, after, BATCH]
    with connection.cursor() as cursor:
        cursor.execute(WISHES, wanted)
        return [user_id for (user_id,) in cursor.fetchall()]
