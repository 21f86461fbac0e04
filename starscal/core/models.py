"""The log of live messages, the audit trail, the groups of errors: written through services."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NOTIFY_CHANNEL = "outbox"  # PostgreSQL's bell that rings when a message is committed


class Stream(models.Model):
    """A numbered sequence of messages; ``last_seq`` is the newest committed number.

    ``epoch`` changes when the sequence cannot be continued (a restored backup): cursors of
    another epoch are answered with a reset.
    """

    name = models.CharField(_("name"), max_length=64, primary_key=True)
    # Translators: changes when the numbers of messages begin anew
    epoch = models.UUIDField(
        pgettext_lazy("stream", "epoch"), default=uuid.uuid4, db_default=RandomUUID()
    )
    last_seq = models.BigIntegerField(_("newest number"), default=0, db_default=0)
    relayed_seq = models.BigIntegerField(_("number sent last"), default=0, db_default=0)

    class Meta:
        verbose_name = _("stream")
        verbose_name_plural = _("streams")

    def __str__(self) -> str:
        return self.name


class OutboxMessage(models.Model):
    """One message of a stream, committed together with the change that it tells of."""

    stream = models.ForeignKey(
        Stream, on_delete=models.PROTECT, related_name="messages", verbose_name=_("stream")
    )
    seq = models.BigIntegerField(pgettext_lazy("message", "number"))
    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=50)
    body = models.JSONField(pgettext_lazy("message", "content"))
    created_at = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("live message")
        verbose_name_plural = _("live messages")
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="outbox_stream_seq_unique"),
        ]
        indexes = [models.Index(fields=["created_at"], name="outbox_created_idx")]

    def __str__(self) -> str:
        return self.key


class AuditEntry(models.Model):
    """Who changed what, when and why; rows are only ever added (a trigger refuses the rest)."""

    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=50)
    object_type = models.CharField(max_length=50)
    object_id = models.CharField(max_length=100)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_object_idx"),
            models.Index(fields=["created_at"], name="audit_created_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class ErrorGroup(models.Model):
    """Unhandled exceptions of one type from one place in our code, counted."""

    fingerprint = models.CharField(_("fingerprint"), max_length=16, primary_key=True)
    kind = models.CharField(_("exception"), max_length=200)
    place = models.CharField(_("place"), max_length=300)
    where = models.CharField(_("part"), max_length=30)
    count = models.BigIntegerField(_("count"), default=0, db_default=0)
    sample = models.TextField(_("sample"), blank=True, default="", db_default="")
    first_seen = models.DateTimeField(_("first seen"))
    last_seen = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("error group")
        verbose_name_plural = _("error groups")
        indexes = [models.Index(fields=["last_seen"], name="error_last_seen_idx")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.place}"
