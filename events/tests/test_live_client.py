"""The rule that clients follow, in Python and in JavaScript, by the same vectors."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from events.tests.live_client import decide

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "vectors" / "live_rule.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_rule(vector: dict[str, Any]) -> None:
    assert decide(vector["last"], vector["prev"], vector["seq"]) == vector["verdict"]


def test_the_javascript_client(node: str) -> None:
    command = [node, "--test", str(HERE / "live_test.mjs")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
