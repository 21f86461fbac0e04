"""One translatable text as it stands in the code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

# %(name)s and %s of gettext templates, {name} and {name:X} of Django REST framework's.
PLACEHOLDER = re.compile(r"%\((\w+)\)[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|(%[sd])|(\{\w*(?::\w+)?\})")

Key = tuple[str, str]


@dataclass(frozen=True)
class Message:
    """A text with its context, its plural, what translators are told and where it is used."""

    text: str
    context: str = ""
    plural: str = ""
    comments: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        return self.context, self.text


def placeholders(text: str) -> frozenset[str]:
    """Return the names that are filled into a text."""
    return frozenset("".join(groups) for groups in PLACEHOLDER.findall(text))


def messages_join(messages: Iterable[Message]) -> dict[Key, Message]:
    """Return one message for each key, with all its files and comments, in a stable order."""
    joined: dict[Key, Message] = {}
    for message in messages:
        known = joined.get(message.key)
        joined[message.key] = _both(known, message) if known else message
    return dict(sorted(joined.items(), key=lambda item: (item[1].files[:1], item[0][::-1])))


def _both(one: Message, other: Message) -> Message:
    return replace(
        one,
        plural=one.plural or other.plural,
        comments=tuple(sorted({*one.comments, *other.comments})),
        files=tuple(sorted({*one.files, *other.files})),
    )
