"""Comparisons that the database's indexes can serve."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, TextField
from django.db.models.lookups import Contains, StartsWith


@CharField.register_lookup
@TextField.register_lookup
class ContainsAnyCase(Contains):
    """Contain a text in any case.

    Django's ``icontains`` asks for ``UPPER(column)``, which an index of trigrams on the column
    cannot answer; ILIKE it can.
    """

    lookup_name = "contains_any_case"

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:  # noqa: ARG002 - Django's own signature
        return f"ILIKE {rhs}"


@CharField.register_lookup
@TextField.register_lookup
class BeginsAnyCase(StartsWith):
    """Begin with a text in any case, for the same indexes."""

    lookup_name = "begins_any_case"

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:  # noqa: ARG002 - Django's own signature
        return f"ILIKE {rhs}"
