"""Give a command its PostgreSQL and Redis before Django reads its settings.

The environment comes first, then the servers of a running `manage.py up`, then private servers
for the duration of the command.
"""

import atexit
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import IO

from starscal.devservices.errors import DevServicesError
from starscal.devservices.layout import Layout, checkout_layout
from starscal.devservices.postgres import private_postgres
from starscal.devservices.state import (
    FileLock,
    Ownership,
    forget_servers,
    owner_note,
    running_servers,
    write_servers,
)
from starscal.devservices.valkey import private_valkey
from starscal.devservices.waiting import poll

NEEDED = ("DATABASE_URL", "REDIS_URL")
OTHERS_TIMEOUT_S = 60.0

# Commands that read and write files only. `makemigrations` asks the database about its history
# but goes on with a warning; it is given one.
WITHOUT_SERVERS = frozenset(
    {
        "",
        "--help",
        "--version",
        "-h",
        "asyncapi",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "listen",
        "makemessages",
        "messages",
        "openapi",
        "spectacular",
        "startapp",
        "up",
        "verify",
        "version",
    }
)


# Commands that look at what runs: servers started for them alone would show nothing.
ONLY_RUNNING = frozenset({"report"})


def needs_servers(argv: Sequence[str]) -> bool:
    """Say whether a command line of manage.py touches PostgreSQL or Redis."""
    command = argv[1] if len(argv) > 1 else ""
    if command in WITHOUT_SERVERS or "--help" in argv[2:] or "-h" in argv[2:]:
        return False
    if command == "check":
        return "--database" in argv or "--databases" in argv
    return True


def missing_names() -> list[str]:
    """Return which addresses the environment does not give."""
    return [name for name in NEEDED if not os.environ.get(name)]


def servers_for(argv: Sequence[str]) -> None:
    """Put the addresses that a command needs into the environment; stop at exit what we start."""
    if not needs_servers(argv) or not missing_names():
        return
    layout = checkout_layout()
    layout.prepare()
    stack = ExitStack()
    atexit.register(stack.close)
    if not borrow_servers(layout, stack) and argv[1] not in ONLY_RUNNING:
        start_servers(layout, stack, note=shlex.join(["manage.py", *argv[1:2]]))


def borrow_servers(layout: Layout, stack: ExitStack) -> bool:
    """Use the servers of another process, and have it wait for us if it is a mere command."""
    users = FileLock(layout.state / "users.lock")
    addresses = running_servers(layout) if users.take(shared=True) else None
    if addresses is None or not set(missing_names()) <= set(addresses):
        users.close()
        return False
    stack.enter_context(users)
    os.environ.update({name: addresses[name] for name in missing_names()})
    return True


def borrow_or_refuse(layout: Layout, stack: ExitStack) -> bool:
    """Borrow from a living owner; refuse at once if its own environment named the servers."""
    if borrow_servers(layout, stack):
        return True
    addresses = running_servers(layout)
    lacking = [name for name in missing_names() if addresses is not None and name not in addresses]
    if lacking:
        names = " and ".join(lacking)
        raise DevServicesError(
            f"{owner_note(layout)} was given its {names}; give this command the same."
        )
    return False


def start_servers(layout: Layout, stack: ExitStack, *, note: str) -> None:
    """Start private servers for as long as this process lives."""
    ownership = Ownership.take(layout, note=f"{note} (process {os.getpid()})")
    if ownership is None:
        if poll(
            lambda: borrow_or_refuse(layout, stack), timeout_s=OTHERS_TIMEOUT_S, interval_s=0.2
        ):
            return
        raise DevServicesError(f"{owner_note(layout)} is starting or stopping the servers.")
    stack.callback(ownership.release)
    log = stack.enter_context((layout.logs / "servers.log").open("wb"))
    addresses = start_missing(layout, stack, log, ownership)
    os.environ.update(addresses)
    stack.callback(wait_for_users, layout)
    stack.callback(forget_servers, layout)
    write_servers(layout, addresses)


def start_missing(
    layout: Layout, stack: ExitStack, log: IO[bytes], ownership: Ownership
) -> dict[str, str]:
    """Start the servers whose addresses the environment does not give."""
    addresses = {}
    keep = [ownership.servers.descriptor]
    if "DATABASE_URL" in missing_names():
        postgres = private_postgres(layout)
        stack.callback(postgres.stop, postgres.start(log=log, keep=keep))
        addresses["DATABASE_URL"] = postgres.url
    if "REDIS_URL" in missing_names():
        valkey = private_valkey(layout)
        stack.callback(valkey.stop, valkey.start(log=log, keep=keep))
        addresses["REDIS_URL"] = valkey.url
    return addresses


def wait_for_users(layout: Layout) -> None:
    """Wait until no other command uses the servers that we are about to stop."""
    with FileLock(layout.state / "users.lock") as users:
        if not users.take():
            sys.stderr.write("Another command still uses these servers; waiting for its end.\n")
            users.wait()
