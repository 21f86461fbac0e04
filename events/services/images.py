"""Keep the images of events of staff."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event
from events.models.image import EventImage
from events.pictures import (
    BYTES_MOST,
    SIDE_MOST,
    PictureRefusedError,
    TooManyBytesError,
    TooManyPixelsError,
    picture_made,
)
from events.rights import ADD, CHANGE, right_require
from starscal.core.exceptions import ApplicationError, ErrorCode

KEPT: Final = timedelta(days=8)  # of what no event shows: a day more than the log is kept


@transaction.atomic
def image_store(*, content: bytes, actor: User) -> EventImage:
    """Keep an image that somebody sent, as ``pictures.picture_made`` makes it.

    Changes: EventImage. An event shows it when it is edited to (``image_id``). Announces nothing.
    Idempotent: the same image is kept once. Errors: validation.invalid, permission.denied.
    """
    right_require(actor, CHANGE if actor.has_perm(CHANGE) else ADD)
    try:
        picture = picture_made(content)
    except PictureRefusedError as refusal:
        raise ApplicationError(
            ErrorCode.VALIDATION_INVALID, _advice(refusal), pointer="/image"
        ) from refusal
    digest = hashlib.sha256(picture.content).hexdigest()
    name = f"{digest}-{picture.width}x{picture.height}.{picture.suffix}"
    image, _made = EventImage.objects.get_or_create(
        name=name,
        defaults={
            "content": picture.content,
            "content_type": picture.content_type,
            "created_by": actor,
        },
    )
    return image


def images_prune(*, at: datetime) -> int:
    """Delete the images that no event shows, a week after they came; return how many.

    Until then messages of the log may speak of them. One that an event takes meanwhile stays.
    Locks: nothing that readers wait for. Idempotent.
    """
    shown = Event.objects.filter(image=OuterRef("pk"))
    old = EventImage.objects.filter(~Exists(shown), created_at__lt=at - KEPT)
    return sum(_deleted(name) for name in list(old.values_list("pk", flat=True)))


def _deleted(name: str) -> int:
    """Delete an image by its name, without a look at its bytes, unless an event shows it."""
    try:
        with transaction.atomic():
            return EventImage(pk=name).delete()[0]
    except (ProtectedError, IntegrityError):
        return 0


def _advice(refusal: PictureRefusedError) -> str | Promise:
    if isinstance(refusal, TooManyBytesError):
        return _("The image has more than %(count)d KB; send a smaller one.") % {
            "count": BYTES_MOST // 1024
        }
    if isinstance(refusal, TooManyPixelsError):
        return _("The image has too many pixels: at most %(count)d a side, and 25 million.") % {
            "count": SIDE_MOST
        }
    return _("This is no whole image. JPEG, PNG and WebP are taken.")
