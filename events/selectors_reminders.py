"""Read what people wish to be reminded of."""

from __future__ import annotations

from accounts.models import User
from events.models import Reminder


def reminders_of(*, user: User) -> list[Reminder]:
    """Return the reminders of a person, by kind and the longest time before first."""
    return list(Reminder.objects.filter(user=user).order_by("event_type", "-lead_minutes", "id"))
