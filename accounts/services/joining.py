"""Make an account for somebody whom another service has proved: without password and address."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import Final

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Registration, User
from accounts.profile_changes import DISPLAY_NAME_CHARACTERS
from accounts.texts import text_clean
from accounts.usernames import username_fold, usernames_like
from starscal.core.audit import audit_record
from starscal.core.metrics import registrations_total

NAMELESS: Final = "stargazer"
TRIES: Final = 20


@transaction.atomic
def user_join(*, names: Iterable[str], display_name: str = "", language: str = "") -> User:
    """Create an account without a password and return it; its name is like one of ``names``.

    A name that is taken, or waits for a letter to be answered, gets a number.
    Changes: one User; audit. Announces nothing. In the caller's transaction, which ties it to what
    proved the person: else nobody could sign in to it.
    """
    wanted = [*usernames_like(names), NAMELESS]
    for name in _candidates(wanted):
        user = _created(name, _shown(display_name), language)
        if user is not None:
            registrations_total.labels("joined").inc()
            audit_record(
                actor=str(user.pk), action="user.join", object_type="user", object_id=str(user.pk)
            )
            return user
    raise LookupError("No free name was found.")


def _candidates(wanted: list[str]) -> Iterator[str]:
    """Yield the names as they are, then the first with a number that nobody guesses twice."""
    yield from wanted[:-1]
    for _try in range(TRIES):
        yield f"{wanted[0]}{secrets.randbelow(900_000) + 100_000}"


def _created(name: str, display_name: str, language: str) -> User | None:
    folded = username_fold(name)
    if Registration.objects.filter(username_folded=folded).exists():
        return None
    try:
        with transaction.atomic():
            return User.objects.create(
                username=name,
                username_folded=folded,
                display_name=display_name,
                password=make_password(None),
                language=language,
            )
    except IntegrityError:
        return None


def _shown(name: str) -> str:
    try:
        return text_clean(name[:DISPLAY_NAME_CHARACTERS], most=DISPLAY_NAME_CHARACTERS)
    except ValidationError:
        return ""
