"""Keep the state of the private servers: their addresses, and who owns them.

Three locks, all given back by the kernel when their holders end:
`owner.lock`   held by the one process that started the servers;
`servers.lock` handed down to the servers, so that it outlives a killed owner until they are gone;
`users.lock`   shared by the commands that use servers which another command started.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from starscal.devservices import postgres, valkey
from starscal.devservices.errors import DevServicesError
from starscal.devservices.layout import Layout
from starscal.devservices.waiting import poll

ORPHANS_TIMEOUT_S = 45.0


class FileLock:
    """An advisory lock on a file, held until it is closed or its process ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, *, shared: bool = False) -> bool:
        """Take the lock if it is free, and say whether it was."""
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self.descriptor, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait(self) -> None:
        """Take the lock as soon as nobody else holds it."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def note(self, text: str) -> None:
        """Leave a word for those who find the lock taken."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text.encode(), 0)

    def read_note(self) -> str:
        """Return the word that the holder left."""
        return os.pread(self.descriptor, 200, 0).decode("utf-8", "replace").strip()

    def close(self) -> None:
        """Give the lock back."""
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Ownership:
    """The right to run the private servers of a state folder."""

    owner: FileLock
    servers: FileLock

    @classmethod
    def take(cls, layout: Layout, *, note: str) -> Self | None:
        """Return the right, or None if another process has it.

        Servers of a killed owner are on their way out by themselves; wait for their end.
        """
        layout.prepare()
        owner = FileLock(layout.state / "owner.lock")
        if not owner.take():
            owner.close()
            return None
        owner.note(note)
        forget_servers(layout)  # of a killed owner
        servers = FileLock(layout.state / "servers.lock")
        if not poll(servers.take, timeout_s=ORPHANS_TIMEOUT_S):
            owner.close()
            servers.close()
            raise DevServicesError("The private servers of an earlier run have not ended yet.")
        return cls(owner=owner, servers=servers)

    def release(self) -> None:
        """Give the right back."""
        self.servers.close()
        self.owner.close()


def owner_note(layout: Layout) -> str:
    """Return who holds the private servers."""
    with FileLock(layout.state / "owner.lock") as lock:
        return lock.read_note()


def write_servers(layout: Layout, addresses: Mapping[str, str]) -> None:
    """Write the addresses of the private servers."""
    _write(layout.servers_file, dict(addresses))


def _write(path: Path, noted: object) -> None:
    """Write a note so that only our own account can read it, all at once."""
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(noted, file, indent=2)
    draft.replace(path)


@dataclass(frozen=True)
class StackNote:
    """A running `manage.py up`: its process, and the addresses of its web servers."""

    pid: int
    urls: list[str]


def write_stack(layout: Layout, note: StackNote) -> None:
    """Note who runs, for those who want to look at it."""
    _write(layout.stack_file, asdict(note))


def forget_stack(layout: Layout) -> None:
    """Remove the note of a run that ends."""
    layout.stack_file.unlink(missing_ok=True)


def running_stack(layout: Layout) -> StackNote | None:
    """Return the note of a `manage.py up`, if its process still holds the servers."""
    try:
        noted = StackNote(**json.loads(layout.stack_file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    with FileLock(layout.state / "owner.lock") as owner:
        return None if owner.take() else noted


def forget_servers(layout: Layout) -> None:
    """Remove the addresses of servers that are about to stop."""
    layout.servers_file.unlink(missing_ok=True)


def running_servers(layout: Layout) -> dict[str, str] | None:
    """Return the noted addresses if everything behind them answers."""
    try:
        noted = json.loads(layout.servers_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    addresses = {str(name): str(value) for name, value in noted.items()}
    return addresses if all(url_answers(url) for url in addresses.values()) else None


def url_answers(url: str) -> bool:
    """Say whether a private server answers; an address given from outside is taken on trust."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return valkey.answers(unquote(parts.path))
    folder = parse_qs(parts.query).get("host", [""])[0]
    return postgres.answers(folder) if folder.startswith("/") else True
