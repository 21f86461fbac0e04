"""Choose the system account that PostgreSQL runs under.

PostgreSQL refuses to run as root. Then it, and nothing else, runs as `nobody`.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from starscal.devservices.errors import DevServicesError


@dataclass(frozen=True)
class Account:
    """A system account by its numbers."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """Return the account that PostgreSQL drops to, or None to stay who we are."""
    if os.geteuid() != 0:
        refuse_nameless(os.geteuid())
        return None
    entry = pwd.getpwnam("nobody")
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def refuse_nameless(uid: int) -> None:
    """Say in one line what initdb would say in its log: it looks up the name of its user."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise DevServicesError(
            f"The user {uid} has no name in /etc/passwd, and PostgreSQL needs one: "
            "add it, or give DATABASE_URL."
        ) from None


def succeeds(argv: list[str], account: Account | None) -> bool:
    """Say whether a command can be run by the account and ends well."""
    try:
        done = subprocess.run(
            argv,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
            timeout=30,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except OSError:
        return False
    return done.returncode == 0


def can_enter(folder: Path, account: Account | None) -> bool:
    """Say whether the account can reach a folder."""
    return account is None or succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], account)


def hand_over(path: Path, account: Account | None) -> None:
    """Give a file or folder to the account."""
    if account is not None:
        os.chown(path, account.uid, account.gid)
