"""Check a photo as the Bot API does."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image

from starscal.testing.telegram.limits import Call
from starscal.testing.telegram.refusals import Refusal, bad

LARGEST: Final = 10 * 1024 * 1024
LONGEST_SIDES: Final = 10_000
STEEPEST: Final = 20


def picture_check(call: Call) -> tuple[int, int]:
    """Return width and height of the photo of a call, or refuse it."""
    if not call.photo:
        named = call.parameters.get("photo")
        raise bad(
            "wrong remote file identifier specified"
            if named
            else "there is no photo in the request"
        )
    if len(call.photo) > LARGEST:
        raise Refusal(413)
    try:
        with Image.open(BytesIO(call.photo)) as image:
            image.load()
            width, height = image.size
    except (OSError, ValueError, SyntaxError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    if width + height > LONGEST_SIDES or max(width, height) > STEEPEST * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height
