"""/help: all commands, each with one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import bold
from telegram_link.bot.phrases import paragraphs
from telegram_link.bot.reader import Reader
from telegram_link.bot.registry import commands
from telegram_link.messages import escaped

GROUPS: Final[tuple[tuple[str | Promise, tuple[str, ...]], ...]] = (
    (
        gettext_lazy("The sky"),
        ("today", "next", "moon", "sun", "planets", "eclipses", "calendar"),
    ),
    (
        gettext_lazy("Your wishes"),
        ("reminders", "place", "timezone", "language", "quiet"),
    ),
    (gettext_lazy("Your account"), ("link", "status")),
    (gettext_lazy("The bot"), ("start", "help", "stop")),
)


def answer(reader: Reader, _words: str) -> Answer:
    """List the commands whatever follows: the list is short."""
    groups = (_group(str(title), names, reader) for title, names in _groups())
    address = f"{settings.SITE_URL}/{reader.language}/"
    web = _("The whole calendar is on the web: %(address)s") % {"address": escaped(address)}
    return said(paragraphs(*groups, web))


def _groups() -> Iterator[tuple[str | Promise, tuple[str, ...]]]:
    """Yield the groups; a command that none of them names stands in the last one."""
    named = {name for _title, names in GROUPS for name in names}
    *others, (title, names) = GROUPS
    yield from others
    yield title, (*names, *(name for name in commands() if name not in named))


def _group(title: str, names: tuple[str, ...], reader: Reader) -> str:
    known = commands()
    lines = [_line(known[name]) for name in names if name in known and _is_for(known[name], reader)]
    return "\n".join((bold(title), *lines)) if lines else ""


def _line(command: Command) -> str:
    return f"/{command.name} – {escaped(str(command.summary))}"


def _is_for(command: Command, reader: Reader) -> bool:
    return command.in_groups or reader.chat.is_private


COMMAND = Command("help", gettext_lazy("All commands"), answer)
