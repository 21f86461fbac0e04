from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import logging, warnings
import django
django.setup()
import structlog
from starscal.core.context import context_of
logging.getLogger("some.library").warning("hello %s at %s", "a@b.example", "203.0.113.9")
with context_of("req-1", parent="req-0"):
    structlog.stdlib.get_logger("ours").info("луна", line="a\\nb", token="t", odd="\\udc80", n=3)
try:
    password = "locals-are-secret"
    raise ValueError("bad c@d.example")
except ValueError:
    logging.getLogger("some.library").exception("failed")
warnings.warn("old", stacklevel=1)
raise RuntimeError("the end")
"""


def run(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "default", "-c", SCRIPT],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "starscal.settings.test", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.slow
def test_every_line_is_one_json_object() -> None:
    done = run()
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    library, ours, failed, warned, ended = lines
    assert library["event"] == "hello [e-mail] at [address]"
    assert (library["level"], library["logger"]) == ("warning", "some.library")
    assert library["timestamp"].endswith("Z")
    assert ours["event"] == "луна"
    assert (ours["request_id"], ours["parent_id"]) == ("req-1", "req-0")
    assert (ours["line"], ours["token"], ours["n"]) == ("a\nb", "[removed]", 3)
    assert failed["exception"][0]["exc_type"] == "ValueError"
    assert failed["exception"][0]["exc_value"] == "bad [e-mail]"
    assert "old" in warned["event"]
    assert (ended["event"], ended["level"]) == ("uncaught", "critical")
    assert "locals-are-secret" not in json.dumps(lines)
    assert "request_id" not in library
    assert done.returncode == 1


@pytest.mark.slow
def test_the_readable_form_says_the_same() -> None:
    done = run(LOG_JSON="0")
    assert "hello [e-mail] at [address]" in done.stderr
    assert "ValueError: bad [e-mail]" in done.stderr
    assert "request_id" in done.stderr
    assert not done.stderr.startswith("{")


@pytest.mark.slow
def test_the_level_holds_for_libraries_too() -> None:
    assert "hello" not in run(LOG_LEVEL="error").stderr


def test_an_unknown_level_is_refused_with_the_known_ones() -> None:
    assert "LOG_LEVEL takes one of DEBUG, INFO" in run(LOG_LEVEL="loud").stderr
