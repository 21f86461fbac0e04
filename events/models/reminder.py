"""What people wish to be reminded of, and how far each round of reminding has come."""

from __future__ import annotations

import uuid
from typing import Final

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.models.event import Event

LEAD_MINUTES_MOST: Final = 7 * 24 * 60


class Reminder(models.Model):
    """The wish of one person to be told of every event of a kind, so many minutes before it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="reminders",
        verbose_name=_("user"),
        db_index=False,  # the constraint is one
    )
    event_type = models.CharField(_("kind"), max_length=50)
    lead_minutes = models.PositiveSmallIntegerField(
        _("minutes before"), validators=[MaxValueValidator(LEAD_MINUTES_MOST)]
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "event_type", "lead_minutes"], name="reminder_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(lead_minutes__lte=LEAD_MINUTES_MOST), name="reminder_lead_range"
            ),
        ]
        indexes = [
            models.Index(fields=["event_type", "lead_minutes", "user"], name="reminder_due_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} -{self.lead_minutes}"


class ReminderRound(models.Model):
    """Telling of one event to all who wish to know so long before it.

    Everybody up to ``last_user`` has been told; ``finished_at`` says that all have. An event that
    is moved is told anew, for its ``occurs_at`` is another.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    lead_minutes = models.PositiveSmallIntegerField()
    occurs_at = models.DateTimeField()
    last_user = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "lead_minutes", "occurs_at"], name="reminderround_unique"
            ),
        ]
        indexes = [models.Index(fields=["occurs_at"], name="reminderround_occurs_idx")]

    def __str__(self) -> str:
        return f"{self.event_id} -{self.lead_minutes}"
