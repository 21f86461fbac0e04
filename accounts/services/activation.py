"""Leave for a while, and come back."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from accounts.links import Purpose, link_read, link_refusal, user_state
from accounts.models import Mail, User
from accounts.selectors.people import user_locked
from accounts.services.letters import letter_queue
from accounts.services.sessions import sessions_revoke
from starscal.core.audit import audit_record

LEADING_BACK: Final = (Mail.Kind.DEACTIVATION, Mail.Kind.DELETION)


@transaction.atomic
def user_deactivate(*, user: User, actor: User | None = None) -> None:
    """Close an account until it is opened again; end all sessions.

    Whoever closed the own one gets a letter with the link back; ``actor`` is a member of staff who
    closed another's, and then the links of earlier letters end, too, and of those that wait to be
    sent. Nobody closes the own account whom staff closed out while the request was on its way: the
    letter would lead back in.
    Changes: ``is_active``, the token version, all sessions, at most a Mail. Idempotent.
    """
    locked = user_locked(user_id=user.pk)
    if locked is None or (actor is None and not locked.is_active):
        return
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    audit_record(
        actor=str((actor or locked).pk),
        action="user.deactivate",
        object_type="user",
        object_id=str(locked.pk),
    )
    if actor is not None:
        Mail.objects.filter(user=locked, kind__in=LEADING_BACK).delete()
    else:
        letter_queue(user=locked, kind=Mail.Kind.DEACTIVATION)
    sessions_revoke(user=locked, reason="user.deactivate")


@transaction.atomic
def user_return(*, token: str) -> User:
    """Open an account again for whoever has the link; return the user. Works once.

    Errors: LINK_INVALID.
    """
    claims = link_read(Purpose.RETURN, token)
    user = user_locked(user_id=claims.subject_id)
    if user is None or user.is_active or user.delete_after or not claims.hold(user_state(user)):
        raise link_refusal()
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit_record(
        actor=str(user.pk), action="user.return", object_type="user", object_id=str(user.pk)
    )
    return user


@transaction.atomic
def user_reopen(*, user: User, actor: User) -> None:
    """Call off the deletion of an account that staff have opened again.

    Changes: ``delete_after``. Audited. Idempotent. Locks: the user's row.
    """
    locked = user_locked(user_id=user.pk)
    if locked is None or locked.delete_after is None:
        return
    locked.delete_after = None
    locked.save(update_fields=["delete_after"])
    audit_record(
        actor=str(actor.pk), action="user.keep", object_type="user", object_id=str(locked.pk)
    )
