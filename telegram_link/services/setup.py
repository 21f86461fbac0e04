"""Tell Telegram who the bot is: where updates go, and the menu of commands in ten languages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction

from starscal.core.i18n import language_active
from telegram_link.bot.frame import Command
from telegram_link.client import Bot, BotApi
from telegram_link.configuration import webhook_enabled, webhook_url
from telegram_link.models import BotState
from telegram_link.models.state import ONLY

ALLOWED_UPDATES: Final = ("message", "callback_query", "my_chat_member", "chat_member")
CONNECTIONS: Final = 20  # that Telegram opens to the webhook; a web process works on 12 requests
GROUPS: Final = {"type": "all_group_chats"}
LONGEST_SUMMARY: Final = 256

log = structlog.stdlib.get_logger("starscal.telegram")


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands that Telegram offers in one language, everywhere or in groups alone."""

    language_code: str
    scope: dict[str, Any] | None
    commands: tuple[tuple[str, str], ...]


def bot_setup(*, api: BotApi) -> Bot:
    """Learn who the bot is and say where updates go; return who it is.

    Changes: BotState; at Telegram the webhook. Announces nothing. Idempotent: it may be done at
    each start, by several processes. Locks: none while Telegram is asked. Raises: BotApiError.
    """
    bot = api.get_me()
    bot_keep(bot=bot)
    updates_route(api=api)
    log.info("telegram.ready", bot=bot.username, webhook=webhook_enabled())
    return bot


def menus_keep(*, new_hash: str) -> None:
    """Note that Telegram has all menus of that hash. Changes: BotState. Idempotent."""
    BotState.objects.filter(pk=ONLY).update(commands_hash=new_hash)


@transaction.atomic
def bot_keep(*, bot: Bot) -> None:
    """Note who the bot is.

    Another bot than before has no menu, and its updates have numbers of their own. Changes:
    BotState. Announces nothing. Idempotent. Locks: that row.
    """
    state, _new = BotState.objects.select_for_update().get_or_create(pk=ONLY)
    if state.bot_id != bot.id:
        state.commands_hash, state.update_offset, state.silent_until = "", 0, None
    state.bot_id, state.username = bot.id, bot.username
    state.save(
        update_fields=["bot_id", "username", "commands_hash", "update_offset", "silent_until"]
    )


def updates_route(*, api: BotApi) -> None:
    """Have Telegram deliver updates to our webhook, or to nobody where we ask for them.

    Changes: nothing here. Idempotent. Raises: BotApiError.
    """
    if not webhook_enabled():
        api.delete_webhook()
        return
    api.set_webhook(
        url=webhook_url(),
        secret_token=settings.TELEGRAM_WEBHOOK_SECRET,
        allowed_updates=ALLOWED_UPDATES,
        max_connections=CONNECTIONS,
    )


def menus_of(commands: Sequence[Command]) -> list[Menu]:
    """Return the menu in each language, and that of groups where it is another one.

    English stands in for all languages that we do not have.
    """
    if not commands:
        return []
    in_groups = [command for command in commands if command.in_groups]
    scopes: list[tuple[dict[str, Any] | None, Sequence[Command]]] = [(None, commands)]
    if len(in_groups) < len(commands):
        scopes.append((GROUPS, in_groups))
    menus = []
    for language, _name in settings.LANGUAGES:
        code = "" if language == settings.LANGUAGE_CODE else language.partition("-")[0]
        with language_active(language):
            menus += [Menu(code, scope, lines_of(offered)) for scope, offered in scopes]
    return menus


def lines_of(commands: Iterable[Command]) -> tuple[tuple[str, str], ...]:
    """Return names and summaries in the language that is active."""
    return tuple((each.name, str(each.summary)[:LONGEST_SUMMARY]) for each in commands)


def menus_hash(menus: Sequence[Menu]) -> str:
    """Return what changes whenever any line of any menu does."""
    said = [(menu.language_code, menu.scope, menu.commands) for menu in menus]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def menu_set(api: BotApi, menu: Menu) -> None:
    """Have Telegram offer the commands of one language."""
    lines = [{"command": name, "description": summary} for name, summary in menu.commands]
    api.set_my_commands(commands=lines, language_code=menu.language_code, scope=menu.scope)
