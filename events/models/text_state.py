"""What is known of a text of an event that is not plainly generated and up to date."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class TextState(models.Model):
    """What is to be known of a text that is not plainly generated and up to date.

    No row means: generated, ok. A recomputation never overwrites a ``human`` text. ``basis_text``
    is the machine text beside which the person wrote, or that they looked at last;
    ``generated_text`` is the newest. Where they differ the text is stale, unless it needs review
    anyway because its English has changed.
    """

    class Source(models.TextChoices):
        GENERATED = "generated", _("Generated")
        HUMAN = "human", _("Written by a person")
        IMPORTED = "imported", _("Imported")

    class Status(models.TextChoices):
        OK = "ok", _("In order")
        NEEDS_REVIEW = "needs_review", _("Needs review")
        STALE = "stale", _("Stale")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="text_states", verbose_name=_("event")
    )
    # Translators: title, description or reflection of an event
    field = models.CharField(_("field"), max_length=20)
    language = models.CharField(_("language"), max_length=10)
    # Translators: where a text comes from: a machine, a person, a file
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OK)
    generated_text = models.TextField(_("machine text"), blank=True)
    basis_text = models.TextField(_("earlier machine text"), blank=True, default="", db_default="")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        verbose_name=_("written by"),
    )
    edited_at = models.DateTimeField(_("written at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("text state")
        verbose_name_plural = _("text states")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "field", "language"], name="textstate_cell_unique"
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "language", "id"], include=["event"], name="textstate_queue_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.language}"
