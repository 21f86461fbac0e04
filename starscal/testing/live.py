"""Run the real web server and relay against the database of a test."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
from django.db import connection

from starscal.devservices import ports
from starscal.devservices.layout import CHECKOUT
from starscal.devservices.processes import last_lines, spawn, stop
from starscal.devservices.waiting import poll
from starscal.health import is_well
from starscal.testing.drill.saboteurs import saboteur_named
from starscal.web import MESSAGE_BYTES

READY_TIMEOUT_S = 60.0
SERVER = "STARSCAL_TEST_SERVER"
# Any server of ASGI will do: one that offers no sinks is what every socket's own writer is for.
UVICORN = (
    "uvicorn", "starscal.asgi:application", "--loop", "uvloop", "--lifespan", "off",
    "--ws-max-size", str(MESSAGE_BYTES), "--log-level", "warning", "--no-server-header",
)  # fmt: skip
HOST = "127.0.0.1"
CELERY = ("-m", "celery", "-q", "-A", "starscal.celery")
WORK = ("worker", "--pool", "solo", "--without-mingle", "--without-gossip")


class LiveProcess:
    """One of the system's processes, which a test may kill and start again."""

    def __init__(self, argv: list[str], log: Path) -> None:
        self.argv = argv
        self.log = log
        self.environment: dict[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process against the database of this test."""
        with self.log.open("ab") as log:
            self.process = spawn(
                [sys.executable, *sabotaged(self.argv)],
                log=log,
                env=stack_environment() | self.environment,
                cwd=CHECKOUT,
            )

    def kill(self) -> None:
        """End the process as `kill -9` does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Have the process do nothing for a while, if it runs."""
        if self.process is None or self.has_ended:
            yield
            return
        self.process.send_signal(signal.SIGSTOP)
        yield
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End the process the polite way."""
        if self.process is not None:
            stop(self.process, grace_s=5.0)

    @property
    def has_ended(self) -> bool:
        """Say whether the process is gone."""
        return self.process is None or self.process.poll() is not None


class LiveServer(LiveProcess):
    """A real web server on a port of its own: Daphne or uvicorn, or gunicorn as the role `http`."""

    def __init__(self, port: int, log: Path, module: str = "starscal.web") -> None:
        self.is_daphne = os.environ.get(SERVER) != "uvicorn"
        server = (module,) if self.is_daphne or module != "starscal.web" else UVICORN
        super().__init__(["-m", *server, "--host", HOST, "--port", str(port)], log)
        self.port = port

    @property
    def url(self) -> str:
        """Return the address of the site, without a final slash."""
        return f"http://{HOST}:{self.port}"

    @property
    def ws_url(self) -> str:
        """Return the address for WebSockets, without a final slash."""
        return f"ws://{HOST}:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        super().start()
        self.wait_ready()

    def wait_ready(self) -> None:
        """Return when Daphne answers."""
        alive = f"{self.url}/livez"
        poll(lambda: self.has_ended or is_well(alive), timeout_s=READY_TIMEOUT_S)
        if not is_well(alive):
            pytest.fail("The server does not answer:\n" + "\n".join(last_lines(self.log, 30)))

    def restart(self) -> None:
        """Kill the server if it still runs, and start it on the same port."""
        self.kill()
        self.start()


def sabotaged(argv: list[str]) -> list[str]:
    """Have the saboteur of this run, if any, at work in a process, too."""
    return ["-m", "starscal.testing.drill.sabotaged", *argv] if saboteur_named() else argv


def stack_environment() -> dict[str, str]:
    """Return the environment with the address of this worker's own test database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = quote(str(connection.settings_dict["NAME"]))
    address = urlunsplit(parts._replace(path=f"/{name}"))
    return {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "starscal.settings.test",
    }


def new_relay(folder: Path) -> LiveProcess:
    """Return a relay that is not started yet."""
    return LiveProcess(["manage.py", "relay"], folder / "relay.log")


def new_worker(folder: Path, *options: str) -> LiveProcess:
    """Return a worker of Celery that is not started yet."""
    return LiveProcess([*CELERY, *WORK, *options], folder / "worker.log")


def new_http_server(folder: Path) -> LiveServer:
    """Return a gunicorn that is not started yet: the role `http`."""
    return LiveServer(ports.free_port(), folder / "http.log", "starscal.http")


def new_server(folder: Path) -> LiveServer:
    """Return a Daphne that is not started yet, on a port of its own, logging into a folder."""
    return LiveServer(ports.free_port(), folder / "web.log")


@pytest.fixture
def free_port() -> int:
    """Return a port that nobody listens on."""
    return ports.free_port()


@pytest.fixture
def live_process(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., LiveProcess]]:
    """Return what starts `manage.py` commands beside the test, and end them after it."""
    started: list[LiveProcess] = []

    def start(*command: str) -> LiveProcess:
        process = LiveProcess(["manage.py", *command], tmp_path / f"{command[0]}.log")
        started.append(process)
        process.start()
        return process

    yield start
    for process in reversed(started):
        process.stop()


@pytest.fixture
def relay(live_process: Callable[..., LiveProcess]) -> LiveProcess:
    """Run the real relay beside the test."""
    return live_process("relay")


@pytest.fixture
def running_server(transactional_db: None, free_port: int, tmp_path: Path) -> Iterator[LiveServer]:
    """Run a real Daphne on the database of this test."""
    server = LiveServer(free_port, tmp_path / "web.log")
    server.start()
    yield server
    server.stop()
