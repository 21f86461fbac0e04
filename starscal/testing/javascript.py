"""Run the project's JavaScript in Node, where there is one."""

import shutil
import subprocess

import pytest

OLDEST = 20  # the first with a test runner that is stable


@pytest.fixture(scope="session")
def node() -> str:
    """Return the path of Node; without one, or with an old one, the test is skipped."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("node is not installed")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.strip("v\n").partition(".")[0]) < OLDEST:
        pytest.skip(f"node is older than {OLDEST}")
    return found
