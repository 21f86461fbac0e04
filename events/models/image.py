"""Images of events of staff, in the database, so that they are where the events are."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

NAME_MOST: Final = 90
NAMED: Final = re.compile(r"([0-9a-f]{64})-(\d{1,4})x(\d{1,4})\.(?:jpg|webp)", re.ASCII)


class ImageName(NamedTuple):
    """What the name of an image says: the hash of its bytes, and its size in pixels."""

    sha256: str
    width: int
    height: int


def image_name_read(name: str) -> ImageName:
    """Return what the name of an image says. Raises: ValueError for any other text."""
    found = NAMED.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is no name of an image.")
    return ImageName(found[1], int(found[2]), int(found[3]))


class EventImage(models.Model):
    """An image that never changes: ``name`` is the hash of its bytes, its size and its format.

    So whoever lists events knows all there is to say of their images without another look.
    """

    name = models.CharField(max_length=NAME_MOST, primary_key=True)
    content = models.BinaryField()
    content_type = models.CharField(max_length=20)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "events"
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.name
