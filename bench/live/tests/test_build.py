import os
import shutil
from pathlib import Path

import pytest

from bench.live.build import build
from bench.live.machine import BenchError


def test_what_is_missing_is_named_to_whom_cannot_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STARSCAL_STATE_DIR", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda _program: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(BenchError, match=r"apt-get install .* golang-go .*--only"):
        build({"centrifuge"})
