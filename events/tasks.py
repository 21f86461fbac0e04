"""Tasks of the events app: look for what is due, whoever rang and however often."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from events.services.announcements import announcements_append
from events.services.curation import events_publish_due
from events.services.images import images_prune
from events.services.imports import proposals_prune
from events.services.jobs import desk_jobs_work
from events.services.notices import announcements_publish_due
from events.services.reminding import reminders_append
from events.services.runs import runs_prune
from events.services.series import series_extend_due
from events.services.window import window_around, window_widen
from starscal.core import clock


@shared_task(name="events.announce_due", expires=60)
def announce_due() -> int:
    return announcements_append(at=clock.now())


@shared_task(name="events.remind_due", expires=60)
def remind_due() -> int:
    return reminders_append(at=clock.now())


@shared_task(name="events.publish_scheduled", expires=60)
def publish_scheduled() -> int:
    now = clock.now()
    return events_publish_due(at=now) + announcements_publish_due(at=now)


@shared_task(name="events.extend_series", expires=3600)
def extend_series() -> int:
    return series_extend_due(at=clock.now())


@shared_task(name="events.prune_images", expires=3600)
def prune_images() -> int:
    return images_prune(at=clock.now())


@shared_task(name="events.widen_window", expires=3600)
def widen_window() -> int:
    span = window_around(
        at=clock.now(),
        years_back=settings.WINDOW_YEARS_BACK,
        years_ahead=settings.WINDOW_YEARS_AHEAD,
    )
    return window_widen(span=span).writes


@shared_task(name="events.desk_jobs", expires=5)
def desk_jobs() -> int:
    return desk_jobs_work(at=clock.now())


@shared_task(name="events.runs_prune", expires=3600)
def runs_prune_due() -> int:
    return runs_prune(at=clock.now()) + proposals_prune()
