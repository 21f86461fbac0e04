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
NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE: Final = re.compile(
    r"&(?:#x(?P<hex>[0-9a-fA-F]+)|#(?P<decimal>\d+)|(?P<name>[a-zA-Z]+));?"
)
MARK: Final = re.compile("[&<]")
NAME: Final = re.compile(r"[^\s>]*")
SPACES: Final = re.compile(r"\s*")
ATTRIBUTE: Final = re.compile(r"(?P<name>[^\s=]*)\s*(?P<equals>=?)\s*")
VALUE: Final = re.compile(r""""(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w.-]*)(?=[\s>])""")
WITHOUT_VALUE: Final = re.compile(r"expandable(?=[\s>])")
LINKS: Final = ("http://", "https://", "tg://", "mailto:")


def units(text: str) -> int:
    """Return the length of a text in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


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


def html_read(source: str) -> Reading:
    """Return the text and its entities, or raise the Refusal that Telegram answers with."""
    reading, at = Reading(), 0
    while (mark := MARK.search(source, at)) is not None:
        reading.text += source[at : mark.start()]
        if mark[0] == "&":
            character, at = _character(source, mark.start())
            reading.text += character
        elif source.startswith("</", mark.start()):
            at = _close(reading, source, mark.start())
        else:
            at = _open(reading, source, mark.start())
    reading.text += source[at:]
    if reading.opened:
        name = reading.opened[-1].name
        raise _unparsed(f'Can\'t find end tag corresponding to start tag "{name}"')
    reading.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return reading


def _open(reading: Reading, source: str, start: int) -> int:
    """Read a start tag; return where the text goes on."""
    found = NAME.match(source, start + 1)
    name = found[0].lower() if found else ""
    at, where = start + 1 + len(name), f"at byte offset {_offset(source, start)}"
    if at >= len(source):
        raise _unparsed(f"Unclosed start tag {where}")
    if name not in KINDS:
        raise _unparsed(f'Unsupported start tag "{name}" {where}')
    attributes: dict[str, str] = {}
    while (at := _spaces(source, at)) < len(source) and source[at] != ">":
        at = _attribute(attributes, source, at, f'the tag "{name}" {where}')
    if at >= len(source):
        raise _unparsed(f'Unclosed start tag "{name}" {where}')
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsed(f'Tag "span" must have class "tg-spoiler" {where}')
    reading.opened.append(_Open(name, reading.units, attributes))
    return at + 1


def _attribute(attributes: dict[str, str], source: str, at: int, tag: str) -> int:
    """Read one attribute of a start tag; return where it ends."""
    if bare := WITHOUT_VALUE.match(source, at):
        return bare.end()
    found = ATTRIBUTE.match(source, at)
    if found is None or not found["name"]:
        raise _unparsed(f"Empty attribute name in {tag}")
    if not found["equals"]:
        raise _unparsed(f"Expected equal sign in declaration of an attribute of {tag}")
    value = VALUE.match(source, found.end())
    if value is None:
        raise _unparsed(f"Unexpected end of name token in {tag}")
    text = value["double"] or value["single"] or (value["bare"] or "").lower()
    attributes[found["name"].lower()] = _unescaped(text)
    return value.end()


def _close(reading: Reading, source: str, start: int) -> int:
    """Read an end tag; return where the text goes on."""
    where = f"at byte offset {_offset(source, start)}"
    if not reading.opened:
        raise _unparsed(f"Unexpected end tag {where}")
    found = NAME.match(source, start + 2)
    name = found[0].lower() if found else ""
    at = _spaces(source, start + 2 + len(name))
    if at >= len(source) or source[at] != ">":
        raise _unparsed(f"Unclosed end tag {where}")
    tag = reading.opened.pop()
    if name not in ("", tag.name):
        raise _unparsed(f'Unmatched end tag {where}, expected "</{tag.name}>", found "</{name}>"')
    _entity_add(reading, tag)
    return at + 1


def _entity_add(reading: Reading, tag: _Open) -> None:
    """Note what a tag says of its text; an empty one, and a link to nowhere, say nothing."""
    length = reading.units - tag.start
    entity: dict[str, Any] = {"type": KINDS[tag.name], "offset": tag.start, "length": length}
    if tag.name == "a":
        entity["url"] = tag.attributes.get("href", "")
        if not entity["url"].startswith(LINKS):
            return
    if length:
        reading.entities.append(entity)


def _character(source: str, at: int) -> tuple[str, int]:
    """Return the character that a reference stands for, and where it ends; else the sign &."""
    found = REFERENCE.match(source, at)
    if found is None:
        return "&", at + 1
    if found["name"]:
        sign = NAMED.get(found["name"], "")
    else:
        code = int(found["hex"], 16) if found["hex"] else int(found["decimal"])
        sign = chr(code) if 0 < code < 0x10FFFF else ""
    if "\ud800" <= sign <= "\udfff":
        raise bad("Text contains invalid Unicode characters after decoding HTML entities")
    return (sign, found.end()) if sign else ("&", at + 1)


def _unescaped(value: str) -> str:
    text, at = "", 0
    while (at_next := value.find("&", at)) >= 0:
        character, end = _character(value, at_next)
        text, at = text + value[at:at_next] + character, end
    return text + value[at:]


def _spaces(source: str, at: int) -> int:
    found = SPACES.match(source, at)
    return found.end() if found else at


def _offset(source: str, at: int) -> int:
    return len(source[:at].encode("utf-8", "surrogatepass"))


def _unparsed(told: str) -> Refusal:
    return bad(f"can't parse entities: {told}")
