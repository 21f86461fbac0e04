"""Read HTML of the Bot API as Telegram does: known tags, properly nested, or an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from starscal.testing.telegram.refusals import Refusal, bad

KINDS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "span": "spoiler",
}
NAMED: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
PIECE: Final = re.compile(
    r"(?P<reference>&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});?)"
    r"|<(?P<closing>/?)(?P<name>[^\s>/]*)(?P<rest>[^>]*)(?P<end>>?)"
)
ATTRIBUTE: Final = re.compile(r"""\s*([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


@dataclass
class _Open:
    """A tag that is not closed yet: its name, where its text began, what it says."""

    name: str
    start: int
    attributes: dict[str, str]


@dataclass
class Reading:
    """A text without its tags, and what the tags say of it."""

    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    opened: list[_Open] = field(default_factory=list)

    @property
    def units(self) -> int:
        """Return the length in units of UTF-16."""
        return units(self.text)


def units(text: str) -> int:
    """Return the length of a text in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def html_read(source: str) -> Reading:
    """Return the text and its entities, or raise the Refusal that Telegram answers with."""
    reading, at = Reading(), 0
    for found in PIECE.finditer(source):
        reading.text += source[at : found.start()]
        at = found.end()
        if found["reference"]:
            reading.text += _character(found["reference"])
        elif found["closing"]:
            _close(reading, found, _offset(source, found.start()))
        else:
            _open(reading, found, _offset(source, found.start()))
    reading.text += source[at:]
    if reading.opened:
        name = reading.opened[-1].name
        raise _unparsed(f'Can\'t find end tag corresponding to start tag "{name}"')
    reading.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return reading


def _open(reading: Reading, found: re.Match[str], offset: int) -> None:
    name = found["name"].lower()
    if not name:
        raise _unparsed(f'Unsupported start tag "" at byte offset {offset}')
    if name not in KINDS:
        raise _unparsed(f'Unsupported start tag "{name}" at byte offset {offset}')
    if not found["end"]:
        raise _unparsed(f"Unclosed start tag at byte offset {offset}")
    attributes = {
        each[1].lower(): _unescaped(each[2] or each[3] or each[4] or "")
        for each in ATTRIBUTE.finditer(found["rest"])
    }
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    reading.opened.append(_Open(name, reading.units, attributes))


def _close(reading: Reading, found: re.Match[str], offset: int) -> None:
    name = found["name"].lower()
    if not reading.opened:
        raise _unparsed(f"Unexpected end tag at byte offset {offset}")
    tag = reading.opened.pop()
    if name not in ("", tag.name) or not found["end"]:
        raise _unparsed(
            f"Unmatched end tag at byte offset {offset}, "
            f'expected "</{tag.name}>", found "</{name}>"'
        )
    length = reading.units - tag.start
    entity: dict[str, Any] = {"type": KINDS[tag.name], "offset": tag.start, "length": length}
    if tag.name == "a":
        entity["url"] = tag.attributes.get("href", "")
    if length and entity.get("url", "https").startswith(("http", "tg:", "mailto:")):
        reading.entities.append(entity)  # an empty one, and a link to nowhere, vanish


def _character(reference: str) -> str:
    if not reference.endswith(";"):
        return reference
    if reference in NAMED:
        return NAMED[reference]
    digits = reference[2:-1]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return chr(code) if 0 < code < 0x110000 else reference


def _unescaped(value: str) -> str:
    return re.sub(r"&[^;\s]+;", lambda found: NAMED.get(found[0], found[0]), value)


def _offset(source: str, at: int) -> int:
    return len(source[:at].encode("utf-8", "surrogatepass"))


def _unparsed(told: str) -> Refusal:
    return bad(f"can't parse entities: {told}")
