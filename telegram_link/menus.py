"""Have Telegram offer the commands, a language after the other, while updates are received."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

import structlog

from telegram_link.bot.frame import Command
from telegram_link.client import BadRequest, BotApi, BotApiError, RetryAfter
from telegram_link.models import BotState
from telegram_link.models.state import ONLY
from telegram_link.outages import Pause
from telegram_link.services.setup import Menu, menu_set, menus_hash, menus_keep, menus_of

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
REFUSED_WAIT_S: Final = 3600.0  # what Telegram does not take it will hardly take in a minute

log = structlog.stdlib.get_logger("starscal.telegram")


class MenuSetting:
    """What is set of the menus, and when to go on after a failure; nothing else waits for that."""

    def __init__(self, api: BotApi, commands: Callable[[], Iterable[Command]]) -> None:
        self._api = api
        self._commands = commands
        self._of: tuple[int | None, str] = (None, "")  # the bot and the texts that are being set
        self._left: list[Menu] = []
        self._refused: list[Menu] = []
        self._next_at = 0.0
        self._pause = Pause(FIRST_WAIT_S, LONGEST_WAIT_S)

    def begin(self) -> None:
        """Look again whether anything is to be set, as after the bot was set up anew."""
        if self._next_at == math.inf:
            self._next_at = 0.0

    def wait_s(self) -> float:
        """Return in how many seconds there is something to do; infinity once all is set."""
        return max(0.0, self._next_at - time.monotonic())

    def go_on(self, stopping: threading.Event) -> None:
        """Set what is left, if it is time, until told to stop; failures are logged, not raised."""
        if self.wait_s():
            return
        menus = menus_of(tuple(self._commands()))
        new_hash = menus_hash(menus)
        state = BotState.objects.get(pk=ONLY)
        if not menus or state.commands_hash == new_hash:
            self._left, self._next_at = [], math.inf
            return
        if self._of != (state.bot_id, new_hash) or not self._left:
            self._of, self._left, self._refused = (state.bot_id, new_hash), menus, []
        try:
            self._set(stopping)
        except BotApiError as error:
            self._failed(error)
        else:
            self._passed(new_hash, stopping)

    def _set(self, stopping: threading.Event) -> None:
        """Set one after another; those that are refused keep none back."""
        while self._left and not stopping.is_set():
            menu = self._left[0]
            try:
                menu_set(self._api, menu)
            except BadRequest as error:
                self._refused.append(menu)
                log.warning(
                    "telegram.menu_refused", language=menu.language_code, told=error.description
                )
            self._left = self._left[1:]

    def _passed(self, new_hash: str, stopping: threading.Event) -> None:
        self._pause.reset()
        if stopping.is_set():
            return
        if self._refused:  # all of them are tried then, which changes nothing for the others
            self._next_at = time.monotonic() + REFUSED_WAIT_S
            return
        menus_keep(new_hash=new_hash)
        self._next_at = math.inf

    def _failed(self, error: BotApiError) -> None:
        wait_s = self._pause.taken_s()
        if isinstance(error, RetryAfter):
            wait_s = error.seconds
        self._next_at = time.monotonic() + wait_s
        log.warning("telegram.menu_not_set", told=error.description, seconds=wait_s)
