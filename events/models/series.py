"""Events of staff that come again, as a row that says when."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

OCCURRENCES_MOST = 200
EVERY_MOST = 52


class EventSeries(models.Model):
    """When an event of staff comes again; each time is an event of its own (``Event.series``).

    By the calendar, ``starts_at`` is the first time: the others have its time of day in
    ``timezone``, every so many weeks, months or years. With the sky, each time is ``offset`` from
    an event of ``kind``. Without ``until`` (a day in ``timezone``) and ``count`` there is no end.
    """

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("Every week, on the same weekday")
        MONTHLY_DAY = "monthly_day", _("Every month, on the same day of the month")
        MONTHLY_WEEKDAY = "monthly_weekday", _("Every month, on the same weekday, such as the 2nd")
        MONTHLY_LAST = "monthly_last", _("Every month, on the last such weekday")
        YEARLY = "yearly", _("Every year, on the same date")
        SKY = "sky", _("With every event of a kind, such as each full moon")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    rhythm = models.CharField(_("rhythm"), max_length=15, choices=Rhythm.choices)
    every = models.PositiveSmallIntegerField(
        _("every so many"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(EVERY_MOST)],
    )
    timezone = models.CharField(_("time zone"), max_length=50)
    kind = models.CharField(_("kind"), max_length=50, blank=True, default="")
    offset = models.DurationField(default=timedelta(0))
    starts_at = models.DateTimeField()
    until = models.DateField(_("until"), null=True, blank=True)
    count = models.PositiveSmallIntegerField(
        _("how often"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2), MaxValueValidator(OCCURRENCES_MOST)],
    )
    published = models.BooleanField(default=False)  # what is added to it is public at once
    ended_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "events"
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(
                name="eventseries_kind", condition=models.Q(rhythm="sky") ^ models.Q(kind="")
            ),
            models.CheckConstraint(
                name="eventseries_every", condition=models.Q(every__range=(1, EVERY_MOST))
            ),
            models.CheckConstraint(
                name="eventseries_count",
                condition=models.Q(count__isnull=True)
                | models.Q(count__range=(2, OCCURRENCES_MOST)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_of_sky(self) -> bool:
        return self.rhythm == self.Rhythm.SKY

    @property
    def is_endless(self) -> bool:
        return self.until is None and self.count is None
