"""Keep a set of processes alive, and end them in order."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from starscal.devservices import console
from starscal.devservices.errors import DevServicesError, StopRequested
from starscal.devservices.processes import last_lines
from starscal.devservices.signals import SignalWatch

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
STEADY_S = 30.0  # a process that lived this long starts over with the shortest wait
LINES_SHOWN = 12
GRACE_S = 8.0

Process = subprocess.Popen[bytes]


@dataclass
class Service:
    """A process that is meant to run as long as the supervisor."""

    name: str
    log: Path
    begin: Callable[[IO[bytes]], Process]
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = GRACE_S
    failures: int = 0
    started_at: float = 0.0
    due_at: float | None = None
    process: Process | None = field(default=None, repr=False)

    def start(self) -> Process:
        """Start the process; its output goes to its log."""
        with self.log.open("ab") as log:
            self.process = self.begin(log)
        self.started_at = time.monotonic()
        self.due_at = None
        return self.process

    def note_end(self, now: float) -> float:
        """Plan the next start after an end, and return how long it waits."""
        self.process = None
        self.failures = 1 if now - self.started_at > STEADY_S else self.failures + 1
        wait_s = min(FIRST_WAIT_S * 2.0 ** (self.failures - 1), LONGEST_WAIT_S)
        self.due_at = now + wait_s
        return wait_s


class Supervisor:
    """Start services, restart those that die, and stop them the other way round."""

    def __init__(self, watch: SignalWatch) -> None:
        self.watch = watch
        self.services: list[Service] = []

    def add(self, service: Service) -> Process:
        """Start a service and take care of it from now on."""
        self.refuse_if_stopping()
        process = service.start()
        self.services.append(service)
        return process

    def refuse_if_stopping(self) -> None:
        """Break off a start when somebody asked us to stop."""
        if self.watch.stopping:
            raise StopRequested

    def run_step(self, process: Process, log: Path | None, name: str) -> None:
        """Wait for a process that is meant to end; break off when it fails."""
        while process.poll() is None:
            if self.watch.stopping:
                end(process, signal.SIGTERM, 5.0, self.watch)
                raise StopRequested
            self.watch.wait(1.0)
        if process.returncode:
            if log is not None:
                console.quote_lines(last_lines(log, LINES_SHOWN))
            raise DevServicesError(f"{name} failed with status {process.returncode}.")

    def wait_healthy(self, service: Service, healthy: Callable[[], bool], timeout_s: float) -> None:
        """Wait until a service answers; break off when it ends instead."""
        deadline = time.monotonic() + timeout_s
        while not healthy():
            self.refuse_if_stopping()
            ended = service.process is None or service.process.poll() is not None
            if ended or time.monotonic() > deadline:
                console.quote_lines(last_lines(service.log, LINES_SHOWN))
                raise DevServicesError(f"{service.name} does not start: read {service.log}.")
            self.watch.wait(0.05)

    def run(self) -> None:
        """Restart what dies until somebody asks us to stop."""
        while not self.watch.stopping:
            now = time.monotonic()
            for service in self.services:
                self.look_after(service, now)
            self.watch.wait(self.idle_time(now))

    def look_after(self, service: Service, now: float) -> None:
        """Note that a service ended, or start it again when its time has come."""
        if service.process is not None:
            status = service.process.poll()
            if status is not None:
                wait_s = service.note_end(now)
                console.say(f"{service.name} ended ({describe(status)}); again in {wait_s:g} s")
                console.quote_lines(last_lines(service.log, 3))
        elif service.due_at is not None and now >= service.due_at:
            self.start_again(service)

    def start_again(self, service: Service) -> None:
        """Start a service once more; a failure only lengthens the wait."""
        try:
            service.start()
        except DevServicesError as error:
            service.note_end(time.monotonic())
            console.say(str(error))

    def idle_time(self, now: float) -> float:
        """Return how long nothing is due."""
        due = [service.due_at - now for service in self.services if service.due_at is not None]
        return max(min(due, default=60.0), 0.01)

    def stop_all(self) -> None:
        """End every service, the newest first."""
        for service in reversed(self.services):
            if service.process is not None:
                end(service.process, service.stop_signal, service.grace_s, self.watch)
        self.services.clear()


def describe(status: int) -> str:
    """Name how a process ended."""
    if status >= 0:
        return f"status {status}"
    return signal.Signals(-status).name


def end(process: Process, stop_signal: signal.Signals, grace_s: float, watch: SignalWatch) -> None:
    """Ask a process to end; insist after the grace, or when somebody asks a second time."""
    deadline = time.monotonic() + grace_s
    patience = watch.stop_requests + 1
    if process.poll() is None:
        process.send_signal(stop_signal)
    while process.poll() is None:
        if time.monotonic() > deadline or watch.stop_requests > patience:
            process.kill()
            process.wait()
            return
        watch.wait(0.1)


@contextmanager
def supervision() -> Iterator[Supervisor]:
    """Supervise in this block, and leave no process behind."""
    with SignalWatch() as watch:
        supervisor = Supervisor(watch)
        try:
            yield supervisor
        finally:
            supervisor.stop_all()
