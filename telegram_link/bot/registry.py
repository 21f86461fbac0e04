"""All commands of the bot, in the order of its menu.

A module of this package offers its command as ``COMMAND``; whoever adds one lists it here, if it is
to stand elsewhere than at the end.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Final

from telegram_link import bot
from telegram_link.bot.frame import Command

MENU: Final = (
    "today", "next", "moon", "sun", "planets", "eclipses",
    "reminders", "place", "timezone", "language", "calendar", "quiet",
    "link", "status", "start", "help", "stop",
)  # fmt: skip


@cache
def commands() -> Mapping[str, Command]:
    """Return the commands by name.

    The modules are loaded when they are first asked for, since /help reads this list, too.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(bot.__path__))
    modules = [import_module(f"{bot.__name__}.{name}") for name in names]
    offered = (getattr(module, "COMMAND", None) for module in modules)
    found = [command for command in offered if isinstance(command, Command)]
    return {command.name: command for command in sorted(found, key=_place)}


def command_named(name: str) -> Command | None:
    """Return a command as people type it, in any case; without the slash."""
    return commands().get(name.lower())


def _place(command: Command) -> tuple[int, str]:
    known = command.name in MENU
    return (MENU.index(command.name) if known else len(MENU), command.name)
