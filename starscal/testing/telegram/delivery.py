"""Deliver updates to a webhook as Telegram does: again and again until the answer is 2xx."""

from __future__ import annotations

import json
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

import httpx

from starscal.testing.telegram.inbox import Delivery, Waiting

if TYPE_CHECKING:
    from starscal.testing.telegram.double import TelegramDouble

PAUSE_S: Final = 0.05
TIMEOUT_S: Final = 10.0
MOST_THREADS: Final = 8
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


class Deliverer:
    """Threads that deliver; they start with the first webhook."""

    def __init__(self, double: TelegramDouble) -> None:
        self.double = double
        self.threads: list[Thread] = []

    def start(self, connections: int) -> None:
        """Have as many threads as the bot allows connections, up to eight."""
        while len(self.threads) < min(connections, MOST_THREADS):
            thread = Thread(target=self._run, name="telegram-delivery", daemon=True)
            self.threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Wait until all threads have ended."""
        for thread in self.threads:
            thread.join()

    def _run(self) -> None:
        with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as http:
            while not self.double.is_stopping:
                entry = self._next()
                if entry is not None:
                    self._deliver(http, entry)

    def _next(self) -> Waiting | None:
        with self.double.changed:
            entry = self.double.inbox.take() if self.double.inbox.webhook.is_here else None
            if entry is None:
                self.double.changed.wait(PAUSE_S)
            return entry

    def _deliver(self, http: httpx.Client, entry: Waiting) -> None:
        webhook = self.double.inbox.webhook
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers[SECRET_HEADER] = webhook.secret
        began = monotonic()
        try:
            content = json.dumps(entry.update).encode()
            status = http.post(webhook.url, content=content, headers=headers).status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            status = 0
        delivery = Delivery(entry.update["update_id"], began, monotonic() - began, status)
        with self.double.changed:
            self.double.inbox.settle(entry, delivery)
            self.double.changed.notify_all()
