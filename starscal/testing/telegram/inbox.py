"""Updates that wait for the bot: numbered, filtered, handed out or delivered to its webhook."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

UNASKED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_NUMBER: Final = 700_000_001
LONGEST_WAIT_S: Final = 5.0


@dataclass
class Webhook:
    """Where updates are delivered to; nowhere without an address."""

    url: str = ""
    secret: str = ""
    connections: int = 40
    last_error: str = ""

    @property
    def is_here(self) -> bool:
        """Say whether it is on this machine: nothing is delivered beyond."""
        return urlsplit(self.url).hostname in ("127.0.0.1", "localhost")


@dataclass
class Waiting:
    """An update, when it is to be delivered next, and how often that was tried."""

    update: dict[str, Any]
    due_at: float
    tries: int = 0
    is_taken: bool = False


@dataclass(frozen=True)
class Delivery:
    """One attempt to deliver; status 0 where nobody answered."""

    update_id: int
    at: float
    took_s: float
    status: int


@dataclass
class Inbox:
    """All of it; its owner holds the lock."""

    retry_s: float = 0.1
    webhook: Webhook = field(default_factory=Webhook)
    allowed: frozenset[str] = frozenset()
    waiting: dict[int, Waiting] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    next_number: int = FIRST_NUMBER
    reader: int = 0

    def add(self, update: dict[str, Any]) -> int:
        """Number an update and let it wait, unless the bot does not want its kind."""
        number = int(update.get("update_id", self.next_number))
        self.next_number = max(self.next_number, number + 1)
        kind = next((name for name in update if name != "update_id"), "")
        if kind in self.allowed or (not self.allowed and kind not in UNASKED):
            self.waiting[number] = Waiting({**update, "update_id": number}, monotonic())
        return number

    def read(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """Return updates from ``offset`` on; earlier ones are confirmed and forgotten."""
        numbers = sorted(self.waiting)
        first = offset if offset >= 0 else (numbers[offset:] or [0])[0]
        for number in numbers:
            if number < first:
                del self.waiting[number]
        return [self.waiting[number].update for number in sorted(self.waiting)[:limit]]

    def take(self) -> Waiting | None:
        """Return an update that is due for delivery, taken from the others, or None."""
        now = monotonic()
        for number in sorted(self.waiting):
            entry = self.waiting[number]
            if not entry.is_taken and entry.due_at <= now:
                entry.is_taken = True
                return entry
        return None

    def settle(self, entry: Waiting, delivery: Delivery) -> None:
        """Forget what was delivered; try the rest again, each time later."""
        self.deliveries.append(delivery)
        if 200 <= delivery.status < 300:
            self.waiting.pop(delivery.update_id, None)
            return
        told = f"Wrong response from the webhook: {delivery.status}"
        self.webhook.last_error = told if delivery.status else "Connection refused"
        entry.tries += 1
        entry.is_taken = False
        entry.due_at = monotonic() + min(self.retry_s * 2**entry.tries, LONGEST_WAIT_S)
