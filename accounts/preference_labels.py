"""How pages call the codes of preferences; whoever knows the codes names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise

_LABELS: Final[dict[str, Mapping[str, str | Promise]]] = {}


def preference_labels_register(key: str, labels: Mapping[str, str | Promise]) -> None:
    """Name the codes that pages offer for a key, in the order in which they stand there."""
    _LABELS[key] = labels


def preference_choices(key: str) -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in _LABELS.get(key, {}).items()]
