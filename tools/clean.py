"""Remove what this checkout made for itself: `make clean`."""

import fcntl
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")
MADE = (".venv", "htmlcov", "staticfiles", *CACHES)
NOT_OURS = {".venv", ".git"}


def servers_run() -> bool:
    """Say whether the private servers are in use."""
    lock = ROOT / ".state" / "servers.lock"
    if not lock.exists():
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def main() -> None:
    """Remove it all, unless it is in use."""
    if servers_run():
        sys.exit("The private servers are running; stop `make run` first.")
    noted = ROOT / ".state" / "postgres.location"
    if noted.is_file():
        shutil.rmtree(noted.read_text().strip(), ignore_errors=True)
    for name in (*MADE, ".state"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for path in ROOT.rglob("__pycache__"):
        if not NOT_OURS & set(path.relative_to(ROOT).parts):
            shutil.rmtree(path)
    for path in ROOT.glob(".coverage*"):
        path.unlink()


if __name__ == "__main__":
    main()
