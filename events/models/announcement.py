"""Notices by staff to everybody."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from starscal.core.i18n import column

ANNOUNCED_FIELDS = ("title", "body")


class Announcement(models.Model):
    """A notice by staff to everybody; what was published once is withdrawn, never deleted."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, validators=[MaxLengthValidator(2000)])
    link = models.CharField(
        _("link"), max_length=500, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("written by"),
    )
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated"), db_default=Now(), editable=False)

    objects = models.Manager()  # type: ignore[django-manager-missing] # modeltranslation wraps it

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        permissions = [("publish_announcement", "Can publish and withdraw announcements")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(link="") | models.Q(link__startswith="https://"),
                name="announcement_link_https",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False),
                name="announcement_published_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                name="announcement_current_idx",
                condition=models.Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def text(self, field: str, language: str) -> str:
        """Return a translated field's own text in a language, without fallback."""
        value: Any = getattr(self, column(field, language))
        return value or ""
