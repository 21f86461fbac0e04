"""Write the audit trail; called by services inside their transaction."""

from __future__ import annotations

from typing import Any

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
