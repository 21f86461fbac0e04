"""Sessions and their refresh tokens: who is signed in where, and until when."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class Session(models.Model):
    """One sign-in of one device: the family of all refresh tokens that came of it.

    It ends by signing out, by ``expires_at``, or by a refresh token that is used twice. A session
    of the ``web`` lives in a cookie and has no refresh tokens.
    """

    class Kind(models.TextChoices):
        API = "api", _("application")
        WEB = "web", _("browser")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.API)
    device = models.CharField(_("device"), max_length=100, blank=True, db_default="")
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(_("last used"), db_default=Now())
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)
    revoked_reason = models.CharField(_("reason"), max_length=30, blank=True, db_default="")

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(fields=["user", "-last_used_at"], name="session_user_idx"),
            models.Index(fields=["expires_at"], name="session_expires_idx"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RefreshToken(models.Model):
    """One refresh token of a session, known by its hash alone.

    ``used_at`` is set once, by compare-and-set; the successor is a keyed hash of the token, so
    that a retry within the window gets the same one.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("refresh token")
        verbose_name_plural = _("refresh tokens")
        indexes = [models.Index(fields=["expires_at"], name="refresh_expires_idx")]

    def __str__(self) -> str:
        return str(self.pk)
