"""The tables of the database as text: every row, in order of the primary key, the same anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from psycopg.sql import SQL, Composed, Identifier

# The migrations themselves say what was applied; browsers sign in anew after a restore.
LEFT_OUT: Final = frozenset({"django_migrations", "django_session"})
# Values are written alike whatever the server's own taste; big statements take their time.
SESSION: Final = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
TABLES: Final = """
    SELECT c.relname,
           array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
           coalesce((SELECT array_agg(k.attname::text ORDER BY k.attnum)
                     FROM pg_index i JOIN pg_attribute k
                       ON k.attrelid = c.oid AND k.attnum = ANY(i.indkey)
                     WHERE i.indrelid = c.oid AND i.indisprimary), '{}')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    GROUP BY c.oid, c.relname ORDER BY c.relname
"""
SEQUENCES: Final = """
    SELECT c.relname, a.attname
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped
      AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, what is written of it, and what puts its rows in order."""

    name: str
    columns: Sequence[str]
    key: Sequence[str]


def session_settled() -> None:
    """Settle how values are written until the transaction ends."""
    with connection.cursor() as cursor:
        for statement in SESSION:
            cursor.execute(statement)


def tables_found() -> list[Table]:
    """Return the tables that a backup holds, by name."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = [Table(name, columns, key) for name, columns, key in cursor.fetchall()]
    return [table for table in found if table.name not in LEFT_OUT]


def rows_out(table: Table, take: Callable[[bytes | memoryview], object]) -> None:
    """Hand over all rows of a table as COPY's text."""
    with connection.cursor() as cursor, cursor.copy(_copy_out(table)) as copy:
        for piece in copy:
            take(piece)


def _copy_out(table: Table) -> Composed:
    order = SQL(", ").join(
        SQL('({}::text) COLLATE "C"').format(Identifier(name))
        for name in table.key or table.columns
    )
    return SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _names(table.columns), Identifier(table.name), order
    )


def rows_in(table: Table, give: Callable[[Callable[[bytes], object]], None]) -> None:
    """Add the rows that ``give`` hands over."""
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table.name), _names(table.columns))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        give(copy.write)


def _names(columns: Sequence[str]) -> Composed:
    return SQL(", ").join(Identifier(name) for name in columns)


def tables_with_rows(tables: Sequence[str]) -> list[str]:
    """Return which of the tables have a row."""
    return [name for name in tables if _first(SQL("SELECT EXISTS (SELECT FROM {})"), name)]


def rows_delete(tables: Sequence[str]) -> None:
    """Empty the tables; what they say of each other is checked when the transaction ends."""
    with connection.cursor() as cursor:
        for name in tables:
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(name)))


def sequences_advance() -> None:
    """Have every sequence go on after the highest number that is in its column."""
    with connection.cursor() as cursor:
        cursor.execute(SEQUENCES)
        for table, column in cursor.fetchall():
            cursor.execute(
                SQL(
                    "SELECT setval(pg_get_serial_sequence(quote_ident(%s), %s), "
                    "coalesce(max({}), 0) + 1, false) FROM {}"
                ).format(Identifier(column), Identifier(table)),
                [table, column],
            )


def _first(statement: SQL, table: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(Identifier(table)))
        row = cursor.fetchone()
    return row[0] if row else None
