"""Find who signs in."""

from __future__ import annotations

from django.db.models.functions import Lower

from accounts.models import User
from accounts.usernames import username_fold


def user_by_login(*, login: str) -> User | None:
    """Return who has this e-mail address, in any case, or this username, in any case and width.

    An address goes first: nobody catches the sign-ins of another by a name that looks like one.
    """
    if "@" in login:
        found = User.objects.alias(folded=Lower("email")).filter(folded=login.lower()).first()
        if found is not None:
            return found
    return User.objects.filter(username_folded=username_fold(login)).first()
