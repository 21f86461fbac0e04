"""The plugin, in test runs of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from starscal.devservices.layout import CHECKOUT
from starscal.devservices.tests.processes_of_a_run import all_end, descendants

ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
USES_THEM = """
import os, sys
import psycopg, redis

def test_servers():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        assert client.ping()
    sys.stderr.write(os.environ["REDIS_PREFIX"] + "\\n")
"""
WAITS = """
import sys

def test_wait():
    sys.stderr.write("ready\\n")
    sys.stdin.read()
"""
PRINTS = """
import os

def test_addresses():
    assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/x"
    assert os.environ["REDIS_URL"] == "redis://elsewhere"
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sc-") as path:
        yield Path(path)


def start_pytest(
    folder: Path, program: str, *arguments: str, **addresses: str
) -> subprocess.Popen[str]:
    """Run pytest with nothing but the plugin on one file."""
    (folder / "test_inner.py").write_text(program)
    dropped = {"DATABASE_URL", "REDIS_URL", "REDIS_PREFIX", "PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(folder), "-q", "-s",
         "-p", "starscal.testing.services", *arguments, str(folder)],
        cwd=CHECKOUT,
        env={**kept, "TMPDIR": str(folder), **ALONE, **addresses},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


@pytest.mark.slow
def test_servers_last_as_long_as_the_run(folder: Path) -> None:
    folder.chmod(0o711)
    output, errors = start_pytest(folder, USES_THEM).communicate(timeout=60)
    assert "1 passed" in output, output + errors
    assert "starscal-test-main" in errors
    assert not list(folder.glob("starscal-test-*"))


@pytest.mark.slow
def test_workers_share_servers_and_have_their_own_prefix(folder: Path) -> None:
    folder.chmod(0o711)
    output, errors = start_pytest(folder, USES_THEM, "-p", "xdist", "-n", "1").communicate(
        timeout=60
    )
    assert "1 passed" in output, output + errors


@pytest.mark.slow
def test_given_addresses_are_used(folder: Path) -> None:
    given = {"DATABASE_URL": "postgresql://elsewhere/x", "REDIS_URL": "redis://elsewhere"}
    output, errors = start_pytest(folder, PRINTS, **given).communicate(timeout=60)
    assert "1 passed" in output, output + errors
    assert not list(folder.glob("starscal-test-*"))


@pytest.mark.parametrize("killed", [False, True], ids=["ctrl-c", "kill"])
@pytest.mark.slow
def test_a_broken_off_run_leaves_no_process(folder: Path, killed: bool) -> None:
    folder.chmod(0o711)
    with start_pytest(folder, WAITS) as run:
        assert run.stderr is not None
        while "ready" not in run.stderr.readline():
            assert run.poll() is None
        family = descendants(run.pid)
        assert len(family) > 3
        if killed:
            run.kill()
        else:
            run.send_signal(2)
        run.communicate(timeout=30)
    assert all_end(family)


def test_an_example_may_take_as_long_as_it_takes() -> None:
    assert hypothesis_settings.default is not None
    assert hypothesis_settings.default.deadline is None
