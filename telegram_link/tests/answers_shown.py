"""Write an answer of the bot as people see it, and hold it to what Telegram takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from starscal.testing.telegram.entities import html_read
from telegram_link.bot.frame import Answer
from telegram_link.messages import LONGEST_CAPTION, LONGEST_TEXT, Button, Message
from telegram_link.services.answers import LONGEST_TOAST

MARKS: Final = {"bold": "**", "italic": "_", "code": "`"}
LONGEST_LABEL: Final = 64  # what a phone shows of a button, and more


def answer_shown(answer: Answer) -> str:
    """Return all that an answer shows, in its order."""
    return "\n".join(_parts(answer)) or "(nothing)"


def _parts(answer: Answer) -> Iterator[str]:
    if answer.toast:
        assert len(answer.toast) <= LONGEST_TOAST
        yield f"(for a moment) {answer.toast}"
    if answer.edited is not None:
        yield f"(instead of the message above)\n{message_shown(answer.edited)}"
    for message in answer.messages:
        yield message_shown(message)


def message_shown(message: Message) -> str:
    """Return a message with its figure, its buttons and what can be pressed; check its limits."""
    reading = html_read(message.text)  # raises what Telegram answers to HTML that is none
    assert reading.text.strip()
    assert reading.units <= (LONGEST_CAPTION if message.figure_of else LONGEST_TEXT)
    figure = [f"[figure of {message.figure_of}]"] if message.figure_of else []
    rows = [" ".join(_button(button) for button in row) for row in message.keyboard]
    asked = [f"[{message.location_asked} 📍]"] if message.location_asked else []
    return "\n".join([*figure, _marked(reading.text, reading.entities), *rows, *asked])


def _button(button: Button) -> str:
    assert 0 < len(button.text) <= LONGEST_LABEL
    return f"[{button.text} → {button.url}]" if button.url else f"[{button.text}]"


def _marked(text: str, entities: list[dict[str, object]]) -> str:
    """Set the marks of Markdown into a text, at places that Telegram counts in UTF-16."""
    raw = text.encode("utf-16-le")
    marks: list[tuple[int, int, str]] = []
    for number, entity in enumerate(entities):
        start, end = _span(entity)
        before = MARKS.get(str(entity["type"]), "")
        after = f" ({entity['url']})" if entity["type"] == "text_link" else before
        marks += [(start, number, before), (end, -number, after)]
    shown, at = "", 0
    for place, _order, mark in sorted(marks, key=lambda found: found[:2]):
        shown += raw[at : 2 * place].decode("utf-16-le") + mark
        at = 2 * place
    return shown + raw[at:].decode("utf-16-le")


def _span(entity: dict[str, object]) -> tuple[int, int]:
    start, length = entity["offset"], entity["length"]
    assert isinstance(start, int)
    assert isinstance(length, int)
    return start, start + length
