"""Make an image that can be shown to anybody of a file that somebody sent."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms, ImageOps

BYTES_MOST: Final = 900 * 1024  # leaves room for the texts in a body of 1 MiB
SIDE_MOST: Final = 8_000  # pixels
PIXELS_MOST: Final = 25_000_000  # 100 MB while it is decoded
SHOWN_MOST: Final = 1_600  # pixels of the longer side of what is kept
QUALITY: Final = 85
FORMATS: Final = ("JPEG", "PNG", "WEBP")
# All that Pillow raises over bytes that are no whole image.
DAMAGE: Final = (
    OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error, zlib.error,
)  # fmt: skip
BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class PictureRefusedError(Exception):
    """A file that is not taken."""


class TooManyBytesError(PictureRefusedError):
    """A file that is too large."""


class TooManyPixelsError(PictureRefusedError):
    """An image that is too large."""


class NoImageError(PictureRefusedError):
    """A file that is no whole image of a known format."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it is kept: fresh bytes that hold its pixels and nothing else."""

    content: bytes
    content_type: str
    suffix: str
    width: int
    height: int


def picture_made(content: bytes) -> Picture:
    """Return a JPEG, or a WebP of what one can see through, of at most 1600 pixels a side.

    The pixels are decoded and encoded anew, upright and in sRGB: no metadata (place, camera, name),
    no bytes before or behind, no second image comes along. Of an animation the first image stays.
    Raises: PictureRefusedError, by what is wrong with the file.
    """
    if len(content) > BYTES_MOST:
        raise TooManyBytesError
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            return _encoded(_shrunk(image))
    except BOMBS as error:
        raise TooManyPixelsError from error
    except DAMAGE as error:
        raise NoImageError from error


def _shrunk(image: Image.Image) -> Image.Image:
    """Decode an image whose header says that it is not too large."""
    width, height = image.size
    if max(width, height) > SIDE_MOST or width * height > PIXELS_MOST:
        raise TooManyPixelsError
    image.thumbnail((SHOWN_MOST, SHOWN_MOST))
    image.load()
    return _in_srgb(ImageOps.exif_transpose(image))


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the pixels in sRGB, with what one can see through; a broken profile does not count."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert(mode)


def _encoded(image: Image.Image) -> Picture:
    plain = Image.new(image.mode, image.size)
    plain.paste(image)
    out = BytesIO()
    if plain.mode == "RGBA":
        plain.save(out, "WEBP", quality=QUALITY, method=4)
        return Picture(out.getvalue(), "image/webp", "webp", *plain.size)
    plain.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(out.getvalue(), "image/jpeg", "jpg", *plain.size)
