from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from starscal.core.garbage import loaded_put_by
from telegram_link.bot.registry import commands
from telegram_link.client import BotApi, client_from_settings
from telegram_link.configuration import bot_enabled
from telegram_link.reception import Reception
from telegram_link.resident import Resident, Work, WorkEndedError
from telegram_link.sender import Sender
from telegram_link.services.updates import updates_store
from telegram_link.watch import beating
from telegram_link.worker import updates_answer


def works_of(client: BotApi) -> dict[str, Work]:
    """Return the threads of the process."""
    sender = Sender(client)
    reception = Reception(
        client,
        commands=lambda: commands().values(),
        store=updates_store,
        is_ours=lambda: sender.is_active,
    )
    return {
        "sender": sender.run,
        "reception": reception.run,
        "answers": updates_answer,
        "heart": beating(lambda: sender.is_active),
    }


class Command(BaseCommand):
    help = "Send what waits for Telegram and answer what comes from there, until stopped."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not bot_enabled():
            self.stdout.write("The Telegram bot is off: TELEGRAM_BOT_TOKEN is not set.")
            return
        loaded_put_by()
        with client_from_settings() as client:
            try:
                Resident(works_of(client)).run()
            except WorkEndedError as error:
                raise CommandError(str(error)) from error
