"""What comes from Telegram and what goes there: rows first, work after."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from telegram_link.models.chat import TelegramChat


class TelegramUpdate(models.Model):
    """One update of Telegram by its number, so that a repeated one is known.

    ``body`` is what the bot cares for of it, as ``telegram_link.bot.happened`` keeps it, until it
    is done; of one that was given up it stays. ``chat_id`` orders the work: those of one chat are
    done one after another; what is told of a member of a channel goes among those of the person.
    """

    id = models.BigIntegerField(_("update number"), primary_key=True)
    chat_id = models.BigIntegerField(_("chat number"), null=True)
    body = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, db_default=0)
    due_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(_("outcome"), max_length=20, blank=True, db_default="")
    received_at = models.DateTimeField(_("received"), db_default=Now())
    done_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("Telegram update")
        verbose_name_plural = _("Telegram updates")
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="telegramupdate_open_idx",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["chat_id", "id"],
                name="telegramupdate_chat_idx",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(fields=["received_at"], name="telegramupdate_received_idx"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Notification(models.Model):
    """One call of the Bot API that sends something to a chat: claimed with a lease, sent, marked.

    ``key`` says what it is, so that queuing it twice sends it once. ``body`` is a message as
    ``telegram_link.messages`` writes it, or says what is to be written when it is sent. It is
    emptied once the message is sent or dropped; of one that failed for good it stays.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        ACCOUNT = "account", _("about the account")
        REMINDER = "reminder", _("reminder")
        DIGEST = "digest", _("digest")
        ANNOUNCEMENT = "announcement", _("announcement")

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("failed for good")
        DROPPED = "dropped", _("not wanted any more")

    chat = models.ForeignKey(
        TelegramChat,
        on_delete=models.CASCADE,
        related_name="notifications",
        verbose_name=_("chat"),
    )
    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    priority = models.PositiveSmallIntegerField(_("priority"), default=5)
    method = models.CharField(_("method"), max_length=30, default="sendMessage")
    body = models.JSONField(_("content"), default=dict)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.QUEUED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, db_default=0)
    due_at = models.DateTimeField(_("due"), db_default=Now())
    lease_until = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, db_default="")
    message_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(
                fields=["priority", "due_at", "id"],
                name="notification_due_idx",
                condition=models.Q(status="queued"),
            ),
            models.Index(fields=["settled_at"], name="notification_settled_idx"),
        ]

    def __str__(self) -> str:
        return self.key
