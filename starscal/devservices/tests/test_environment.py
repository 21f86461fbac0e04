import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from starscal.devservices import environment
from starscal.devservices.environment import needs_servers, servers_for
from starscal.devservices.errors import DevServicesError
from starscal.devservices.layout import CHECKOUT, Layout
from starscal.devservices.state import Ownership, write_servers
from starscal.devservices.tests.processes_of_a_run import all_end, descendants

COMMAND = """
import os, sys
from starscal.devservices.environment import servers_for
servers_for(["manage.py", "shell"])
print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("manage.py", False),
        ("manage.py --version", False),
        ("manage.py messages compile", False),
        ("manage.py up --port 9000", False),
        ("manage.py migrate --help", False),
        ("manage.py check", False),
        ("manage.py check --database default", True),
        ("manage.py migrate", True),
        ("manage.py shell", True),
    ],
)
def test_which_commands_need_servers(line: str, expected: bool) -> None:
    assert needs_servers(shlex.split(line)) is expected


def test_given_addresses_are_left_alone(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/starscal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    monkeypatch.setattr(environment, "checkout_layout", lambda: layout)
    servers_for(["manage.py", "migrate"])
    assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/starscal"
    assert not layout.servers_file.exists()


def start_command(state: Path) -> tuple[subprocess.Popen[str], str]:
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND],
        cwd=CHECKOUT,
        env={**os.environ, "STARSCAL_STATE_DIR": str(state)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert command.stdout is not None
    return command, command.stdout.readline()


@pytest.mark.slow
def test_commands_share_servers_until_the_last_one_ends(
    layout: Layout, bare_environment: None
) -> None:
    first, its_servers = start_command(layout.state)
    second, same_servers = start_command(layout.state)
    assert its_servers == same_servers != ""
    family = descendants(first.pid)
    with first, second:
        assert first.stdin is not None
        first.stdin.close()
        assert not all_end(family, timeout_s=0.3)
        second.communicate(timeout=20)
        assert all_end(family)
    assert first.returncode == second.returncode == 0
    assert not layout.servers_file.exists()


def test_the_servers_of_the_owners_environment_are_asked_for_at_once(
    layout: Layout, bare_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "checkout_layout", lambda: layout)
    ownership = Ownership.take(layout, note="`manage.py up` at http://here")
    assert ownership is not None
    write_servers(layout, {})
    with pytest.raises(DevServicesError, match="was given its DATABASE_URL and REDIS_URL"):
        servers_for(["manage.py", "migrate"])
    ownership.release()


@pytest.mark.slow
def test_a_killed_owners_note_does_not_stop_a_command(
    layout: Layout, bare_environment: None
) -> None:
    layout.prepare()
    write_servers(layout, {})
    command, its_servers = start_command(layout.state)
    command.communicate(timeout=20)
    assert its_servers != ""
