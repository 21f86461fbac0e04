"""Give each test a state folder of its own, short enough for sockets, open to `nobody`."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from starscal.devservices import layout as layouts
from starscal.devservices.layout import Layout


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="sc-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def layout(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.setattr(layouts, "SYSTEM_STATE", (folder / "system",))
    made = Layout(state=folder / "state")
    made.prepare()
    return made


@pytest.fixture
def log(folder: Path) -> Iterator[IO[bytes]]:
    with (folder / "log").open("ab") as file:
        yield file


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the servers of the test run, and what a login shell would set."""
    for name in ("DATABASE_URL", "REDIS_URL", "LANG", "LC_ALL", "LC_CTYPE", "STARSCAL_STATE_DIR"):
        monkeypatch.delenv(name, raising=False)
