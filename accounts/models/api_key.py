"""Keys with which servers of other people use the API."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class ApiKey(models.Model):
    """A scoped key; its secret is shown once and stored as a hash.

    ``prefix`` is the public beginning by which its owner tells keys apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("beginning"), max_length=16, unique=True, editable=False)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=30), verbose_name=_("scopes"))
    daily_quota = models.PositiveIntegerField(_("requests a day"), default=50_000)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        indexes = [models.Index(fields=["user", "-created_at"], name="api_key_user_idx")]

    def __str__(self) -> str:
        return self.prefix


class ApiKeyUsage(models.Model):
    """How many requests a key made on one day of UTC."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="usage")
    day = models.DateField(_("day"))
    requests = models.PositiveIntegerField(_("requests"), default=0, db_default=0)

    class Meta:
        verbose_name = _("use of an API key")
        verbose_name_plural = _("use of API keys")
        constraints = [
            models.UniqueConstraint(fields=["key", "day"], name="api_key_usage_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.day}"
