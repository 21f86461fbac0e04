"""What staff do to the accounts of others, put on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from starscal.core.audit import audit_record

RIGHTS = ("is_active", "is_staff", "is_superuser", "groups")


@transaction.atomic
def user_edit_record(
    *, actor: User, user: User, created: bool, fields: Iterable[str], rights: Mapping[str, Any]
) -> None:
    """Put an edit of an account on record: names of fields, and of rights what they were and are.

    What stood in a field is the person's own business and is not kept. Changes: audit.
    """
    told = sorted(set(fields) - set(RIGHTS))
    if created or told:
        action = "user.create" if created else "user.update"
        _record(actor, user, action, {"fields": told})
    if rights:
        _record(actor, user, "user.rights", dict(rights))


@transaction.atomic
def user_password_record(*, actor: User, user: User) -> None:
    """Put on record that staff gave an account a password, or took it away. Changes: audit."""
    _record(actor, user, "user.password", {})


@transaction.atomic
def users_delete(*, actor: User, users: Iterable[User]) -> None:
    """Delete accounts and all that hangs on them. Changes: the users; audit."""
    for user in users:
        _record(actor, user, "user.delete", {})
        user.delete()


@transaction.atomic
def group_edit_record(*, actor: User, group: Group, before: Mapping[str, Any]) -> None:
    """Put on record which rights a group had and has. Changes: audit."""
    after = group_state(group)
    changes = {
        name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]
    }
    audit_record(
        actor=str(actor.pk), action="group.update", object_type="group", object_id=str(group.pk),
        changes=changes,
    )  # fmt: skip


@transaction.atomic
def group_delete(*, actor: User, group: Group) -> None:
    """Delete a group; its members lose its rights. Changes: the group; audit."""
    audit_record(
        actor=str(actor.pk), action="group.delete", object_type="group", object_id=str(group.pk),
        changes={name: [value, None] for name, value in group_state(group).items()},
    )  # fmt: skip
    group.delete()


def group_state(group: Group) -> dict[str, Any]:
    """Return the name and the rights of a group, as the trail keeps them."""
    rights = group.permissions.order_by("codename").values_list("codename", flat=True)
    return {"name": group.name, "permissions": list(rights)}


def _record(actor: User, user: User, action: str, changes: dict[str, Any]) -> None:
    audit_record(
        actor=str(actor.pk), action=action, object_type="user", object_id=str(user.pk),
        changes=changes,
    )  # fmt: skip
