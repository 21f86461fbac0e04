"""What the tests of events share: people, spans and a computed stretch of the sky."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from accounts.models import User
from events.models import Event
from events.rights import TEXTS
from events.services.generation import event_generate
from events.tests.live_talk import hub, talk
from events.tests.live_world import (
    editor,
    fresh_server,
    new_event,
    publish_many,
    quiet_server,
    shared_relay,
    shared_server,
    silent_relay,
    standing_relay,
    standing_server,
)
from events.windows import Span
from starscal.core.models import OutboxMessage

__all__ = [
    "editor",
    "fresh_server",
    "hub",
    "new_event",
    "publish_many",
    "quiet_server",
    "shared_relay",
    "shared_server",
    "silent_relay",
    "standing_relay",
    "standing_server",
    "talk",
]

# Enough of the sky for most tests: a dozen events a month.
FEW_FAMILIES = ("moon_phases", "seasons", "solar_eclipses", "lunar_eclipses")
SUMMER_2026 = Span(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC))
EVENT_RIGHTS = (
    "override_event",
    "review_event",

    "add_event", "change_event", "view_event", "publish_event",
    *(right.removeprefix("events.") for right in TEXTS),
)  # fmt: skip


@pytest.fixture
def at() -> datetime:
    """Return the moment that the tests call now."""
    return datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def curator(db: None) -> User:
    user = User.objects.create_user("curator", password=None, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=EVENT_RIGHTS))
    return user


@pytest.fixture
def visitor(db: None) -> User:
    return User.objects.create_user("visitor", password=None)


@pytest.fixture
def summer(db: None) -> Span:
    """Store the phases, seasons and eclipses of June to August 2026."""
    event_generate(span=SUMMER_2026, families=FEW_FAMILIES)
    return SUMMER_2026


@pytest.fixture
def full_moon(summer: Span) -> Event:
    return Event.objects.get(slug="moon-full-2026-06-29")


@pytest.fixture
def messages() -> Callable[[], list[OutboxMessage]]:
    """Return what reads the log since the fixture was asked for."""
    seen = OutboxMessage.objects.order_by("-seq").values_list("seq", flat=True).first() or 0

    def since() -> list[OutboxMessage]:
        return list(OutboxMessage.objects.filter(seq__gt=seen).order_by("seq"))

    return since


@pytest.fixture
def draft(full_moon: Event) -> Event:
    """Return a stored event that was not published yet."""
    Event.objects.filter(pk=full_moon.pk).update(status=Event.Status.DRAFT)
    full_moon.refresh_from_db()
    return full_moon


def texts_of(event: Event, field: str = "title") -> dict[str, Any]:
    """Return a field's text by language."""
    return {
        name.removeprefix(f"{field}_"): getattr(event, name)
        for name in (f.name for f in Event._meta.fields)
        if name.startswith(f"{field}_")
    }
