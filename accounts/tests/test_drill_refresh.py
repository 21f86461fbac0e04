"""T6b: refresh tokens under parallel use, and against what ends their session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection

from accounts.models import RefreshToken, Session, User
from accounts.services import sessions
from accounts.services.sessions import session_open, session_revoke, sessions_revoke
from accounts.tests.saboteurs import library_rotation
from starscal.core.exceptions import ApplicationError
from starscal.testing.drill import drill_full

pytestmark = [pytest.mark.drill("T6b"), pytest.mark.django_db(transaction=True)]
PARALLEL = 32
ROUNDS = 100 if drill_full() else 4
T = TypeVar("T")


def disconnect() -> None:
    connection.close()  # looked up here, for each thread has its own


class Crowd:
    """Threads with a connection each, that start at the same instant."""

    def __init__(self, size: int) -> None:
        self.pool = ThreadPoolExecutor(size)
        self.barrier = Barrier(size)
        self.size = size

    def all(self, *works: Callable[[], T]) -> list[T]:
        """Run the works at once, one in each thread, and return what they give."""
        return list(self.pool.map(self._start, works))

    def _start(self, work: Callable[[], T]) -> T:
        self.barrier.wait(timeout=60)
        return work()

    def close(self) -> None:
        self.all(*[disconnect] * self.size)
        self.pool.shutdown()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    crowd = Crowd(PARALLEL)
    yield crowd
    crowd.close()


@pytest.fixture
def user() -> User:
    return User.objects.create_user("vera")


def renewed(token: str) -> str:
    """Return the successor, or the code of the refusal in angle brackets."""
    try:
        return sessions.session_refresh(refresh_token=token).refresh_token
    except ApplicationError as error:
        return f"<{error.code}>"


def good(tokens: list[str]) -> list[str]:
    return [token for token in tokens if not token.startswith("<")]


def race(crowd: Crowd, user: User) -> set[str]:
    """Return the different answers that a crowd gets for one token."""
    token = session_open(user=user).refresh_token
    return set(crowd.all(*[lambda: renewed(token)] * PARALLEL))


def test_a_crowd_gets_one_successor(crowd: Crowd, user: User, figures: dict[str, Any]) -> None:
    answers = [race(crowd, user) for _round in range(ROUNDS)]
    successors = {token for found in answers for token in good(list(found))}
    figures |= {"rounds": ROUNDS, "parallel": PARALLEL, "successors": len(successors)}
    assert [len(found) for found in answers] == [1] * ROUNDS
    assert len(successors) == ROUNDS
    assert RefreshToken.objects.count() == 2 * ROUNDS


@pytest.mark.parametrize("end", ["logout", "password"])
def test_nothing_survives_the_end_of_the_session(
    crowd: Crowd, user: User, figures: dict[str, Any], end: str
) -> None:
    survivors, given = 0, 0
    for _round in range(ROUNDS):
        opened = session_open(user=user)
        token, session = opened.refresh_token, opened.session

        def ending(session: Session = session) -> str:
            if end == "logout":
                session_revoke(session_id=session.pk, user=user, reason=end)
            else:
                sessions_revoke(user=user, reason=end)
            return "<ended>"

        works = [lambda token=token: renewed(token)] * (PARALLEL - 1)
        answers = crowd.all(*works[:7], ending, *works[7:])
        given += len(set(good(answers)))
        survivors += len(good([renewed(successor) for successor in set(good(answers))]))
    figures |= {"rounds": ROUNDS, "against": end, "given": given, "survivors": survivors}
    assert survivors == 0
    assert not Session.objects.filter(revoked_at__isnull=True).exists()


def test_no_sign_in_survives_a_password_change(
    crowd: Crowd, user: User, figures: dict[str, Any]
) -> None:
    for _round in range(ROUNDS):
        known = User.objects.get()  # as they are whose password has just been checked

        def opening(known: User = known) -> str:
            try:
                return session_open(user=known).refresh_token
            except ApplicationError as error:
                return f"<{error.code}>"

        def changing() -> str:
            sessions_revoke(user=User.objects.get(), reason="password")
            return "<ended>"

        works = [opening] * (PARALLEL - 1)
        crowd.all(*works[:7], changing, *works[7:])
    figures |= {"rounds": ROUNDS, "opened": Session.objects.count()}
    assert not Session.objects.filter(revoked_at__isnull=True).exists()


def test_the_rotation_of_the_library_is_seen_to_fail(crowd: Crowd, user: User) -> None:
    with library_rotation():
        assert len(race(crowd, user)) > 1
        opened = session_open(user=user)
        sessions_revoke(user=user, reason="password")
        assert good([renewed(opened.refresh_token)])
