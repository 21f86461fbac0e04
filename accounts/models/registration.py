"""Registrations that wait for their address to be confirmed, and letters that wait to be sent."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class Registration(models.Model):
    """What somebody asked for, until the link in the letter makes an account of it.

    There is one for an address that has an account already, too: it keeps the name for as long,
    so that nobody learns from a name that is free again whether the address was known.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    username = models.CharField(_("username"), max_length=50)
    username_folded = models.CharField(max_length=150, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=255)
    password = models.CharField(max_length=128, editable=False)
    language = models.CharField(_("language"), max_length=10)
    timezone = models.CharField(_("time zone"), max_length=50, blank=True, db_default="")
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [models.Index(fields=["expires_at"], name="registration_expires_idx")]

    def __str__(self) -> str:
        return str(self.pk)


class EmailChange(models.Model):
    """Another address that somebody wants, until the link in the letter to it is opened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="email_change")
    email = models.EmailField(_("e-mail address"), max_length=255)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        indexes = [models.Index(fields=["expires_at"], name="email_change_expires_idx")]

    def __str__(self) -> str:
        return str(self.pk)


class Mail(models.Model):
    """A letter to be sent; the row goes when the letter has gone.

    It holds no text and no token: both are made at the moment of sending. ``address`` says where
    it goes if that is not, or may soon not be, the address of its receiver.
    """

    class Kind(models.TextChoices):
        VERIFY = "verify", _("confirm the address")
        KNOWN = "known", _("address known already")
        RESET = "reset", _("choose a new password")
        PASSWORD = "password", _("password changed")
        DELETION = "deletion", _("account to be deleted")
        DEACTIVATION = "deactivation", _("account deactivated")
        EMAIL = "email", _("confirm another address")
        EMAIL_KNOWN = "email_known", _("address of another account")
        EMAIL_NOTICE = "email_notice", _("address to be changed")
        TELEGRAM_LINKED = "telegram_linked", _("Telegram chat linked")
        TELEGRAM_UNLINKED = "telegram_unlinked", _("Telegram chat unlinked")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="mails")
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, null=True, related_name="mails"
    )
    address = models.EmailField(_("e-mail address"), max_length=255, blank=True, db_default="")
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    due_at = models.DateTimeField(_("due"), db_default=Now())
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, db_default=0)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(registration__isnull=True),
                name="mail_one_receiver",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="mail_due_idx")]

    def __str__(self) -> str:
        return str(self.pk)
