from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from starscal.core.garbage import loaded_put_by
from telegram_link.client import client_from_settings
from telegram_link.configuration import bot_enabled
from telegram_link.resident import Resident, WorkEndedError
from telegram_link.sender import Sender
from telegram_link.watch import beating


class Command(BaseCommand):
    help = "Send what waits for Telegram and answer what comes from there, until stopped."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not bot_enabled():
            self.stdout.write("The Telegram bot is off: TELEGRAM_BOT_TOKEN is not set.")
            return
        loaded_put_by()
        with client_from_settings() as client:
            sender = Sender(client)
            works = {"sender": sender.run, "heart": beating(lambda: sender.is_active)}
            try:
                Resident(works).run()
            except WorkEndedError as error:
                raise CommandError(str(error)) from error
