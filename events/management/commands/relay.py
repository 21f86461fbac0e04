from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from events.relay import Relay
from starscal.core.garbage import loaded_put_by


class Command(BaseCommand):
    help = "Carry new messages from the log to the open web processes, until stopped."

    def handle(self, *_args: Any, **_options: Any) -> None:
        loaded_put_by()
        asyncio.run(relay_until_stopped())


async def relay_until_stopped() -> None:
    relay = Relay()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, relay.stop)
    await relay.run()
