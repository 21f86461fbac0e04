"""The peers' packages: beside the environment, because one of them is named as our core is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from bench.astronomy.shared import ROOT

REQUIREMENTS: Final = ROOT / "requirements-bench.txt"
PEERS_DIR: Final = Path(sys.prefix) / "bench-peers"


def ensure_peers() -> None:
    """Install what the bench compares with, once for each content of its requirements."""
    stamp = PEERS_DIR / "installed"
    wanted = REQUIREMENTS.read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {REQUIREMENTS.name} (once)", file=sys.stderr, flush=True)
    subprocess.run(  # noqa: S603 - our own interpreter
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--only-binary", ":all:", "--upgrade"),
            *("--target", str(PEERS_DIR), "-r", str(REQUIREMENTS)),
        ],
        check=True,
    )
    stamp.write_text(wanted)


def add_peers_to_path() -> None:
    """Let the peers be imported, after everything of ours."""
    sys.path.append(str(PEERS_DIR))
