"""Write accounts."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.usernames import username_fold
from starscal.core.audit import audit_record


@transaction.atomic
def staff_bootstrap(*, username: str, password: str) -> bool:
    """Create the first administrator and return True, unless somebody may administer already.

    Changes: one User. Announces nothing. Idempotent: with a superuser present it does nothing.
    """
    if User.objects.filter(is_superuser=True, is_active=True).exists():
        return False
    taken = User.objects.filter(username_folded=username_fold(username)).exists()
    name = f"{username}-2" if taken else username
    user = User.objects.create_superuser(name, password=password)
    audit_record(
        actor="bootstrap", action="staff.bootstrap", object_type="user", object_id=str(user.pk)
    )
    return True
