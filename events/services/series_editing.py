"""Say something of an event and of all that come after it in its series."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event
from events.models.series import EventSeries
from events.recurrence import local_day, moved
from events.rights import LANGUAGE_OF, SCHEDULED
from events.selectors_series import sky_instants
from events.services.curation import EventEdit, event_update
from events.services.editing import event_audit, event_save, told, updated_announce
from events.services.series import OFFSET_MOST, series_lock
from events.services.texts import human_texts_update
from starscal.core.exceptions import ApplicationError, ErrorCode

TIMES: Final = ("occurs_at", "begins_at", "ends_at")


class SpreadEdit(NamedTuple):
    """The edited event, and how many that come after it have changed with it."""

    event: Event
    others: int


@dataclass(frozen=True, slots=True)
class Spread:
    """What is said of all that come: how one event of a series was, and how it is now."""

    series: EventSeries
    before: Event
    after: Event
    names: frozenset[str]  # the columns that changed
    sky: Mapping[str, datetime]  # by slot, when the events of the sky are
    actor: User
    at: datetime

    def reach(self, other: Event) -> bool:
        """Give another event what it has not of its own; True if it changed."""
        wanted = self.names - {*other.series_own}
        plain = {*TIMES, *wanted} - {*LANGUAGE_OF}
        old = {name: getattr(other, name) for name in plain}
        if self.names & {*TIMES}:
            self._times_give(other)
        for name in wanted - {*TIMES, *LANGUAGE_OF}:
            setattr(other, name, getattr(self.after, name))
        changes: dict[str, Any] = {
            name: [told(was), told(getattr(other, name))]
            for name, was in old.items()
            if was != getattr(other, name)
        }
        changes.update(self._texts_give(other, wanted))
        if changes:
            event_save(other)
            event_audit(other, self.actor, "event.update", changes)
        return bool(changes)

    def _texts_give(self, other: Event, wanted: Collection[str]) -> dict[str, list[str]]:
        texts = {name: getattr(self.after, name) or "" for name in wanted if name in LANGUAGE_OF}
        return human_texts_update(event=other, columns=texts, editor=self.actor, at=self.at)

    def _times_give(self, other: Event) -> None:
        """Set the time of another event by the rule; it begins and ends as far from its instant."""
        if "occurs_at" in self.names - {*other.series_own}:
            other.occurs_at = self._moved(other)
        for name in {"begins_at", "ends_at"} - {*other.series_own}:
            edge = getattr(self.after, name)
            setattr(other, name, edge and other.occurs_at + (edge - self.after.occurs_at))

    def _moved(self, other: Event) -> datetime:
        if self.series.is_of_sky:
            return self.sky[other.series_slot] + self.series.offset
        return moved(other.occurs_at, self.series.timezone, self.after.occurs_at)


@transaction.atomic
def series_update(*, event_id: uuid.UUID, actor: User, edit: EventEdit, at: datetime) -> SpreadEdit:
    """Save an edit of an event for all of its series that come after it, too.

    What was edited in one of them by itself stays as it is there; cancelled ones stay, too. By the
    calendar a new time of day counts, on the same day; with the sky, the distance from it. What is
    added to the series later follows.
    Changes, announces and errors: as ``event_update``, for each; event.state for an event that does
    not repeat. Locks: the series, its events, the stream. Idempotent: no difference, no write.
    """
    series, events = series_lock(event_id)
    before = next(event for event in events if event.pk == event_id)
    event = event_update(event_id=event_id, actor=actor, edit=edit, at=at)
    names = _changed(before, event, {*edit.fields, *edit.texts} - {SCHEDULED})
    event.series_own = sorted({*before.series_own} - names)
    Event.objects.filter(pk=event_id).update(series_own=event.series_own)
    sky = sky_instants(series, events) if series.is_of_sky else {}
    if "occurs_at" in names:
        _rule_move(series, before, event, sky)
        _sooner_stay(events, before, at)
    spread = Spread(series, before, event, frozenset(names), sky, actor, at)
    done = [other for other in events if _comes_after(other, spread) and spread.reach(other)]
    for other in done:
        updated_announce(other)
    return SpreadEdit(event, len(done))


def _changed(before: Event, after: Event, names: Iterable[str]) -> set[str]:
    return {name for name in names if getattr(before, name) != getattr(after, name)}


def _comes_after(other: Event, spread: Spread) -> bool:
    is_later = other.occurs_at > max(spread.before.occurs_at, spread.at)
    return is_later and other.pk != spread.before.pk and other.status != Event.Status.CANCELLED


def _sooner_stay(events: Iterable[Event], event: Event, at: datetime) -> None:
    """Let what comes before an event keep its time, whatever the rule says from now on."""
    sooner = [other for other in events if at < other.occurs_at < event.occurs_at]
    for other in sooner:
        other.series_own = sorted({*other.series_own, "occurs_at"})
    Event.objects.bulk_update(sooner, ["series_own"])


def _rule_move(
    series: EventSeries, before: Event, after: Event, sky: Mapping[str, datetime]
) -> None:
    """Have what is added later follow a new time (saved here), wherever the event was before."""
    if series.is_of_sky:
        offset = after.occurs_at - sky[after.series_slot]
        series.starts_at += offset - series.offset
        series.offset = offset
        if abs(series.offset) > OFFSET_MOST:
            raise _refused(_("A series stays within two days of its events of the sky."))
    else:
        zone = series.timezone
        if local_day(before.occurs_at, zone) != local_day(after.occurs_at, zone):
            raise _refused(_("All that come can move to another time of day, not to another day."))
        series.starts_at = moved(series.starts_at, zone, after.occurs_at)
    series.save(update_fields=["offset", "starts_at"])


def _refused(message: Any) -> ApplicationError:
    return ApplicationError(ErrorCode.VALIDATION_INVALID, message, pointer="/occurs_at")
