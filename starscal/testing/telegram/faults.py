"""Faults that hit the next calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from starscal.testing.telegram.limits import Call

Kind = Literal[
    "too_many",  # 429 with retry_after, and silence for as long
    "refused",  # `code` and `told`
    "unavailable",  # 502 with a page of HTML
    "garbage",  # 200 with what is no JSON
    "shape",  # a result of another shape; what was asked is done
    "huge",  # an answer of `seconds` MiB; what was asked is done
    "slow",  # done at once, answered after `seconds`
    "hang",  # not done; the connection is closed after `seconds`
    "closed",  # not done; the connection is closed
    "lost",  # done; the connection is closed before the answer
]
KINDS: Final = get_args(Kind)
UNDONE: Final = frozenset({"refused", "too_many", "unavailable", "garbage", "hang", "closed"})


@dataclass
class Fault:
    """What the next ``times`` calls of a method or a chat (all, if not named) run into."""

    kind: Kind
    times: int = 1
    method: str = ""
    chat_id: int | None = None
    seconds: float = 1.0
    code: int = 400
    told: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"A fault is one of {', '.join(KINDS)}.")

    def hits(self, call: Call) -> bool:
        """Say whether it is the turn of this call, and count it."""
        if self.times < 1 or self.method not in ("", call.method):
            return False
        if self.chat_id is not None and self.chat_id != call.chat_id:
            return False
        self.times -= 1
        return True
