"""How a recomputation changes an event: the parts that differ, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from events.models import Event, TextState
from events.rendering import rounded
from starscal.core.i18n import column

# What bears names of its own inside is compared by them.
PARTS: Final = {"astronomical_data": "data", "provenance": "provenance"}
UNTOLD: Final = frozenset({"tt_jd1", "tt_jd2"})  # the instant says the same

Values = Mapping[str, Any]
Sides = tuple[dict[str, Any], dict[str, Any]]


class Difference(NamedTuple):
    """What a run changed of an event; ``after`` is None if it was not found any more."""

    event_id: UUID
    family: str
    occurs_at: datetime
    before: dict[str, Any]
    after: dict[str, Any] | None


def difference_of(
    event: Event, *, stored: Values, facts: Values, words: Values, states: Iterable[TextState]
) -> Difference:
    """Return how an event that is still as it was stored differs from what was just computed.

    ``stored`` are the facts computed before, ``facts`` those of now, ``words`` the machine's new
    texts by column, and ``states`` those of the event's texts.
    """
    plain = [name for name in facts if name not in PARTS and name not in UNTOLD]
    pairs: dict[str, tuple[Values, Values]] = {
        "facts": ({n: stored[n] for n in plain}, {n: facts[n] for n in plain}),
        **{part: (stored[name], facts[name]) for name, part in PARTS.items()},
        "texts": (_machine_texts(event, words, states), words),
    }
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for part, (old, new) in pairs.items():
        gone, come = _apart(old, new)
        before |= {part: gone} if gone else {}
        after |= {part: come} if come else {}
    return Difference(event.pk, event.family, stored["occurs_at"], before, after)


def _machine_texts(event: Event, words: Values, states: Iterable[TextState]) -> dict[str, str]:
    """Return what the machine wrote last, served or beside a person's text."""
    kept = {column(state.field, state.language): state.generated_text for state in states}
    return {name: kept[name] if name in kept else getattr(event, name) or "" for name in words}


def _apart(old: Values, new: Values) -> Sides:
    """Return both sides of what differs by more than the noise of floating point."""
    names = [
        name
        for name in {**old, **new}
        if old.get(name) != new.get(name) and rounded(old.get(name)) != rounded(new.get(name))
    ]
    return {n: old[n] for n in names if n in old}, {n: new[n] for n in names if n in new}
