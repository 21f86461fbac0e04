"""Is this installation ready to serve: a registry of checks, each bounded in time.

An app registers its own checks when it is ready: ``health_register("kernel", check)``. A check
runs in a thread of its own; one that hangs is reported as such, is not started a second time
while it hangs, and keeps nobody waiting longer than a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

DEADLINE_S = 1.0
FRESH_S = 1.0  # a flood of questions costs one round of checks a second

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: a figure with its unit, and a short reason in plain words."""

    ok: bool
    figure: float | None = None
    unit: str = ""
    reason: str = ""


Check = Callable[[], Finding]


class Probe:
    """One check with its last finding."""

    def __init__(self, name: str, check: Check) -> None:
        self.name = name
        self.check = check
        self.lock = threading.Lock()
        self.done = threading.Event()
        self.running = False
        self.was_ok = True
        self.finding = Finding(ok=False, reason="not asked yet")
        self.found_at = float("-inf")

    def begin(self) -> None:
        """Start the check, unless it is under way or was answered just now."""
        with self.lock:
            if self.running or time.monotonic() - self.found_at < FRESH_S:
                return
            self.running = True
            self.done.clear()
        threading.Thread(target=self._run, name="health", daemon=True).start()

    def result(self, deadline: float) -> Finding:
        """Return what the check found, or that it gave no answer in time."""
        if self.done.wait(max(0.0, deadline - time.monotonic())):
            return self.finding
        return Finding(ok=False, reason=f"no answer within {DEADLINE_S:g} s")

    def _run(self) -> None:
        try:
            finding = self.check()
        except Exception as error:  # noqa: BLE001 - whatever breaks a check is what it found
            finding = Finding(ok=False, reason=f"failed with {type(error).__name__}")
        with self.lock:
            if finding.ok != self.was_ok:  # once a change, not once a question
                self.was_ok = finding.ok
                log.info("health.changed", check=self.name, ok=finding.ok, reason=finding.reason)
            self.finding, self.found_at, self.running = finding, time.monotonic(), False
            self.done.set()


_PROBES: dict[str, Probe] = {}


def health_register(name: str, check: Check) -> None:
    """Add a check to readiness; registering a name again replaces its check."""
    _PROBES[name] = Probe(name, check)


def health_unregister(name: str) -> None:
    """Take a check out of readiness."""
    _PROBES.pop(name, None)


def health_findings() -> dict[str, Finding]:
    """Run every check, side by side, and return what they found within a second."""
    probes = dict(_PROBES)
    deadline = time.monotonic() + DEADLINE_S
    for probe in probes.values():
        probe.begin()
    return {name: probe.result(deadline) for name, probe in probes.items()}
