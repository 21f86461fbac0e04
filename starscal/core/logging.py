from __future__ import annotations

from typing import Any


def configure(config: dict[str, Any]) -> None:
    del config
