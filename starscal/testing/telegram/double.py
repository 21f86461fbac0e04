"""A stand-in for api.telegram.org that keeps its state in memory and notes every call."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Condition, Event
from time import monotonic
from typing import Any, Final

from starscal.testing.telegram.delivery import Deliverer
from starscal.testing.telegram.faults import UNDONE, Fault
from starscal.testing.telegram.inbox import Inbox, Webhook
from starscal.testing.telegram.limits import (
    COUNTED,
    PER_SECOND,
    Call,
    Enforcer,
    Violation,
    violations,
)
from starscal.testing.telegram.methods import METHODS
from starscal.testing.telegram.people import People
from starscal.testing.telegram.refusals import Refusal, too_many
from starscal.testing.telegram.server import Server
from starscal.testing.telegram.world import Person, World

TOKEN: Final = "5550001111:" + "AAdouble-of-the-Bot-API_only-here00"
MEBIBYTE: Final = 1024 * 1024
GATEWAY: Final = b"<html><head><title>502 Bad Gateway</title></head></html>\r\n"


def bot() -> Person:
    """Return who the bot of the token is."""
    return Person(5_550_001_111, "Stars", username="stars_test_bot", is_bot=True)


@dataclass(frozen=True)
class Response:
    """What goes back over the connection; ``body`` None closes it without a word."""

    status: int
    body: bytes | None
    delay_s: float = 0.0
    retry_after: int = 0


class TelegramDouble:
    """The double. Everything public may be called from any thread while it runs."""

    def __init__(
        self, token: str = TOKEN, *, http_webhooks: bool = True, port: int = 0, retry_s: float = 0.1
    ) -> None:
        self.token = token
        self.http_webhooks = http_webhooks
        self.query_life_s = 60.0
        self.changed = Condition()
        self.stopping = Event()
        self.world = World(bot())
        self.inbox: Inbox = Inbox(retry_s=retry_s)
        self.people: People = People(self.world, self.inbox, self.changed)
        self.enforcer = Enforcer()
        self.log: list[Call] = []
        self.faults: list[Fault] = []
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.silent_until = 0.0
        self.listener: Callable[[Call], None] | None = None
        self._server = Server(self, port)
        self._deliverer = Deliverer(self)

    @property
    def url(self) -> str:
        """Return the base address, as TELEGRAM_API_BASE takes it."""
        return self._server.url

    @property
    def connections(self) -> int:
        """Return how many connections were made so far."""
        return self._server.opened

    @property
    def is_stopping(self) -> bool:
        """Say whether what waits should end."""
        return self.stopping.is_set()

    def start(self) -> None:
        """Serve from threads of its own."""
        self._server.start()

    def stop(self) -> None:
        """End all that waits and all connections."""
        self.stopping.set()
        with self.changed:
            self.changed.notify_all()
        self._deliverer.stop()
        self._server.stop()

    # What a test asks

    def calls(self, method: str = "", chat_id: int | None = None) -> list[Call]:
        """Return the calls so far, in the order in which they arrived."""
        with self.changed:
            return [
                call
                for call in self.log
                if method in ("", call.method) and chat_id in (None, call.chat_id)
            ]

    def accepted(self, chat_id: int | None = None) -> list[Call]:
        """Return the calls that put or changed a message in a chat."""
        return [
            call
            for call in self.calls(chat_id=chat_id)
            if call.method in COUNTED and call.result is not None
        ]

    def violations(self, per_second: int = PER_SECOND) -> list[Violation]:
        """Return every limit that was broken, counted from the calls alone."""
        return violations(self.calls(), per_second)

    def wait_for(self, holds: Callable[[], bool], timeout_s: float = 20.0) -> None:
        """Return once something holds, looked at after every change; raise TimeoutError else."""
        with self.changed:
            if not self.changed.wait_for(holds, timeout_s):
                raise TimeoutError(
                    f"It does not hold after {timeout_s} s and {len(self.log)} calls."
                )

    def fail(self, kind: Any, **more: Any) -> Fault:
        """Have the next calls run into a fault; see ``Fault`` for what more there is to say."""
        fault = Fault(kind, **more)
        with self.changed:
            self.faults.append(fault)
        return fault

    # What the server asks

    def answer(
        self, token: str, method: str, parameters: Mapping[str, Any], photo: bytes
    ) -> Response:
        """Return what Telegram would answer."""
        if token != self.token:
            return _refused(Refusal(401))
        name = next((known for known in METHODS if known.lower() == method.lower()), None)
        if name is None:
            return _refused(Refusal(404, "method not found"))
        at = monotonic()  # before others are waited for
        with self.changed:
            call = self._arrived(at, name, dict(parameters), photo)
            fault = next((each for each in self.faults if each.hits(call)), None)
            try:
                self._limits_check(call, fault)
                if fault is not None and fault.kind in UNDONE:
                    response = self._failed(call, fault)
                else:
                    call.result = METHODS[name](self, call)
                    call.outcome = fault.kind if fault else "ok"
                    response = _spoiled(fault, call.result)
            except Refusal as refusal:
                call.outcome = str(refusal.code)
                response = _refused(refusal)
            call.answered_at = monotonic()
            self.changed.notify_all()
        if self.listener is not None:
            self.listener(call)
        return response

    def webhook_set(self, url: str, secret: str, connections: int) -> None:
        """Deliver updates to an address of this machine from now on; to another, never."""
        with self.changed:
            self.inbox.webhook = Webhook(url, secret, connections)
            if self.inbox.webhook.is_here:
                self._deliverer.start(connections)
            self.changed.notify_all()

    def _arrived(self, at: float, method: str, parameters: dict[str, Any], photo: bytes) -> Call:
        """Note a call that has arrived."""
        call = Call(len(self.log) + 1, at, method, parameters, photo=photo)
        try:
            chat = self.world.chat_found(parameters.get("chat_id"))
        except Refusal:
            pass
        else:
            call.chat_id, call.is_group = chat.id, not chat.is_private
        self.log.append(call)
        return call

    def _limits_check(self, call: Call, fault: Fault | None) -> None:
        """Refuse what comes during a silence or, where limits are enforced, too fast."""
        silence_s = self.silent_until - call.at
        if call.counts and silence_s > 0:
            call.is_silenced = True
            if fault is not None:
                fault.times += 1  # it is for a call that would have got through
            raise too_many(silence_s)
        wait_s = self.enforcer.wait_s(call)
        if wait_s > 0:
            self.silent_until = monotonic() + wait_s
            raise too_many(wait_s)

    def _failed(self, call: Call, fault: Fault) -> Response:
        call.outcome = fault.kind
        if fault.kind == "too_many":
            refusal = too_many(fault.seconds)
            self.silent_until = monotonic() + refusal.parameters["retry_after"]
            raise refusal
        if fault.kind == "refused":
            raise Refusal(fault.code, fault.told)
        if fault.kind == "unavailable":
            return Response(502, GATEWAY)
        if fault.kind == "garbage":
            return Response(200, b'{"ok":true,"result":{"message_id"')
        return Response(0, None, fault.seconds if fault.kind == "hang" else 0.0)


def _spoiled(fault: Fault | None, result: Any) -> Response:
    """Return the answer to what was done, as a fault leaves it."""
    body = json.dumps({"ok": True, "result": result}).encode()
    if fault is None:
        return Response(200, body)
    if fault.kind == "lost":
        return Response(0, None)
    if fault.kind == "huge":
        return Response(200, body + b" " * int(fault.seconds * MEBIBYTE))
    if fault.kind == "shape":
        return Response(200, b'{"ok":true,"result":[["no","message"]]}')
    return Response(200, body, fault.seconds)


def _refused(refusal: Refusal) -> Response:
    body = json.dumps(refusal.body()).encode()
    wait = refusal.parameters.get("retry_after", 0)
    return Response(refusal.code, body, retry_after=wait)
