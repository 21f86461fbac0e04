"""Compute stored events again, one by one, without a look at what else is in the sky."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from astronomy import provider
from astronomy.keys import key_window
from astronomy.occurrence import Occurrence
from events.models import Event
from events.rights import CHANGE, right_require
from events.services.generation import occurrences_renew
from events.services.runs import RunBook
from events.windows import Span, merged
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode


def occurrences_again(*, keys: Collection[str]) -> dict[str, Occurrence]:
    """Compute what the keys name, each family over the spans that hold them; some may be gone."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for key in keys:
        window = key_window(key)
        if window is not None:
            spans[window.family].append(Span(window.start, window.end))
    found: dict[str, Occurrence] = {}
    for family, parts in spans.items():
        for part in merged(parts):
            near = provider.occurrences_between(start=part.start, end=part.end, families=[family])
            found.update((occurrence.key, occurrence) for occurrence in near)
    return {key: found[key] for key in keys if key in found}


@transaction.atomic
def event_recompute(
    *, event_id: UUID, actor: User, occurrence: Occurrence | None, job_id: UUID | None = None
) -> Event:
    """Give a stored event what the engine found for its key just now; None is nothing.

    ``job_id`` names the job that this is a part of, all of which is on record as one run.
    Changes: facts and generated texts, where they differ; a person's texts, status and the stored
    windows stay. Announces: ``event.updated`` for a public event that changed. Locks: the
    generation's lock, the event, the stream. Idempotent: no difference, no write.
    Errors: event.not_found, permission.denied; event.state for an event of staff, and for one
    that the engine no longer finds: it is kept as it is.
    """
    right_require(actor, CHANGE)
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise ApplicationError(ErrorCode.EVENT_NOT_FOUND, _("There is no such event."))
    if event.origin != Event.Origin.COMPUTED:
        raise ApplicationError(ErrorCode.EVENT_STATE, _("Events of staff are not computed."))
    if occurrence is None or occurrence.key != event.key:
        raise ApplicationError(
            ErrorCode.EVENT_STATE, _("The engine no longer finds this event; it stays as it is.")
        )
    if occurrences_renew(occurrences=[occurrence], book=RunBook(job_id=job_id)).updated:
        before, event = event.revision, Event.objects.get(pk=event_id)
        audit_record(
            actor=str(actor.pk), action="event.recompute", object_type="event",
            object_id=str(event_id), changes={"revision": [before, event.revision]},
        )  # fmt: skip
    return event
