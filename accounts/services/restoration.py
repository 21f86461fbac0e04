"""What no restored backup brings back.

Deleted people, ended keys and sessions, old passwords, lost rights and devices, withdrawn consent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import structlog
from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.db.models.functions import Now
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import ApiKey, RecoveryCode, Session, User
from accounts.preferences import REVEALING
from accounts.selectors.people import user_locked
from accounts.services.deletion import WAITS, user_erase
from starscal.core.backup.journal import JournalEntry

REASON: Final = "restored"

log = structlog.stdlib.get_logger(__name__)


def _delete(entry: JournalEntry) -> int:
    user = user_locked(user_id=UUID(entry.object_id))
    if user is None:
        return 0
    user_erase(user=user, actor=REASON)
    return 1


def _delete_later(entry: JournalEntry) -> int:
    return User.objects.filter(pk=entry.object_id).update(
        is_active=False, delete_after=entry.at + WAITS
    )


def _keep(entry: JournalEntry) -> int:
    return User.objects.filter(pk=entry.object_id).update(is_active=True, delete_after=None)


def _close(entry: JournalEntry) -> int:
    return User.objects.filter(pk=entry.object_id).update(is_active=False)


def _forget_password(entry: JournalEntry) -> int:
    """The backup knows only the password before; its owner sets another by mail."""
    return User.objects.filter(pk=entry.object_id).update(password=make_password(None))


def _strip(entry: JournalEntry) -> int:
    """Which rights somebody has since the backup nobody knows; a superuser gives them anew."""
    people = User.objects.filter(pk=entry.object_id)
    User.groups.through.objects.filter(user_id=entry.object_id).delete()
    return people.update(is_staff=False, is_superuser=False)


def _forget_factor(entry: JournalEntry) -> int:
    """A device that was taken away, or gave way to another, was perhaps lost."""
    TOTPDevice.objects.filter(user_id=entry.object_id).delete()
    return _forget_codes(entry)


def _forget_codes(entry: JournalEntry) -> int:
    return RecoveryCode.objects.filter(user_id=entry.object_id).delete()[0]


def _forget_beliefs(entry: JournalEntry) -> int:
    """Keep nothing that its owner no longer wants kept."""
    user = User.objects.filter(pk=entry.object_id).first()
    if user is None:
        return 0
    kept = user.spiritual_preferences
    left = {name: kept[name] for name in kept if name not in {*REVEALING, "consent"}}
    return User.objects.filter(pk=user.pk).update(spiritual_preferences=left)


def _forget_address(entry: JournalEntry) -> int:
    """The backup knows only the address before, whose reader may not be its owner any more."""
    return User.objects.filter(pk=entry.object_id).update(email=None, email_verified_at=None)


def _end_key(entry: JournalEntry) -> int:
    return ApiKey.objects.filter(pk=entry.object_id, revoked_at=None).update(revoked_at=entry.at)


# By the action of the audit trail; in order of time, for one undoes another.
RULES: Final[dict[str, Callable[[JournalEntry], int]]] = {
    "user.delete": _delete,
    "user.delete_request": _delete_later,
    "user.keep": _keep,
    "user.deactivate": _close,
    "user.return": _keep,
    "password.change": _forget_password,
    "password.reset": _forget_password,
    "user.password": _forget_password,
    "user.rights": _strip,
    "second_factor.enrol": _forget_factor,
    "second_factor.reset": _forget_factor,
    "second_factor.codes": _forget_codes,
    "consent.withdraw": _forget_beliefs,
    "email.change": _forget_address,
    "api_key.revoke": _end_key,
}


def accounts_end_again(entries: Sequence[JournalEntry]) -> int:
    """End in a restored database what was ended since its backup; return the rows changed.

    Changes: every session ends and every access token with it, for nobody knows which of them
    were ended since; people, passwords and keys by RULES. Announces nothing: no client has a
    cursor of the new epoch. In the caller's transaction. Idempotent.
    """
    sessions = Session.objects.filter(revoked_at=None)
    changed = sessions.update(revoked_at=Now(), revoked_reason=REASON)
    User.objects.update(token_version=F("token_version") + 1)
    return changed + sum(RULES[entry.kind](entry) for entry in entries if _is_ours(entry))


def _is_ours(entry: JournalEntry) -> bool:
    """Pass over what names no row, so that one spoilt line of a file stops no restore."""
    if entry.kind not in RULES:
        return False
    try:
        UUID(entry.object_id)
    except ValueError:
        log.warning("journal.spoilt_id", kind=entry.kind)
        return False
    return True
