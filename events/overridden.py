"""What readers are told of facts that staff set otherwise than they were computed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

import orjson
from django.db.models import Case, F, TextField, When
from django.db.models.functions import Cast, JSONObject

from events.constraints import OVERRIDABLE

Computed: TypeAlias = dict[str, datetime | int | None]
SET: Final = ("override_reason", "override_set_at")
SIDES: Final = tuple(f"{side}_{name}" for name in OVERRIDABLE for side in ("override", "computed"))


class Overrides(NamedTuple):
    """The computed values of what was set by hand, why it was, and when."""

    computed: Computed
    reason: str
    at: datetime


def overrides_of(event: Any) -> Overrides | None:
    """Return what was set of an instance of the model; None of nearly all."""
    if event.override_reason is None:
        return None
    computed = {name: getattr(event, f"computed_{name}") for name in event.overridden}
    return Overrides(computed, event.override_reason, event.override_set_at)


def overrides_column() -> Case:
    """Return the same as one column, in JSON; null of nearly all."""
    values = {name: F(name) for name in (*SET, *SIDES)}
    told = Cast(JSONObject(**values), TextField())
    return Case(When(override_reason__isnull=False, then=told), output_field=TextField())


def overrides_parsed(text: str | None) -> Overrides | None:
    """Read what ``overrides_column`` wrote."""
    if text is None:
        return None
    row = orjson.loads(text)
    computed = {
        name: _value(row[f"computed_{name}"])
        for name in OVERRIDABLE
        if row[f"override_{name}"] is not None
    }
    return Overrides(computed, row["override_reason"], datetime.fromisoformat(row[SET[1]]))


def _value(value: str | int | None) -> datetime | int | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
