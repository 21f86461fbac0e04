"""What the bot has to remember over a restart."""

from __future__ import annotations

from django.db import models

ONLY = 1


class BotState(models.Model):
    """The one row of the bot: who it is, until when it is silent, where polling stands."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    bot_id = models.BigIntegerField(null=True)
    username = models.CharField(max_length=32, blank=True, db_default="")
    silent_until = models.DateTimeField(null=True)
    update_offset = models.BigIntegerField(default=0, db_default=0)
    commands_hash = models.CharField(max_length=64, blank=True, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=ONLY), name="botstate_only_one"),
        ]

    def __str__(self) -> str:
        return self.username


class LogCursor(models.Model):
    """How far the bot has read one stream of the log; of another epoch it begins at the newest."""

    stream = models.CharField(max_length=64, primary_key=True)
    epoch = models.UUIDField()
    seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}"
