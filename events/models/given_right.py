"""Which rights groups of staff were given."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class GivenRight(models.Model):
    """A right that a group of staff was given once; what is taken from it later stays taken."""

    group = models.ForeignKey("auth.Group", on_delete=models.CASCADE, related_name="+")
    right = models.CharField(max_length=200)
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "right"], name="givenright_once"),
        ]

    def __str__(self) -> str:
        return self.right
