"""Count what is sent, independently of whoever sends it, and say where a limit was broken."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

COUNTED: Final = frozenset(
    {"sendMessage", "sendPhoto", "editMessageText", "editMessageCaption", "editMessageReplyMarkup"}
)
PER_SECOND: Final = 25
CHAT_GAP_S: Final = 1.0
GROUP_MINUTE: Final = 20
TELEGRAM_PER_SECOND: Final = 30


@dataclass
class Call:
    """One call as it arrived; ``at`` is the monotonic clock, the same in all processes.

    ``outcome`` is "ok", the code of a refusal, or the name of the fault that hit it.
    """

    number: int
    at: float
    method: str
    parameters: dict[str, Any]
    chat_id: int | None = None
    is_group: bool = False
    is_silenced: bool = False
    outcome: str = ""
    result: Any = None
    answered_at: float | None = None
    photo: bytes = b""

    @property
    def counts(self) -> bool:
        """Say whether limits apply to the call."""
        return self.method in COUNTED

    @property
    def text(self) -> str:
        """Return the text or caption as it was sent."""
        return str(self.parameters.get("text", self.parameters.get("caption", "")))


@dataclass(frozen=True)
class Violation:
    """A limit that was broken: "rate", "chat", "group" or "silence"."""

    kind: str
    at: float
    chat_id: int | None
    detail: str


def violations(calls: Sequence[Call], per_second: int = PER_SECOND) -> list[Violation]:
    """Return every limit that these calls have broken, in order of time."""
    counted = sorted((call for call in calls if call.counts), key=lambda call: call.at)
    found = [
        Violation("silence", call.at, call.chat_id, f"{call.method} during a silence")
        for call in counted
        if call.is_silenced
    ]
    found += _crowded("rate", counted, per_second, 1.0)
    chats: dict[int, list[Call]] = defaultdict(list)
    for call in counted:
        if call.chat_id is not None:
            chats[call.chat_id].append(call)
    for calls_of_one in chats.values():
        found += _crowded("chat", calls_of_one, 1, CHAT_GAP_S)
        if calls_of_one[0].is_group:
            found += _crowded("group", calls_of_one, GROUP_MINUTE, 60.0)
    return sorted(found, key=lambda violation: violation.at)


def _crowded(kind: str, calls: Sequence[Call], most: int, window_s: float) -> list[Violation]:
    """Return the calls that are one too many in the window that ends with them."""
    found = []
    for index in range(most, len(calls)):
        call, earlier = calls[index], calls[index - most]
        if call.at - earlier.at < window_s:
            detail = f"{most + 1} calls in {call.at - earlier.at:.3f} s, allowed {most}"
            found.append(Violation(kind, call.at, call.chat_id if kind != "rate" else None, detail))
    return found


@dataclass
class Enforcer:
    """Answer 429 as Telegram does, once its own limits are exceeded."""

    is_on: bool = False
    sent: list[float] = field(default_factory=list)
    sent_to: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))

    def wait_s(self, call: Call) -> float:
        """Return how long to wait before this call would be allowed; count it if it is."""
        if not (self.is_on and call.counts):
            return 0.0
        waits = [_wait(self.sent, call.at, TELEGRAM_PER_SECOND, 1.0)]
        if call.chat_id is not None:
            most, window = (GROUP_MINUTE, 60.0) if call.is_group else (1, 0.9)
            waits.append(_wait(self.sent_to[call.chat_id], call.at, most, window))
        if max(waits) <= 0:
            self.sent.append(call.at)
            if call.chat_id is not None:
                self.sent_to[call.chat_id].append(call.at)
        return max(waits)


def _wait(times: list[float], at: float, most: int, window_s: float) -> float:
    del times[: bisect_right(times, at - window_s)]
    return 0.0 if len(times) < most else times[-most] + window_s - at
