"""What staff do to the accounts of others, put on record."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import ApiKey, Session, User
from accounts.services.api_keys import api_key_revoke
from accounts.services.deletion import user_erase
from accounts.services.sessions import session_revoke, sessions_revoke
from starscal.core.audit import audit_record

RIGHTS = ("is_active", "is_staff", "is_superuser", "groups")


@transaction.atomic
def user_edit_record(
    *, actor: User, user: User, created: bool, fields: Iterable[str], rights: Mapping[str, Any]
) -> None:
    """Put an edit of an account on record: names of fields, and of rights what they were and are.

    What stood in a field is the person's own business and is not kept. Other rights end every
    session: nothing goes on that began with the old ones. Changes: audit, all sessions.
    """
    told = sorted(set(fields) - set(RIGHTS))
    if created or told:
        action = "user.create" if created else "user.update"
        _record(actor, user, action, {"fields": told})
    if rights:
        _record(actor, user, "user.rights", dict(rights))
        sessions_revoke(user=user, reason="user.rights")


@transaction.atomic
def user_password_record(*, actor: User, user: User) -> None:
    """Put on record that staff gave an account a password, or took it away.

    Changes: audit, all sessions.
    """
    _record(actor, user, "user.password", {})
    sessions_revoke(user=user, reason="user.password")


@transaction.atomic
def users_delete(*, actor: User, users: Iterable[User]) -> None:
    """Delete accounts and all that hangs on them; open sockets hear of it. Changes: the users."""
    for user in users:
        sessions_revoke(user=user, reason="user.delete")
        user_erase(user=user, actor=str(actor.pk))


@transaction.atomic
def session_end(*, actor: User, session_id: uuid.UUID) -> bool:
    """End a session of anybody; say whether it was open. Changes: as ``session_revoke``; audit."""
    session = Session.objects.select_related("user").filter(pk=session_id).first()
    if session is None or not session_revoke(
        session_id=session.pk, user=session.user, reason="staff"
    ):
        return False
    _record(actor, session.user, "session.end", {"session": str(session.pk)})
    return True


@transaction.atomic
def api_key_end(*, actor: User, key_id: uuid.UUID) -> bool:
    """End a key of anybody; say whether it was good. Changes: as ``api_key_revoke``; audit."""
    key = ApiKey.objects.select_related("user").filter(pk=key_id).first()
    if key is None or not api_key_revoke(key_id=key.pk, user=key.user):
        return False
    _record(actor, key.user, "api_key.end", {"api_key": str(key.pk)})
    return True


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
