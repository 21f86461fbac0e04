"""Delete accounts: closed at once, gone after a week, kept if the owner thinks better of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.sessions.models import Session as BrowserSession
from django.db import transaction

from accounts.links import Purpose, link_read, link_refusal, user_state
from accounts.models import Mail, User
from accounts.selectors.belongings import loose_ends, personal_stream
from accounts.selectors.people import user_locked
from accounts.services.letters import letter_queue
from accounts.services.sessions import sessions_revoke
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.streams import stream_forget

WAITS: Final = timedelta(days=7)
BATCH: Final = 100


@transaction.atomic
def user_delete_request(*, user: User) -> datetime | None:
    """Close an account at once and have it deleted after a week; return when.

    Changes: ``is_active``, ``delete_after``, the token version, all sessions, a Mail with the link
    to keep it. Idempotent: a second request moves nothing. None if there is no such user, or if
    staff closed the account out while the request was on its way: the letter would lead back in.
    """
    locked = user_locked(user_id=user.pk)
    if locked is None:
        return None
    if locked.delete_after is not None or not locked.is_active:
        return locked.delete_after  # asked for already, or closed out by staff in the meantime
    locked.delete_after = clock.now() + WAITS
    locked.is_active = False
    locked.save(update_fields=["delete_after", "is_active"])
    _audit(locked.pk, "user.delete_request")
    letter_queue(user=locked, kind=Mail.Kind.DELETION)
    sessions_revoke(user=locked, reason="user.delete_request")
    return locked.delete_after


@transaction.atomic
def user_keep(*, token: str) -> User:
    """Undo a deletion that was asked for and return the user. Works once.

    Errors: LINK_INVALID.
    """
    claims = link_read(Purpose.KEEP, token)
    user = user_locked(user_id=claims.subject_id)
    if user is None or user.delete_after is None or not claims.hold(user_state(user)):
        raise link_refusal()
    user.delete_after = None
    user.is_active = True
    user.save(update_fields=["delete_after", "is_active"])
    _audit(user.pk, "user.keep")
    return user


def users_purge(*, at: datetime) -> int:
    """Delete every account whose week is over, and return how many.

    Each in a transaction of its own. Idempotent; a run that was killed is finished by the next.
    """
    due = User.objects.filter(delete_after__lte=at).order_by("delete_after")
    gone = [pk for pk in due.values_list("pk", flat=True)[:BATCH] if _purge(pk, at)]
    if gone:
        _forget_browsers(gone)
    return len(gone)


@transaction.atomic
def user_erase(*, user: User, actor: str) -> None:
    """Delete an account now with everything that belongs to it.

    Changes: the user, all rows that hang on it, the user's own stream. What stays is the trail: the
    id, what was done and when, no value. Locks: the user's row.
    """
    uid = user.pk
    stream_forget(name=personal_stream(user=user))
    for rows in loose_ends(user=user):
        rows.delete()
    user.delete()
    audit_record(actor=actor, action="user.delete", object_type="user", object_id=str(uid))


@transaction.atomic
def _purge(user_id: UUID, at: datetime) -> bool:
    user = user_locked(user_id=user_id)
    if user is None or user.delete_after is None or user.delete_after > at:
        return False  # kept, or gone, in the meantime
    user_erase(user=user, actor="accounts.users_purge")
    return True


def _forget_browsers(user_ids: list[UUID]) -> None:
    """Drop browser sessions of the deleted; their owner stands only inside their content."""
    gone = set(map(str, user_ids))
    for session in BrowserSession.objects.iterator():
        if str(session.get_decoded().get("_auth_user_id")) in gone:
            session.delete()


def _audit(user_id: UUID, action: str) -> None:
    audit_record(actor=str(user_id), action=action, object_type="user", object_id=str(user_id))
