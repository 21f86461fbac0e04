"""Wait for signals in the main thread without a race."""

import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack
from select import select
from types import FrameType
from typing import Self

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Handler = Callable[[int, FrameType | None], None]


class SignalWatch:
    """Count requests to stop, and wake up for them and for children that end.

    The handlers are our own because the background child of a shell starts with SIGINT ignored.
    A terminal that hangs up is heeded unless somebody asked for the contrary (`nohup`).
    """

    def __init__(self) -> None:
        self.stop_requests = 0
        self._undo = ExitStack()

    def __enter__(self) -> Self:
        reader, writer = socket.socketpair()
        self._undo.enter_context(reader)
        self._undo.enter_context(writer)
        reader.setblocking(False)
        writer.setblocking(False)
        self._reader = reader
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self._undo.callback(signal.set_wakeup_fd, before)
        for number in STOPPING:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                self._handle(number, self._request_stop)
        self._handle(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def _handle(self, number: signal.Signals, handler: Handler) -> None:
        self._undo.callback(signal.signal, number, signal.signal(number, handler))

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_requests += 1

    @property
    def stopping(self) -> bool:
        """Say whether somebody asked us to stop."""
        return self.stop_requests > 0

    def wait(self, timeout_s: float) -> None:
        """Return at the next signal, or when the time is over."""
        ready, _, _ = select([self._reader], [], [], timeout_s)
        if ready:
            self._reader.recv(4096)
