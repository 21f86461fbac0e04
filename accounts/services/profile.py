"""Change the own profile."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.profile_changes import changes_read
from accounts.selectors.belongings import personal_stream
from accounts.selectors.people import user_locked
from accounts.selectors.profile import profile_etag
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.metrics import profile_writes_total
from starscal.core.outbox import NewMessage, outbox_append

ANY = "*"


def profile_update(*, user: User, body: object, if_match: str = ANY) -> User:
    """Set what ``body`` names and return the user as stored.

    Changes: one User. Announces ``profile.updated`` on the user's own stream, with the names of the
    fields and the new tag; never the values, which may reveal a belief and would stay in the log.
    The language alone is told, when it changes: open sockets go on in it.
    Idempotent: what is set already is not written. Locks: the user's row, then the stream's.
    Errors: PROFILE_INVALID with pointers; PRECONDITION_FAILED if the profile has another tag than
    ``if_match``; AUTH_USER_NOT_FOUND.
    """
    changes = changes_read(body)
    with transaction.atomic():
        locked = user_locked(user_id=user.pk)
        if locked is None:
            raise ApplicationError(
                ErrorCode.AUTH_USER_NOT_FOUND, _("The account of this token no longer exists.")
            )
        if not _matches(if_match, profile_etag(user=locked)):
            raise ApplicationError(
                ErrorCode.PRECONDITION_FAILED,
                _(
                    "Somebody has changed this in the meantime. Load it again and repeat your "
                    "change."
                ),
            )
        changed = {name: v for name, v in changes.items() if getattr(locked, name) != v}
        if changed:
            _write(locked, changed)
    if changed:
        profile_writes_total.inc()
    return locked


def _write(user: User, changed: dict[str, Any]) -> None:
    consented = bool(user.spiritual_preferences.get("consent"))
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    user.refresh_from_db()
    fields = sorted(changed)
    _audit(user, "profile.update", {"fields": fields})
    consents = bool(user.spiritual_preferences.get("consent"))
    if consents != consented:
        _audit(user, "consent.give" if consents else "consent.withdraw", {})
    profile_announce(user=user, fields=fields)


def profile_announce(*, user: User, fields: list[str]) -> None:
    """Tell the user's own stream which fields have changed; ``user`` is as stored now.

    Announces ``profile.updated``. In the caller's transaction, which holds the user's row.
    """
    etag = profile_etag(user=user)
    body: dict[str, Any] = {"fields": fields, "etag": etag}
    if "language" in fields:
        body["language"] = user.language
    message = NewMessage(key=f"profile-{user.pk}-{etag[1:-1]}", kind="profile.updated", body=body)
    outbox_append(stream=personal_stream(user=user), messages=[message])


def _audit(user: User, action: str, changes: dict[str, Any]) -> None:
    audit_record(
        actor=str(user.pk),
        action=action,
        object_type="user",
        object_id=str(user.pk),
        changes=changes,
    )


def _matches(if_match: str, etag: str) -> bool:
    """Compare as RFC 9110 does; a tag that a compressing proxy weakened counts as ours."""
    tags = [tag.strip().removeprefix("W/") for tag in if_match.split(",")]
    return ANY in tags or etag in tags
