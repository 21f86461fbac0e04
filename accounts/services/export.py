"""Give people everything that belongs to them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, Final, TypedDict

from django.db import transaction

from accounts.data_map import Sort, column_names, field_sort
from accounts.models import User
from accounts.selectors.belongings import Rows, belongings, loose_ends, trail
from accounts.selectors.profile import instant_text
from starscal.core import clock
from starscal.core.audit import audit_record

TRAIL: Final = "core.auditentry"
ANOTHER: Final = "another"


class ExportedTable(TypedDict):
    """The rows of one model; ``withheld`` names the fields that open doors."""

    withheld: list[str]
    rows: list[dict[str, Any]]


class Export(TypedDict):
    """Everything that belongs to a person."""

    exported_at: str
    user: str
    tables: dict[str, ExportedTable]


@transaction.atomic
def user_export(*, user: User) -> Export:
    """Return every row that belongs to a user, by model.

    Which models there are is asked of the models, so that a new one cannot be forgotten. Secrets
    are named but not given: hashes of passwords and tokens are of use to thieves alone.
    Changes: an entry of the audit trail. Announces nothing.
    """
    audit_record(
        actor=str(user.pk), action="user.export", object_type="user", object_id=str(user.pk)
    )
    rows = chain(belongings(user=user), loose_ends(user=user), [trail(user=user)])
    tables = _tables(rows)
    for entry in tables[TRAIL]["rows"]:
        if entry["actor"] != str(user.pk):
            entry["actor"] = ANOTHER  # the id of somebody else
    return {"exported_at": instant_text(clock.now()), "user": str(user.pk), "tables": tables}


def _tables(all_rows: Iterable[Rows]) -> dict[str, ExportedTable]:
    tables: dict[str, ExportedTable] = {}
    for rows in all_rows:
        label = rows.model._meta.label_lower
        given, withheld = _columns(rows)
        table = tables.setdefault(label, {"withheld": withheld, "rows": []})
        known = {row.get(rows.model._meta.pk.name) for row in table["rows"]}
        found = rows.order_by("pk").values(*given)
        table["rows"] += [row for row in found if row.get(rows.model._meta.pk.name) not in known]
    return tables


def _columns(rows: Rows) -> tuple[list[str], list[str]]:
    label = rows.model._meta.label_lower
    given: list[str] = []
    withheld: list[str] = []
    for name in column_names(rows.model):
        (withheld if field_sort(label, name) is Sort.SECRET else given).append(name)
    return given, withheld
