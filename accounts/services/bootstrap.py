"""Write accounts."""

from __future__ import annotations

from itertools import chain, count

from django.db import transaction

from accounts.models import User
from accounts.usernames import username_fold
from starscal.core.audit import audit_record


@transaction.atomic
def staff_bootstrap(*, username: str, password: str) -> str | None:
    """Create the first administrator and return the name, unless somebody may administer already.

    A name that is taken gets a number. Changes: one User. Announces nothing. Idempotent: with a
    superuser present it does nothing.
    """
    if User.objects.filter(is_superuser=True, is_active=True).exists():
        return None
    names = chain([username], (f"{username}-{number}" for number in count(2)))
    name = next(name for name in names if not _is_taken(name))
    user = User.objects.create_superuser(name, password=password)
    audit_record(
        actor="bootstrap", action="staff.bootstrap", object_type="user", object_id=str(user.pk)
    )
    return name


def _is_taken(username: str) -> bool:
    return User.objects.filter(username_folded=username_fold(username)).exists()
