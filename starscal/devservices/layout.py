"""Say where the private servers of one checkout keep their things."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from starscal.devservices.accounts import Account, can_enter, hand_over
from starscal.devservices.errors import DevServicesError

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM_STATE = (Path("/var/lib/starscalendars"), Path("/var/tmp/starscalendars"))  # noqa: S108
SOCKET_PATH_BYTES = 107  # sun_path of sockaddr_un, less its final zero
LONGEST_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Layout:
    """The state folder of a checkout and what lies in it."""

    state: Path

    @property
    def servers_file(self) -> Path:
        """Hold the addresses of the running private servers."""
        return self.state / "servers.json"

    @property
    def stack_file(self) -> Path:
        """Hold the process and the addresses of a running `manage.py up`."""
        return self.state / "stack.json"

    @property
    def logs(self) -> Path:
        """Hold one log file for each process."""
        return self.state / "logs"

    @property
    def digest(self) -> str:
        """Name this checkout in a few characters."""
        return hashlib.sha256(os.fsencode(self.state)).hexdigest()[:12]

    def prepare(self) -> None:
        """Create the state folder; others may pass through it, not look into it."""
        self.state.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.state.chmod(0o711)
        self.logs.mkdir(mode=0o700, exist_ok=True)


def checkout_layout() -> Layout:
    """Return the layout of this checkout; STARSCAL_STATE_DIR moves it elsewhere."""
    return Layout(
        state=Path(os.environ.get("STARSCAL_STATE_DIR") or CHECKOUT / ".state").absolute()
    )


def system_home(layout: Layout) -> Path:
    """Return a folder outside the checkout that every account can enter."""
    for base in SYSTEM_STATE:
        home = base / layout.digest
        try:
            home.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError:
            continue
        if home.lstat().st_uid == os.geteuid() and base.lstat().st_uid == os.geteuid():
            return home
    raise DevServicesError(
        "PostgreSQL cannot run as root, `nobody` cannot enter this checkout, and no folder of "
        "the system can be written: give DATABASE_URL, or run as a normal user."
    )


def server_home(layout: Layout, account: Account | None) -> Path:
    """Return the folder for PostgreSQL's data: the state folder if its account gets there."""
    layout.prepare()
    if can_enter(layout.state, account):
        return layout.state
    home = system_home(layout)
    (layout.state / "postgres.location").write_text(f"{home}\n", encoding="utf-8")
    return home


def private_folder(path: Path, account: Account | None) -> Path:
    """Create a folder that only the account can open."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    hand_over(path, account)
    path.chmod(0o700)
    return path


def socket_folder(preferred: Path, digest: str, account: Account | None) -> Path:
    """Return a private folder for sockets, a short one if the preferred path is too long."""
    if len(os.fsencode(preferred / LONGEST_SOCKET)) <= SOCKET_PATH_BYTES:
        return private_folder(preferred, account)
    owner = account.uid if account else os.geteuid()
    short = Path(tempfile.gettempdir()) / f"starscal-{owner}-{digest}-{preferred.name[:2]}"
    if len(os.fsencode(short / LONGEST_SOCKET)) > SOCKET_PATH_BYTES:
        short = Path("/tmp") / short.name  # noqa: S108 - the owner is checked below
    try:
        short.mkdir(mode=0o700)
        hand_over(short, account)
    except FileExistsError:
        found = short.lstat()
        if found.st_uid != owner or not stat.S_ISDIR(found.st_mode):
            raise DevServicesError(f"{short} belongs to somebody else; remove it.") from None
    short.chmod(0o700)
    return short
