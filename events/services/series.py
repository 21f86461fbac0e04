"""Let an event of staff come again, by the calendar or with the sky, and keep it coming."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfoNotFoundError, available_timezones

import structlog
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from events.kinds import COMPUTED_KINDS, STAFF_KIND
from events.message_payloads import message_body
from events.models import Event, TextState, event_id
from events.models.series import OCCURRENCES_MOST, EventSeries
from events.querysets import PUBLIC
from events.recurrence import is_last_of_weekday, local_day, number_in_month
from events.rights import ADD, CHANGE, PUBLISH, right_require
from events.selectors_series import (
    AHEAD,
    LONGEST,
    Slot,
    series_alive,
    sky_instants,
    sky_slots,
    slots_due,
)
from events.services.curation import event_cancel, event_hide, event_publish
from events.services.editing import STREAM, event_audit, event_lock, event_save, updated_announce
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.outbox import NewMessage, outbox_append

log = structlog.stdlib.get_logger(__name__)
OFFSET_MOST: Final = timedelta(days=2)
FIFTH: Final = 5
KEY_MOST: Final = 120
Rhythm = EventSeries.Rhythm
GONE: Final = frozenset({Event.Status.HIDDEN, Event.Status.CANCELLED})
# Of each occurrence its own, or the database's.
NOT_COPIED: Final = frozenset(
    {
        *("id", "key", "slug", "occurs_at", "begins_at", "ends_at", "status", "publish_at"),
        *("revision", "sequence", "series_slot", "series_own", "created_at", "updated_at"),
        *("title", "description", "reflection"),  # what stands in English, by language below
    }
)


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """When an event is to come again; see EventSeries."""

    rhythm: str
    timezone: str
    every: int = 1
    kind: str = ""
    offset: timedelta = timedelta(0)
    until: date | None = None
    count: int | None = None


@transaction.atomic
def series_create(
    *, event_id: uuid.UUID, actor: User, rule: SeriesRule, at: datetime
) -> EventSeries:
    """Have an event of staff that is still to come repeat; it is the first of the series.

    With the sky, it moves to the first event of the kind that is not before it. The others take
    its texts, times, link and image, and are public at once if it is and the actor may publish;
    else they are drafts.
    Changes: EventSeries, the event, new events and their TextStates. Announces: for public ones
    ``event.updated`` and ``event.published``. Locks: the event, then the stream.
    Errors: event.not_found, event.state, validation.invalid, permission.denied.
    """
    right_require(actor, ADD)
    right_require(actor, CHANGE)
    first = event_lock(event_id)
    _first_require(first, at)
    series = _series_of(rule, first, actor)
    slot = _first_slot(series, first)
    series.starts_at = slot.at
    _rule_require(series)
    series.save()
    before = first.occurs_at
    _move(first, slot.at)
    first.series, first.series_slot = series, slot.name
    event_save(first)
    changes: dict[str, Any] = {"series": [None, str(series.pk)]}
    if first.occurs_at != before:
        changes["occurs_at"] = [before.isoformat(), first.occurs_at.isoformat()]
    event_audit(first, actor, "event.update", changes)
    made = _grow(series, slots_due(series, at=at), first, actor)
    updated_announce(first)
    _published_announce(made)
    return series


@transaction.atomic
def series_publish(*, event_id: uuid.UUID, actor: User, at: datetime) -> int:
    """Publish what is to come of an event's series, and what will be added to it.

    Changes and announces as ``event_publish`` for each draft that is still to come; hidden and
    cancelled ones stay. Returns how many. Locks: the series, its events, the stream. Idempotent.
    Errors: event.not_found, event.state without a series, permission.denied.
    """
    right_require(actor, PUBLISH)
    series, events = series_lock(event_id)
    EventSeries.objects.filter(pk=series.pk).update(published=True)
    drafts = [e for e in events if e.status == Event.Status.DRAFT and e.occurs_at > at]
    for event in drafts:
        event_publish(event_id=event.pk, actor=actor)
    return len(drafts)


@transaction.atomic
def series_end(*, event_id: uuid.UUID, actor: User, reason: str, at: datetime) -> int:
    """End an event's series: what is to come of it is cancelled, drafts are hidden.

    Changes and announces as ``event_cancel`` and ``event_hide`` for each; nothing is added any
    more. Returns how many. Locks: the series, its events, the stream. Idempotent.
    Errors: event.not_found, event.state without a series, permission.denied.
    """
    right_require(actor, PUBLISH)
    series, events = series_lock(event_id)
    coming = [event for event in events if event.occurs_at > at]
    drafts = [event for event in coming if event.status == Event.Status.DRAFT]
    public = [event for event in coming if event.status == Event.Status.PUBLISHED]
    for event in drafts:
        event_hide(event_id=event.pk, actor=actor)
    for event in public:
        event_cancel(event_id=event.pk, actor=actor, reason=reason)
    if series.ended_at is None:
        EventSeries.objects.filter(pk=series.pk).update(ended_at=at)
        audit_record(
            actor=str(actor.pk), action="series.end", object_type="series",
            object_id=str(series.pk), reason=reason,
        )  # fmt: skip
    return len(drafts) + len(public)


def series_extend_due(*, at: datetime) -> int:
    """Add to every series what has become due, and let those of the sky follow it.

    Changes and announces as ``series_create`` for what is new, ``event.updated`` for a public
    event whose event of the sky has moved. Returns how many events were written. Locks: a series
    and its events at a time, the stream. Idempotent: a time of a series is stored once. A series
    that cannot be extended is logged and left until the next time.
    """
    return sum(_extended_if_it_can(series.pk, at) for series in series_alive(at=at))


def _extended_if_it_can(series_id: uuid.UUID, at: datetime) -> int:
    try:
        return _extended(series_id, at)
    except (ApplicationError, OperationalError, ZoneInfoNotFoundError, OverflowError) as error:
        log.warning("series.not_extended", series_id=str(series_id), error=type(error).__name__)
        return 0


def series_lock(event_id: uuid.UUID) -> tuple[EventSeries, list[Event]]:
    """Hold an event's series and all its events, in order of time.

    Errors: event.not_found; event.state for an event that does not repeat.
    """
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise ApplicationError(ErrorCode.EVENT_NOT_FOUND, _("There is no such event."))
    if event.series_id is None:
        raise ApplicationError(ErrorCode.EVENT_STATE, _("This event does not repeat."))
    return _held(event.series_id)


def _held(series_id: uuid.UUID) -> tuple[EventSeries, list[Event]]:
    series = EventSeries.objects.select_for_update().get(pk=series_id)
    events = Event.objects.filter(series=series).in_time_order().select_for_update()
    return series, list(events)


@transaction.atomic
def _extended(series_id: uuid.UUID, at: datetime) -> int:
    series, events = _held(series_id)
    if series.ended_at is not None or not events:
        return 0
    slots = slots_due(series, at=at)
    moved = _followed(series, events, at) if series.is_of_sky else []
    made = _grow(series, slots, _pattern(events, at), None)
    for event in moved:
        updated_announce(event)
    _published_announce(made)
    return len(moved) + len(made)


def _followed(series: EventSeries, events: Iterable[Event], at: datetime) -> list[Event]:
    """Move what is to come along with the events of the sky, unless somebody set its time."""
    coming = [event for event in events if event.occurs_at > at]
    sky = sky_instants(series, coming)
    wanted = {slot: instant + series.offset for slot, instant in sky.items()}
    late = [
        event
        for event in coming
        if event.status != Event.Status.CANCELLED
        and "occurs_at" not in event.series_own
        and wanted[event.series_slot] != event.occurs_at
    ]
    for event in late:
        before = event.occurs_at
        _move(event, wanted[event.series_slot])
        event_save(event)
        changes = {"occurs_at": [before.isoformat(), event.occurs_at.isoformat()]}
        event_audit(event, None, "event.update", changes)
    return late


def _grow(
    series: EventSeries, slots: Iterable[Slot], pattern: Event, actor: User | None
) -> list[Event]:
    """Store the times of a series that are not there yet, as the pattern is; return them."""
    known = set(Event.objects.filter(series=series).values_list("series_slot", flat=True))
    most = series.count or OCCURRENCES_MOST
    room = most if series.is_endless else max(most - len(known), 0)
    fresh = [slot for slot in slots if slot.name not in known][:room]
    made = [_copy(series, slot, pattern) for slot in fresh]
    Event.objects.bulk_create(made)
    _texts_copy(pattern, made)
    for event in made:
        event_audit(event, actor, "event.create", {"series": [None, str(series.pk)]})
    return made


def _copy(series: EventSeries, slot: Slot, pattern: Event) -> Event:
    day = local_day(slot.at, series.timezone)
    key = f"staff-{series.pk}-{slot.name}"
    number = event_id(key)
    stem = pattern.slug.rpartition("-")[0][:80] or STAFF_KIND
    names = (f.attname for f in Event._meta.concrete_fields if f.attname not in NOT_COPIED)
    event = Event(
        **{name: getattr(pattern, name) for name in names},
        id=number,
        key=key if len(key) <= KEY_MOST else f"staff-{number}",
        slug=f"{stem}-{day.isoformat()}-{number.hex[:8]}",
        status=Event.Status.PUBLISHED if series.published else Event.Status.DRAFT,
        series_slot=slot.name,
        occurs_at=pattern.occurs_at,
        begins_at=pattern.begins_at,
        ends_at=pattern.ends_at,
        revision=1,
    )
    _move(event, slot.at)
    return event


def _texts_copy(pattern: Event, made: Iterable[Event]) -> None:
    """Keep of each text who wrote it and whether somebody should look at it."""
    states = list(pattern.text_states.all())
    names = [
        field.attname
        for field in TextState._meta.concrete_fields
        if field.attname not in {"id", "event_id"}
    ]
    TextState.objects.bulk_create(
        TextState(event=event, **{name: getattr(state, name) for name in names})
        for event in made
        for state in states
    )


def _move(event: Event, to: datetime) -> None:
    """Set the instant of an event (not saved here); it begins and ends as far from it as before."""
    shift = to - event.occurs_at
    event.occurs_at = to
    event.begins_at = event.begins_at and event.begins_at + shift
    event.ends_at = event.ends_at and event.ends_at + shift


def _pattern(events: Iterable[Event], at: datetime) -> Event:
    """Return the event that new ones are made after: the last one that is like the others.

    An edit of all that come leaves out those that are over or cancelled: they are old.
    """

    def unlikeness(event: Event) -> tuple[bool, bool, int]:
        return (event.status in GONE, event.occurs_at <= at, len(event.series_own))

    return min(list(events)[::-1], key=unlikeness)


def _published_announce(made: Iterable[Event]) -> None:
    """Tell of new events that are public. Call it last: it holds the stream."""
    messages = [
        NewMessage(
            key=f"{event.key}:published:rev{event.revision}",
            kind="event.published",
            body=dict(message_body(event)),
        )
        for event in made
        if event.status in PUBLIC
    ]
    outbox_append(stream=STREAM, messages=messages)


# What is refused


def _first_require(event: Event, at: datetime) -> None:
    if event.origin != Event.Origin.STAFF:
        raise ApplicationError(ErrorCode.EVENT_STATE, _("Only events of staff can repeat."))
    if event.series_id is not None:
        raise ApplicationError(ErrorCode.EVENT_STATE, _("This event repeats already."))
    if event.status not in {Event.Status.DRAFT, Event.Status.PUBLISHED} or event.occurs_at <= at:
        raise ApplicationError(
            ErrorCode.EVENT_STATE,
            _("Only an event that is still to come, neither hidden nor cancelled, can repeat."),
        )
    if event.occurs_at > at + LONGEST:  # its last times would be past the calendar
        told = _("The last day comes after the first, within five years.")
        raise ApplicationError(ErrorCode.VALIDATION_INVALID, told, pointer="/occurs_at")


def _series_of(rule: SeriesRule, first: Event, actor: User) -> EventSeries:
    """Return a row that is checked by itself (not saved here)."""
    series = EventSeries(
        rhythm=rule.rhythm,
        every=rule.every,
        timezone=rule.timezone,
        kind=rule.kind,
        offset=rule.offset,
        until=rule.until,
        count=rule.count,
        starts_at=first.occurs_at,
        published=first.status == Event.Status.PUBLISHED and actor.has_perm(PUBLISH),
        created_by=actor,
    )
    if rule.timezone not in available_timezones():
        raise _invalid("timezone", _("Choose a time zone such as Europe/Berlin."))
    if series.is_of_sky and (rule.kind not in COMPUTED_KINDS or abs(rule.offset) > OFFSET_MOST):
        raise _invalid("kind", _("Choose a kind of event, and at most two days before or after."))
    try:
        series.full_clean(exclude=["id", "ended_at", "created_by", "created_at"])
    except ValidationError as error:
        raise ApplicationError(
            ErrorCode.VALIDATION_INVALID,
            " ".join(error.messages),
            extra={"fields": error.message_dict},
        ) from error
    return series


def _first_slot(series: EventSeries, first: Event) -> Slot:
    if not series.is_of_sky:
        return Slot("0", first.occurs_at)
    found = sky_slots(series, first.occurs_at, first.occurs_at + AHEAD)
    slot = next((slot for slot in found if slot.at >= first.occurs_at), None)
    if slot is None:
        raise _invalid(
            "kind", _("No such event is stored within a year of this one; choose another kind.")
        )
    return slot


def _rule_require(series: EventSeries) -> None:
    """Refuse what the calendar does not have, ends at once or goes on for too long."""
    day = local_day(series.starts_at, series.timezone)
    if series.rhythm == Rhythm.MONTHLY_WEEKDAY and number_in_month(day) == FIFTH:
        raise _invalid("rhythm", _("Few months have five of this weekday; choose the last one."))
    if series.rhythm == Rhythm.MONTHLY_LAST and not is_last_of_weekday(day):
        raise _invalid("rhythm", _("This event is not on the last such weekday of its month."))
    if series.until is not None and series.count is not None:
        raise _invalid("until", _("Say until when, or how often, not both."))
    if series.until is not None and not day < series.until <= (series.starts_at + LONGEST).date():
        raise _invalid("until", _("The last day comes after the first, within five years."))
    if series.until is not None:
        _number_require(len(slots_due(series, at=series.starts_at)))


def _number_require(number: int) -> None:
    if number > OCCURRENCES_MOST:
        most = OCCURRENCES_MOST
        told = ngettext(
            "An event repeats at most %(count)d time; choose an earlier last day.",
            "An event repeats at most %(count)d times; choose an earlier last day.",
            most,
        )
        raise _invalid("until", told % {"count": most})


def _invalid(name: str, message: Any) -> ApplicationError:
    extra = {"fields": {name: [message]}}
    return ApplicationError(ErrorCode.VALIDATION_INVALID, message, pointer=f"/{name}", extra=extra)
