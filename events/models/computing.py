"""What staff decided about kinds, and which spans of families are computed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class KindSetting(models.Model):
    """What staff decided for a kind: whether its computed events wait for review."""

    code = models.CharField(_("kind"), max_length=50, primary_key=True)
    needs_review = models.BooleanField(_("needs review"), default=False)

    class Meta:
        verbose_name = _("kind setting")
        verbose_name_plural = _("kind settings")

    def __str__(self) -> str:
        return self.code


class ComputedWindow(models.Model):
    """A span of a family that is computed and stored whole; spans of a family never overlap.

    ``version`` names the engine and the texts it was computed with (events.version).
    """

    family = models.CharField(_("family"), max_length=50)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    version = models.CharField(_("version"), max_length=100)

    class Meta:
        verbose_name = _("computed window")
        verbose_name_plural = _("computed windows")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="window_not_inverted"
            ),
        ]
        indexes = [models.Index(fields=["family", "starts_at"], name="window_family_idx")]

    def __str__(self) -> str:
        return f"{self.family} {self.starts_at:%Y-%m-%d} {self.ends_at:%Y-%m-%d}"
