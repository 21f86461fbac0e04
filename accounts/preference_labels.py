"""How pages call the codes of preferences; whoever knows the codes names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise

Words = str | Promise
_LABELS: Final[dict[str, Mapping[str, Words]]] = {}
_GROUPS: Final[dict[str, Mapping[str, Words]]] = {}


def preference_labels_register(
    key: str, labels: Mapping[str, Words], groups: Mapping[str, Words]
) -> None:
    """Name the codes that pages offer for a key, in their order, and the group of each."""
    _LABELS[key] = labels
    _GROUPS[key] = groups


def preference_choices(key: str) -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in _LABELS.get(key, {}).items()]


def preference_groups(key: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices under the names of their groups, which stand as their first codes do."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, label in preference_choices(key):
        groups.setdefault(str(_GROUPS[key][code]), []).append((code, label))
    return list(groups.items())
