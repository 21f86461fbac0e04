"""What answers of commands are made of: paragraphs, examples to write, keyboards of choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from babel.lists import format_list

from starscal.core.api.parameters import quoted
from starscal.core.formats import active_locale
from telegram_link.bot.lines import literal
from telegram_link.messages import Button, Keyboard, escaped

MARK: Final = "✓"


def paragraphs(*texts: str) -> str:
    """Return those of the texts that say something, one under the other."""
    return "\n\n".join(text for text in texts if text)


def examples(*written: str) -> str:
    """Return what may be written, as in “/quiet 22-7 or /quiet off”; a tap copies one."""
    return str(format_list([literal(each) for each in written], style="or", locale=active_locale()))


def cited(text: str) -> str:
    """Return what somebody wrote as an answer may repeat it: short, in quotes, no tag of theirs."""
    return escaped(quoted(text))


def choice(text: str, data: str, *, chosen: bool = False) -> Button:
    """Return the button of one of several choices; the one in force has a mark."""
    return Button(f"{MARK} {text}" if chosen else text, data)


def rows(buttons: Sequence[Button], across: int) -> Keyboard:
    """Return buttons as a keyboard, so many beside each other."""
    return tuple(tuple(buttons[at : at + across]) for at in range(0, len(buttons), across))
