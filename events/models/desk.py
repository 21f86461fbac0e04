"""Work on many events that somebody asked for, and what computing them again has changed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class DeskJob(models.Model):
    """One operation on a selection of events, carried out one event a transaction.

    ``asked`` is an EventSelection; ``last`` and ``cursor`` are places in the order of time, the
    end of the selection when it was made and the last event that was handled. ``total`` is an
    estimate for a selection beyond ten thousand until the job has ended. ``tries`` counts claims
    since an event was last handled. An import begins as a proposal, which its author confirms; the
    texts that it has not come to yet are rows of ``DeskText``, whatever the time of their event.
    """

    class Kind(models.TextChoices):
        PUBLISH = "publish", _("Publish")
        HIDE = "hide", _("Hide")
        CANCEL = "cancel", _("Cancel")
        RECOMPUTE = "recompute", _("Compute again")
        IMPORT = "import", _("Import texts")
        REVIEW = "review", _("Mark texts as reviewed")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Not confirmed")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    OPEN = (Status.WAITING, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    kind = models.CharField(_("operation"), max_length=10, choices=Kind.choices)
    asked = models.JSONField(_("selection"), default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("asked by"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, default=Status.WAITING
    )
    total = models.PositiveIntegerField(_("chosen"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    skipped = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    refusals = models.JSONField(_("reasons of refusals"), default=dict)
    last = models.CharField(max_length=80, blank=True)
    cursor = models.CharField(max_length=80, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="deskjob_open_idx",
                condition=models.Q(status__in=("waiting", "running")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def handled(self) -> int:
        """Return how many events were looked at."""
        return self.done + self.skipped + self.refused

    @property
    def percent(self) -> int:
        """Return how far it is; an estimate never reads as the whole before the end."""
        if self.status == self.Status.PROPOSED:
            return 0
        if not self.is_open:
            return 100
        return min(99, 100 * self.handled // max(self.total, 1))


class DeskText(models.Model):
    """A text that an import is about to write, and what stood there when its file was read.

    ``token`` stands for that and for what stood beside it, the English and the machine's text.
    """

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(DeskJob, on_delete=models.CASCADE, related_name="texts")
    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    text = models.TextField()
    seen = models.TextField(blank=True)
    token = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["job", "event", "field", "language"], name="desktext_cell_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.language}"


class ComputationRun(models.Model):
    """A computation that wrote something: events, or that a span is computed by a new version.

    ``gone`` counts stored events that it did not find any more; they stay. Of a job, which computes
    events one by one, ``unchanged`` stays 0: the job counts them. ``tidied`` says that what its
    changes superseded is pruned.
    """

    started_at = models.DateTimeField(db_default=Now())
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    families = ArrayField(models.CharField(max_length=50))
    version = models.CharField(max_length=100)
    job = models.ForeignKey(DeskJob, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    tidied = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()  # whoever may see events may see it
        indexes = [
            models.Index(fields=["id"], name="run_untidied_idx", condition=models.Q(tidied=False)),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.started_at:%Y-%m-%d %H:%M}"


class RunChange(models.Model):
    """What a run changed of an event that was stored: the parts that differ, before and after.

    Both hold ``facts``, ``data``, ``provenance`` and ``texts`` by name, none of them if nothing
    differs there. ``after`` is null where the run did not find the event any more. The facts are
    the computed ones and the texts the machine's, whatever staff serve in their place.
    """

    run = models.ForeignKey(
        ComputationRun, on_delete=models.CASCADE, related_name="changes", db_index=False
    )
    event = models.ForeignKey(
        "events.Event", on_delete=models.CASCADE, related_name="changes", db_index=False
    )
    version_before = models.CharField(max_length=100, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["run", "id"], name="runchange_run_idx"),
            models.Index(fields=["event", "-id"], name="runchange_event_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.event_id}"
