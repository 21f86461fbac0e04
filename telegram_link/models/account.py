"""Whose Telegram account it is, and the one-time tokens by which people prove it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Session, User
from telegram_link.models.chat import TelegramChat


class TelegramAccount(models.Model):
    """The one private chat of a user; ``User.telegram_user_id`` has the same number.

    ``membership`` is the last status that Telegram told of the person in the configured channel,
    ``member_checked_at`` when it told, ``member_tried_at`` when it was last asked. Of the
    user's own stream of the log everything up to ``heard_seq`` of ``heard_epoch`` has been seen;
    nothing yet means everything since the account was linked.
    """

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="telegram", verbose_name=_("user")
    )
    chat = models.OneToOneField(
        TelegramChat, on_delete=models.CASCADE, related_name="account", verbose_name=_("chat")
    )
    telegram_user_id = models.BigIntegerField(_("Telegram number"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True, db_default="")
    username = models.CharField(_("username"), max_length=32, blank=True, db_default="")
    membership = models.CharField(_("membership"), max_length=20, blank=True, db_default="")
    member_checked_at = models.DateTimeField(_("membership told"), null=True, blank=True)
    member_tried_at = models.DateTimeField(_("membership asked"), null=True, blank=True)
    heard_epoch = models.UUIDField(null=True, editable=False)
    heard_seq = models.BigIntegerField(null=True, editable=False)
    linked_at = models.DateTimeField(_("linked"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Telegram account")
        verbose_name_plural = _("Telegram accounts")
        indexes = [
            models.Index(fields=["member_tried_at"], name="telegramaccount_tried_idx"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.telegram_user_id)


class TelegramLinkToken(models.Model):
    """A token that opens the bot once, to link an account or to sign in; known by its hash.

    To link it is bound to the ``session`` that asked; to sign in to the browser or application
    that holds the secret of ``holder_hash``. Whoever opens it in Telegram is noted in ``opened_*``;
    only the one who asked can confirm. To link the opener has to have said yes (``agreed_at``); to
    sign in takes the code that the bot told the opener.
    """

    class Purpose(models.TextChoices):
        LINK = "link", _("link an account")
        SIGN_IN = "sign_in", _("sign in")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    purpose = models.CharField(max_length=8, choices=Purpose)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    holder_hash = models.CharField(max_length=64, blank=True, db_default="")
    code_hash = models.CharField(max_length=64, blank=True, db_default="")
    device = models.CharField(max_length=100, blank=True, db_default="")
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    used = models.BooleanField(default=False, db_default=False)
    opened_id = models.BigIntegerField(null=True)
    opened_name = models.CharField(max_length=150, blank=True, db_default="")
    opened_username = models.CharField(max_length=32, blank=True, db_default="")
    opened_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], name="telegramlinktoken_expires_idx"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose="link", user__isnull=False, session__isnull=False)
                | (models.Q(purpose="sign_in") & ~models.Q(holder_hash="")),
                name="telegramlinktoken_bound",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
