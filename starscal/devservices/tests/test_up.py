"""`manage.py up` from outside: first start, second terminal, kill, next start, Ctrl-C."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import pytest

from starscal.devservices.layout import CHECKOUT, Layout
from starscal.devservices.ports import free_port
from starscal.devservices.stack import Options, Stack, add_arguments, options_of
from starscal.devservices.supervisor import supervision
from starscal.devservices.tests.processes_of_a_run import all_end, descendants

PASSWORD = re.compile(r"with the password (\S{16})$", re.MULTILINE)


class Up:
    """One `manage.py up`, started and read to the line that says it is ready."""

    def __init__(self, state: Path, port: int, *more: str) -> None:
        self.env = {**os.environ, "STARSCAL_STATE_DIR": str(state)}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(port), *more],
            cwd=CHECKOUT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.greeting = ""

    def __enter__(self) -> Self:
        self.greeting = self.read_greeting()
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGTERM)

    def read_greeting(self) -> str:
        """Return what is printed up to the addresses and the password."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C stops everything"):
                return "".join(lines)
        self.end(signal.SIGTERM)
        pytest.fail("".join(lines))

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in a second terminal."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=CHECKOUT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def end(self, number: signal.Signals) -> str:
        """Send a signal and return what is printed after it."""
        self.process.send_signal(number)
        assert self.process.stdout is not None
        with self.process:
            return self.process.stdout.read() if not self.process.stdout.closed else ""


@pytest.mark.parametrize(
    ("words", "live_port", "live_url"),
    [
        ([], 0, "ws://127.0.0.1:8000/ws/v1/live"),
        (["--split"], 8001, "ws://127.0.0.1:8001/ws/v1/live"),
        (["--split", "9000", "--host", "::"], 9000, "ws://[::1]:9000/ws/v1/live"),
    ],
)
def test_the_sockets_may_have_a_port_of_their_own(
    words: list[str], live_port: int, live_url: str
) -> None:
    parser = ArgumentParser()
    add_arguments(parser)
    options = options_of(vars(parser.parse_args(words)))
    assert options.live_port == live_port
    assert options.live_url == live_url
    assert set(options.ports) == {8000, live_port or 8000}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_up_with_two_web_roles(layout: Layout, bare_environment: None) -> None:
    port, live_port = free_port(), free_port()
    with Up(layout.state, port, "--split", str(live_port)) as up:
        family = descendants(up.process.pid)
        assert f"ws://127.0.0.1:{live_port}/ws/v1/live" in up.greeting
        assert get(port, "/api/v1/events") == get(live_port, "/api/v1/events") == 200
        assert get(port, "/ws/v1/live") == 426
        report = json.loads(up.manage("report", "--json").stdout)
        assert [each["answers"] for each in report["web"]] == [True, True]
        names = {row["name"] for row in report["memory_mib"]["processes"]}
        assert names >= {"web (Daphne)", "web (gunicorn)", "relay", "worker", "PostgreSQL"}
        assert up.end(signal.SIGINT).endswith("Stopped.\n")
        assert all_end(family, timeout_s=5.0)
    assert not layout.stack_file.exists()


def get(port: int, path: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def assert_first_start(up: Up, layout: Layout, port: int) -> None:
    secrets = PASSWORD.findall(up.greeting)
    assert len(secrets) == 1
    assert "administrator created" in up.greeting
    assert f"http://127.0.0.1:{port}/api/v1/docs/" in up.greeting
    assert "The Telegram bot is off: TELEGRAM_BOT_TOKEN is not set." in up.greeting
    assert get(port, "/api/v1/events") == 200
    assert layout.servers_file.stat().st_mode & 0o777 == 0o600
    assert json.loads(layout.servers_file.read_text()).keys() == {"DATABASE_URL", "REDIS_URL"}
    logs = [path.read_text("utf-8") for path in layout.logs.iterdir()]
    assert not any(secrets[0] in text for text in logs)


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ({}, "http://127.0.0.1:9000"),
        ({"SITE_URL": "https://stars.example"}, "https://stars.example"),
    ],
)
def test_letters_lead_to_the_address_that_is_served(
    monkeypatch: pytest.MonkeyPatch, layout: Layout, given: dict[str, str], leads_to: str
) -> None:
    for name in ("SITE_URL", "EMAIL_URL", "EMAIL_HOST"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    options = Options(host="0.0.0.0", port=9000, with_parent=False)  # noqa: S104 - only named
    with supervision() as supervisor, ExitStack() as undo:
        stack = Stack(options, layout, supervisor, undo)
    assert stack.env["SITE_URL"] == leads_to
    ((name, path),) = stack.letters()
    assert (name, Path(path).name) == ("letters", "worker.log")
    stack.env["EMAIL_URL"] = "smtp://mail.example"
    assert stack.letters() == []


def test_there_is_a_bot_where_a_token_is_set(
    monkeypatch: pytest.MonkeyPatch, layout: Layout
) -> None:
    options = Options(host="127.0.0.1", port=9000, with_parent=False)
    for token in ("", "1:a"):
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token)
        with supervision() as supervisor, ExitStack() as undo:
            assert Stack(options, layout, supervisor, undo).has_bot == bool(token)


def assert_second_terminal(up: Up) -> None:
    assert "[X] 0001_initial" in up.manage("showmigrations", "accounts").stdout
    second = up.manage("up", "--port", str(free_port()))
    assert second.returncode == 1
    assert "are in use by `manage.py up`" in second.stderr
    assert second.stderr.count("\n") == 1


@pytest.mark.slow
def test_up_from_the_first_start_to_ctrl_c(layout: Layout, bare_environment: None) -> None:
    port = free_port()
    with Up(layout.state, port) as first:
        family = descendants(first.process.pid)
        assert_first_start(first, layout, port)
        assert_second_terminal(first)
        first.end(signal.SIGKILL)
        assert all_end(family)

    with Up(layout.state, port) as again:
        family = descendants(again.process.pid)
        assert not PASSWORD.search(again.greeting)
        assert "an administrator exists" in again.greeting
        assert get(port, "/api/v1/events") == 200
        assert again.end(signal.SIGINT).endswith("Stopped.\n")
        assert again.process.returncode == 0
        assert all_end(family, timeout_s=5.0)
    assert not layout.servers_file.exists()
    for name in ("web", "relay", "worker"):
        for line in (layout.logs / f"{name}.log").read_text("utf-8").splitlines():
            assert json.loads(line), name


def test_a_port_in_use_gives_one_line(layout: Layout, bare_environment: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "up", "--port", str(port)],
            cwd=CHECKOUT,
            env={**os.environ, "STARSCAL_STATE_DIR": str(layout.state)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is in use. Choose another: make run PORT={port + 1}\n"
    assert not layout.servers_file.exists()
