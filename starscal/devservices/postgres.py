"""Run a private PostgreSQL on a socket in a private folder."""

import os
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from starscal.devservices.accounts import Account, server_account
from starscal.devservices.binaries import find_postgres
from starscal.devservices.errors import DevServicesError
from starscal.devservices.layout import Layout, private_folder, server_home, socket_folder
from starscal.devservices.processes import spawn, stop
from starscal.devservices.waiting import poll

NAME = "starscal"  # of the role and of the database
SSL_REQUEST = struct.pack("!ii", 8, 80877103)  # the shortest question PostgreSQL answers
START_TIMEOUT_S = 60.0
FAST = (
    "-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
    "-c", "wal_level=minimal", "-c", "max_wal_senders=0",
)  # fmt: skip
SETTINGS = (
    "listen_addresses=", "unix_socket_permissions=0700", "max_connections=200",
    "shared_buffers=64MB", "timezone=UTC", "log_timezone=UTC", "jit=off",
)  # fmt: skip


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL: its programs, its data, its socket, the account it runs under."""

    programs: Path
    data: Path
    sockets: Path
    account: Account | None
    options: Sequence[str] = ()

    @property
    def url(self) -> str:
        """Return the address that Django and psycopg understand."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.sockets), safe='')}"

    @property
    def socket(self) -> Path:
        """Return the file that clients connect to."""
        return self.sockets / ".s.PGSQL.5432"

    def start(self, *, log: IO[bytes], keep: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        """Start the server on its data and wait until it takes connections."""
        self.initialise(log)
        self.forget_strangers()
        settings = [part for setting in SETTINGS for part in ("-c", setting)]
        process = spawn(
            [
                self.programs / "postgres",
                "-D",
                self.data,
                "-k",
                self.sockets,
                *settings,
                *self.options,
            ],
            log=log,
            death_signal=signal.SIGINT,
            env=server_environment(),
            cwd=Path("/"),
            account=self.account,
            keep=keep,
        )
        self.wait_ready(process, log)
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End the server the fast way: sessions are cut, the data are written."""
        stop(process, stop_signal=signal.SIGINT, grace_s=30.0)

    def abandon(self, process: subprocess.Popen[bytes]) -> None:
        """End a server whose data nobody will want again."""
        stop(process, stop_signal=signal.SIGQUIT, grace_s=10.0)

    def initialise(self, log: IO[bytes]) -> None:
        """Create the data folder and the database where there is none; a broken try is redone."""
        if (self.data / "initialised").is_file():
            return
        if self.data.exists():
            shutil.rmtree(self.data)
        private_folder(self.data, self.account)
        self.run_tool(
            [self.programs / "initdb", "-D", self.data, "-U", NAME, "--encoding=UTF8",
             "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject", "--no-sync"],
            log,
        )  # fmt: skip
        self.run_tool(
            [self.programs / "postgres", "--single", "-D", self.data, "postgres"],
            log,
            f"CREATE DATABASE {NAME};\n".encode(),
        )
        (self.data / "initialised").touch()

    def run_tool(self, argv: Sequence[str | Path], log: IO[bytes], text: bytes = b"") -> None:
        """Run one of PostgreSQL's programs under the server's account."""
        done = subprocess.run(
            [str(part) for part in argv],
            check=False,
            input=text,
            stdout=log,
            stderr=log,
            env=server_environment(),
            cwd="/",
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )
        if done.returncode:
            program = Path(argv[0]).name
            raise DevServicesError(f"PostgreSQL's {program} failed: read {log.name}.")

    def forget_strangers(self) -> None:
        """Remove lock files whose number has passed from a killed server to another program.

        PostgreSQL itself sees that a noted process is gone, and that sessions of it linger.
        """
        lock_files = (self.data / "postmaster.pid", Path(f"{self.socket}.lock"))
        for lock_file in lock_files:
            if lock_file.is_file() and not is_postgres(noted_pid(lock_file)):
                lock_file.unlink()

    def is_ready(self) -> bool:
        """Say whether the server has noted that it takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def wait_ready(self, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
        """Return when the server takes connections; say where to read why it does not."""
        ended = poll(
            lambda: self.is_ready() or process.poll() is not None, timeout_s=START_TIMEOUT_S
        )
        if process.poll() is not None or not ended:
            stop(process, stop_signal=signal.SIGQUIT)
            raise DevServicesError(f"PostgreSQL does not start: read {log.name}.")


def noted_pid(lock_file: Path) -> int:
    """Read the process number from one of PostgreSQL's lock files; 0 if there is none."""
    first = lock_file.read_text(encoding="utf-8").partition("\n")[0].strip().lstrip("-")
    return int(first) if first.isdigit() else 0


def is_postgres(pid: int) -> bool:
    """Say whether a process is a PostgreSQL, or cannot be asked."""
    if not Path("/proc/self/comm").exists():
        return True
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "postgres"
    except OSError:
        return False


def server_environment() -> dict[str, str]:
    """Return the environment without what would steer PostgreSQL from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LANG": "C.UTF-8"}


def private_postgres(layout: Layout, *, options: Sequence[str] = ()) -> Postgres:
    """Describe the PostgreSQL of a state folder."""
    account = server_account()
    home = server_home(layout, account)
    return Postgres(
        programs=find_postgres(layout, account),
        data=home / "postgres",
        sockets=socket_folder(home / "pg", layout.digest, account),
        account=account,
        options=options,
    )


def answers(folder: str, *, port: int = 5432, timeout_s: float = 2.0) -> bool:
    """Say whether a PostgreSQL answers on the socket in a folder."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout_s)
            line.connect(f"{folder}/.s.PGSQL.{port}")
            line.sendall(SSL_REQUEST)
            return line.recv(1) in {b"N", b"S"}
    except OSError:
        return False
