"""Make a PNG of a figure, with fonts that come with the installation."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from pathlib import Path
from typing import Final

import manimgx_fonts
import manimgx_fonts_cjk
import resvg_py

from events.figures.letters import words_outlined
from events.figures.svg import Drawing

FONTS: Final = ("NotoSans",)
# A text of two fonts, such as "30° उत्तर", loses letters in resvg 0.48, or draws boxes for them.
OUTLINED: Final = frozenset({"hi", "hy"})
_SIGNATURE_BYTES: Final = 8
_HEADER_BYTES: Final = 25


def png_bytes(svg: str, drawing: Drawing, width: int, language: str) -> bytes:
    """Return the document as PNG; its title and description are in it as text, too."""
    if language in OUTLINED:
        svg = words_outlined(svg, language)
    image = bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            font_files=font_files(),
            skip_system_fonts=True,  # every machine gives the same image
            font_family="Noto Sans",
            sans_serif_family="Noto Sans",
            languages=[language],
        )
    )
    told = _text("Title", drawing.title, language)
    told += _text("Description", drawing.description, language)
    start = _SIGNATURE_BYTES + _HEADER_BYTES
    return image[:start] + told + image[start:]


@cache
def font_files() -> list[str]:
    """Return the files for Latin, Cyrillic, Han and Kana."""
    noto, cjk = (
        Path(str(package.__file__)).parent for package in (manimgx_fonts, manimgx_fonts_cjk)
    )
    files = [noto / f"{name}[wght].ttf" for name in FONTS] + [cjk / "NotoSansCJK-VF.otf.ttc"]
    return [str(path) for path in files]


def _text(keyword: str, text: str, language: str) -> bytes:
    """Return a chunk of international text (PNG, third edition, 11.3.3.4)."""
    uncompressed = b"\0\0"
    data = b"iTXt" + keyword.encode("latin-1") + b"\0" + uncompressed
    data += language.encode("ascii") + b"\0\0" + text.encode()
    return struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
