"""Find sessions that have not ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.models import RefreshToken, Session, User


@dataclass(frozen=True, slots=True)
class Statement:
    """The query of user and session, and how its row becomes a user.

    Each request with a token asks it: putting the same statement together anew, and telling its
    columns apart, would cost Django a millisecond each time.
    """

    sql: str
    names: list[str]
    converters: list[tuple[int, Any]]

    def user(self, row: list[Any]) -> User:
        """Return the user of a row, as Django would build one."""
        for at, convert in self.converters:
            row[at] = convert(row[at], None, connection)
        return User.from_db(connection.alias, self.names, row)


@cache
def statement() -> Statement:
    """Return the query, which the models decide once."""
    fields = User._meta.concrete_fields
    quoted = [f'u."{field.column}"' for field in fields]
    columns = ", ".join(["s.revoked_at", "s.expires_at", *quoted])
    sql = (
        f"SELECT {columns} FROM accounts_session s "  # noqa: S608 - names of columns, none given
        "JOIN accounts_user u ON u.id = s.user_id WHERE s.id = %s AND s.user_id = %s"
    )
    converters = [
        (at, convert)
        for at, field in enumerate(fields)
        for convert in field.get_db_converters(connection)
    ]
    return Statement(sql, [field.attname for field in fields], converters)


def session_user(*, session_id: UUID, user_id: UUID) -> tuple[User, bool, datetime] | None:
    """Return whose session it is, whether it was ended, and when it expires, in one query."""
    asked = statement()
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, [session_id, user_id])
        row = cursor.fetchone()
    if row is None:
        return None
    revoked_at, expires_at, *values = row
    return asked.user(values), revoked_at is not None, expires_at


SHOWN = 100


def sessions_open(*, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(revoked_at__isnull=True, expires_at__gt=at)


def session_of_token(*, token_hash: str) -> UUID | None:
    """Return the session that a refresh token belongs to, used or not, ended or not."""
    found = RefreshToken.objects.filter(token_hash=token_hash)
    return found.values_list("session_id", flat=True).first()


def browser_session(*, session_id: str | UUID, at: datetime) -> Session | None:
    """Return the session of a browser with its user, in one query, if neither was closed."""
    found = sessions_open(at=at).select_related("user")
    return found.filter(pk=session_id, kind=Session.Kind.WEB, user__is_active=True).first()


def session_began(*, session_id: str | UUID, since: datetime) -> bool:
    """Say whether a session that is open was begun at a moment or later."""
    if not session_id:
        return False
    open_now = Session.objects.filter(pk=session_id, revoked_at__isnull=True)
    return open_now.filter(created_at__gte=since).exists()


def sessions_of(*, user: User, at: datetime) -> list[Session]:
    """Return where a user is signed in, the latest used first, a hundred at most."""
    return list(sessions_open(at=at).filter(user=user).order_by("-last_used_at")[:SHOWN])
