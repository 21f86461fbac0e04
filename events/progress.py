"""Tell at a terminal, or in a log, how far a long computation is and when it will be done."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final, Protocol

from events.windows import Span

BAR_WIDTH: Final = 32


class Output(Protocol):
    """What Django's commands write to."""

    def write(self, msg: str = "", *, ending: str | None = None) -> object: ...

    def isatty(self) -> bool: ...


class Progress:
    """One bar that is drawn over itself at a terminal; one line a part elsewhere."""

    def __init__(
        self, out: Output, *, whole: timedelta, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out
        self._whole = whole
        self._clock = clock
        self._begun = clock()
        self._done = timedelta()
        self._events = 0

    def show(self, part: Span, *, events: int) -> None:
        """Tell that a part is done."""
        self._done += part.end - part.start
        self._events += events
        over = self._done >= self._whole
        if self._out.isatty():
            self._out.write(f"\r{self._line(part)}", ending="\n" if over else "")
        else:
            self._out.write(self._line(part))

    def _line(self, part: Span) -> str:
        share = min(self._done / self._whole, 1.0)
        filled = round(BAR_WIDTH * share)
        spent_s = self._clock() - self._begun
        rate = self._events / spent_s if spent_s > 0 else 0.0
        left = duration(spent_s * (1 - share) / share)
        bar = "#" * filled + "-" * (BAR_WIDTH - filled)
        return (
            f"[{bar}] {share:4.0%}  {part.start:%Y-%m}  {self._events:,} events  "
            f"{rate:,.0f}/s  {left} left "
        )


def duration(seconds: float) -> str:
    """Write a duration as minutes and seconds, or hours and minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
