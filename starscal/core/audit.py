"""Write the audit trail; called by services inside their transaction."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.utils.crypto import salted_hmac

from starscal.core.backup.journal import journal_append
from starscal.core.context import request_id
from starscal.core.models import AuditEntry


def audit_record(
    *,
    actor: str,
    action: str,
    object_type: str,
    object_id: str,
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Add one entry: ``actor`` is a user's id or the name of a task, never an address."""
    journal_append(kind=action, object_id=object_id)
    return AuditEntry.objects.create(
        actor=actor,
        action=action,
        object_type=object_type,
        object_id=object_id,
        changes=changes or {},
        reason=reason,
        request_id=request_id(),
    )


def login_record(*, user_id: str, surface: str, method: str) -> AuditEntry:
    """Add that somebody signed in: ``surface`` is admin, web or api, ``method`` what they gave."""
    return audit_record(
        actor=user_id,
        action="login",
        object_type="user",
        object_id=user_id,
        changes={"surface": surface, "method": method},
    )


def login_failure_record(*, name: str, surface: str, reason: str, user: str = "") -> AuditEntry:
    """Add that signing in failed; call it outside a transaction that the failure rolls back.

    It is kept with the account that was tried, if there is one (``user``, its id). The name may be
    a password typed into the wrong field: of one that nobody has, a keyed hash is kept, by which
    tries of it can be counted.
    """
    return audit_record(
        actor="anonymous",
        action="login.failure",
        object_type="user" if user else "login",
        object_id=user or name_fingerprint(name),
        changes={"surface": surface, "reason": reason},
    )


def name_fingerprint(name: str) -> str:
    """Return what stands for a tried name in the trail, the same for any case and width."""
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    encoded = folded.encode(errors="backslashreplace").decode()
    return salted_hmac("starscal.audit.name", encoded, algorithm="sha256").hexdigest()[:32]
