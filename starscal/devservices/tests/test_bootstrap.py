"""The script that makes .venv, run as `make` runs it, in a small checkout without requirements."""

import ast
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from starscal.devservices.layout import CHECKOUT

SCRIPT = CHECKOUT / "tools" / "bootstrap.py"
OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 9, 2, "final", 0)
runpy.run_path(sys.argv[1], run_name="__main__")
"""


@pytest.fixture
def checkout(folder: Path) -> Path:
    path = folder / ("a checkout with a long path " + "x" * 70) / ("y" * 60)
    (path / "tools").mkdir(parents=True)
    shutil.copy(SCRIPT, path / "tools")
    shutil.copytree(CHECKOUT / "tools" / "wheels", path / "tools" / "wheels")
    for name in ("requirements.txt", "requirements-dev.txt"):
        (path / name).touch()
    assert len(str(path)) > 150
    return path


def bootstrap(checkout: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"LANG", "LC_ALL"}}
    python = Path(sys.base_prefix) / "bin" / "python3"
    return subprocess.run(
        [python, "tools/bootstrap.py", *arguments],
        cwd=checkout,
        env={**kept, **env},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_old_pythons_can_read_the_script() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_gets_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OLD_PYTHON, str(SCRIPT), "run"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("StarsCalendars needs Python 3.11 or newer; this is Python 3.9")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_environment_is_made_once(checkout: Path) -> None:
    command = ("run", "--", "-c", "import sys; print(sys.prefix)")
    first = bootstrap(checkout, *command)
    assert first.returncode == 0, first.stderr
    assert Path(first.stdout.strip()) == checkout / ".venv"
    second = bootstrap(checkout, *command)
    assert (second.stdout, second.stderr) == (first.stdout, "")


@pytest.mark.slow
def test_an_interrupted_installation_is_begun_anew(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "incomplete").touch()
    done = bootstrap(checkout, "run", "--", "-c", "print('works')")
    assert done.stdout == "works\n", done.stderr
    assert not (checkout / ".venv" / "incomplete").exists()


@pytest.mark.slow
def test_a_missing_wheel_gives_one_line_that_names_it(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("no-such-moon==1.0\n")
    done = bootstrap(checkout, "run", "--", "-c", "", PIP_NO_INDEX="1")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("No wheel of no-such-moon==1.0 was found for Python")
    assert "Traceback" not in done.stderr


def test_a_port_in_use_gives_one_line_before_anything_slow(checkout: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = bootstrap(checkout, "--port", str(port), "run", "--", "-c", "")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} cannot be used (Address already in use).")
    assert done.stderr.count("\n") == 1
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_a_port_that_cannot_be_gives_one_line_with_one_that_can(checkout: Path, port: str) -> None:
    done = bootstrap(checkout, f"--port={port}", "run", "--", "-c", "")
    assert done.returncode == 1
    assert done.stderr.endswith("(it is out of range). Choose another: make run PORT=8000\n")
    assert done.stderr.count("\n") == 1
