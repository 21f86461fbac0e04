"""A chat that has spoken with the bot: who it is, and what it wants to be sent."""

from __future__ import annotations

from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

HOURS: Final = [MinValueValidator(0), MaxValueValidator(23)]
WEEKDAYS: Final = [MinValueValidator(1), MaxValueValidator(7)]


class TelegramChat(models.Model):
    """A private chat, group or channel, by the number that Telegram gave it.

    ``language`` is what was chosen in the chat, ``language_code`` what Telegram said of the person.
    Language, zone and place of a linked person are those of the account; these columns are for
    chats without one. ``digest_due_at`` is when the next digest is to be queued. Nothing is sent
    before ``next_send_at``, nor to a chat that has blocked or stopped the bot.
    """

    class Kind(models.TextChoices):
        PRIVATE = "private", _("private chat")
        GROUP = "group", _("group")
        SUPERGROUP = "supergroup", _("supergroup")
        CHANNEL = "channel", _("channel")

    class Digest(models.TextChoices):
        NONE = "none", _("never")
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")

    id = models.BigIntegerField(_("chat number"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PRIVATE)
    title = models.CharField(_("name"), max_length=150, blank=True, db_default="")
    username = models.CharField(_("username"), max_length=32, blank=True, db_default="")
    language = models.CharField(_("language"), max_length=10, blank=True, db_default="")
    language_code = models.CharField(max_length=35, blank=True, db_default="")
    timezone = models.CharField(_("time zone"), max_length=50, blank=True, db_default="")
    latitude_deg = models.FloatField(_("latitude"), null=True, blank=True)
    longitude_deg = models.FloatField(_("longitude"), null=True, blank=True)
    calendar = models.CharField(_("calendar"), max_length=20, blank=True, db_default="")
    digest = models.CharField(_("digest"), max_length=6, choices=Digest, default=Digest.NONE)
    digest_hour = models.PositiveSmallIntegerField(_("hour"), default=8, validators=HOURS)
    digest_weekday = models.PositiveSmallIntegerField(_("weekday"), default=1, validators=WEEKDAYS)
    digest_due_at = models.DateTimeField(_("next digest"), null=True, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    blocked_at = models.DateTimeField(_("blocked the bot"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped the bot"), null=True, blank=True)
    next_send_at = models.DateTimeField(db_default=Now(), editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    seen_at = models.DateTimeField(_("last heard of"), db_default=Now())

    class Meta:
        verbose_name = _("Telegram chat")
        verbose_name_plural = _("Telegram chats")
        indexes = [
            models.Index(
                fields=["digest_due_at"],
                name="telegramchat_digest_idx",
                condition=models.Q(digest_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.pk)

    @property
    def is_private(self) -> bool:
        return self.kind == self.Kind.PRIVATE

    @property
    def is_reachable(self) -> bool:
        return self.blocked_at is None and self.stopped_at is None
