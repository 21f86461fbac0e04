"""Start child processes that cannot outlive their parent, and stop them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from starscal.devservices.accounts import Account

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """Return what a child runs between fork and exec to be signalled when its parent dies.

    Popen changes the user before it calls this, and must: changing the user clears the request.
    The kernel watches the thread that forked, so children are started from the main thread.
    """
    parent = os.getpid()

    def arm() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arm


def spawn(
    argv: Sequence[str | Path],
    *,
    log: IO[bytes] | int | None,
    death_signal: signal.Signals = signal.SIGKILL,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl-C reaches only its supervisor."""
    return subprocess.Popen(
        [str(part) for part in argv],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT if log is not None else None,
        env=None if env is None else dict(env),
        cwd=cwd,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        pass_fds=keep,
        preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509 - no other thread is running
    )


def stop(
    process: subprocess.Popen[bytes],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    grace_s: float = 10.0,
) -> int:
    """Ask a process to end, insist after the grace, and return its status."""
    if process.poll() is None:
        process.send_signal(stop_signal)
    try:
        return process.wait(timeout=grace_s)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def last_lines(path: Path, count: int = 12) -> list[str]:
    """Return the end of a log file."""
    try:
        text = path.read_bytes()[-16_384:].decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()][-count:]
