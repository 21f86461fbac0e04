"""Receive updates, as a part of ``manage.py telegram``: set the bot up, then poll or look after
the webhook.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Final

import structlog
from django.db import connection

from telegram_link.bot.frame import Command
from telegram_link.client import BotApi, BotApiError, Conflict, RetryAfter, Unauthorized
from telegram_link.configuration import webhook_enabled, webhook_url
from telegram_link.menus import MenuSetting
from telegram_link.outages import DATABASE_LOST, Pause
from telegram_link.services.polling import Store, updates_fetch
from telegram_link.services.setup import bot_setup, updates_route

POLL_S: Final = 5  # so long a process that is told to stop may wait for Telegram
LOOK_S: Final = 300.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0

log = structlog.stdlib.get_logger("starscal.telegram")


class Reception:
    """Set up and receive until told to stop; failures are logged and waited out.

    ``is_ours`` says whether it is the turn of this process: two that poll would cut each other off.
    """

    def __init__(
        self,
        api: BotApi,
        *,
        commands: Callable[[], Iterable[Command]],
        store: Store,
        is_ours: Callable[[], bool] = lambda: True,
        poll_s: int = POLL_S,
    ) -> None:
        self._api = api
        self._menus = MenuSetting(api, commands)
        self._stopping = threading.Event()
        self._store = store
        self._is_ours = is_ours
        self._poll_s = poll_s
        self._is_set_up = False
        self._pause = Pause(FIRST_WAIT_S, LONGEST_WAIT_S)

    def run(self, stopping: threading.Event) -> None:
        """Receive; one step after the other, with growing waits after failures."""
        self._stopping = stopping
        while not stopping.is_set():
            stopping.wait(self.step())
        connection.close()

    def step(self) -> float:
        """Do what is next; return how many seconds to wait before the step after it."""
        if not self._is_ours():
            self._is_set_up = False
            return FIRST_WAIT_S
        try:
            wait_s = self._received()
        except RetryAfter as error:
            log.warning("telegram.told_to_wait", seconds=error.seconds)
            return error.seconds
        except Unauthorized:
            log.warning("telegram.token_refused", hint="TELEGRAM_BOT_TOKEN is wrong or was revoked")
            return LONGEST_WAIT_S
        except Conflict as error:
            return self._waited("telegram.updates_go_elsewhere", error.description)
        except BotApiError as error:
            return self._waited("telegram.not_reached", error.description)
        except DATABASE_LOST as error:
            connection.close()
            return self._waited("telegram.database_lost", type(error).__name__)
        self._pause.reset()
        return wait_s

    def _received(self) -> float:
        if not self._is_set_up:
            bot_setup(api=self._api)
            self._is_set_up = True
            self._menus.begin()
        elif webhook_enabled():
            self._webhook_look()
        else:
            updates_fetch(api=self._api, store=self._store, wait_s=self._poll_s)
        self._menus.go_on(self._stopping)
        return min(LOOK_S, self._menus.wait_s()) if webhook_enabled() else 0.0

    def _webhook_look(self) -> None:
        """Set the webhook anew if somebody has changed it; say if it does not take updates."""
        info = self._api.get_webhook_info()
        if info.url != webhook_url():
            log.warning("telegram.webhook_changed", hint="it was set anew")
            updates_route(api=self._api)
        elif info.last_error and info.waiting:
            log.warning("telegram.webhook_fails", waiting=info.waiting, told=info.last_error[:200])

    def _waited(self, event: str, told: str) -> float:
        """Log a failure, have the set-up done again, and return the wait, each time longer."""
        log.warning(event, told=told)
        self._is_set_up = False
        return self._pause.taken_s()
