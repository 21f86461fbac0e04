"""Databases beside the one of a test, in the same private PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from psycopg.sql import SQL, Identifier

from starscal.devservices.layout import CHECKOUT
from starscal.testing.live import sabotaged, stack_environment

# Who waits for a row waits for a transaction, which is of no database; what else they hold is.
WAITING = """
    SELECT count(*) FROM pg_locks AS wish WHERE NOT granted AND EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE pid = wish.pid AND datname = current_database()
    )
"""


@dataclass(frozen=True)
class OtherDatabase:
    """A database that lives as long as its test."""

    url: str

    def manage(self, *command: str, timeout_s: float = 120.0) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py on it, and return what it said."""
        return subprocess.run(
            [sys.executable, *sabotaged(["manage.py", *command])],
            env={**stack_environment(), "DATABASE_URL": self.url},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a statement finds."""
        with psycopg.connect(self.url, autocommit=True) as line:
            return line.execute(statement.encode(), values or None).fetchall()


def waiting_for_locks() -> int:
    """Return how many wait for a lock in this database; those of other workers do not count."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


@pytest.fixture
def other_database(transactional_db: None) -> Iterator[OtherDatabase]:
    """Create an empty database without tables, and drop it after the test."""
    name = f"other_{uuid4().hex}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    yield OtherDatabase(urlunsplit(parts._replace(path=f"/{name}")))
    with connection.cursor() as cursor:
        cursor.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
