"""Create, use and end the API keys of servers."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey, ApiKeyUsage, User
from accounts.selectors.api_keys import KEYS_PER_USER
from accounts.services.sessions import invalid_token
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.plain_text import text_settled

PREFIX_BYTES: Final = 6
SECRET_BYTES: Final = 32
LONGEST: Final = 200
USE_NOTED_EVERY: Final = timedelta(minutes=1)


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    PROFILE_READ = "profile:read"


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key and its secret, which is told this once."""

    key: ApiKey
    secret: str


@transaction.atomic
def api_key_create(
    *, user: User, name: str, scopes: list[str], expires_at: datetime | None = None
) -> CreatedKey:
    """Create a key for ``user``.

    Changes: one ApiKey; audit. Announces nothing. Locks: the user, so that the count holds.
    Errors: validation.invalid beyond twenty keys, or for hidden signs in the name.
    """
    name = text_settled(name, pointer="/name", lines=False)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if ApiKey.objects.filter(user=user, revoked_at__isnull=True).count() >= KEYS_PER_USER:
        message = _("An account has at most %(limit)d API keys; delete one first.")
        raise ApplicationError(ErrorCode.VALIDATION_INVALID, message % {"limit": KEYS_PER_USER})
    prefix = f"sc_{secrets.token_hex(PREFIX_BYTES)}"
    secret = f"{prefix}.{secrets.token_urlsafe(SECRET_BYTES)}"
    key = ApiKey.objects.create(
        user=user, name=name, prefix=prefix, key_hash=_hash(secret),
        scopes=sorted(set(scopes)), expires_at=expires_at,
    )  # fmt: skip
    audit_record(
        actor=str(user.pk), action="api_key.create", object_type="api_key", object_id=str(key.pk),
        changes={"scopes": key.scopes},
    )  # fmt: skip
    return CreatedKey(key, secret)


@transaction.atomic
def api_key_revoke(*, key_id: uuid.UUID, user: User) -> bool:
    """End a key of ``user`` at once; say whether it was still good. Changes: ApiKey; audit."""
    ended = ApiKey.objects.filter(pk=key_id, user=user, revoked_at__isnull=True).update(
        revoked_at=Now()
    )
    if ended:
        audit_record(
            actor=str(user.pk), action="api_key.revoke", object_type="api_key",
            object_id=str(key_id),
        )  # fmt: skip
    return bool(ended)


@transaction.atomic
def api_keys_revoke(*, user: User) -> int:
    """End every key of ``user``; return how many were still good. Changes: ApiKey; audit."""
    good = ApiKey.objects.filter(user=user, revoked_at__isnull=True).values_list("pk", flat=True)
    return sum(api_key_revoke(key_id=pk, user=user) for pk in list(good))


def api_key_use(*, secret: str) -> ApiKey:
    """Return the key of a secret, with its user, and count the request.

    Changes: ApiKeyUsage of today (UTC). Errors: auth.invalid_token, quota.exceeded.
    """
    key = _find(secret)
    if key is None:
        raise invalid_token()
    if key.user.is_active and not _count(key):
        wait_s = _until_midnight_s(clock.now())
        raise ApplicationError(
            ErrorCode.QUOTA_EXCEEDED,
            _("The API key has used up its requests of today."),
            extra={"quota": key.daily_quota, "retry_after_s": wait_s},
            headers={"Retry-After": str(wait_s)},
        )
    if key.last_used_at is None or key.last_used_at < clock.now() - USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=Now())
    return key


def api_key_give_back(*, key: ApiKey) -> None:
    """Take back the count of one request. Changes: ApiKeyUsage of today (UTC)."""
    today = ApiKeyUsage.objects.filter(key=key, day=clock.now().date(), requests__gt=0)
    today.update(requests=F("requests") - 1)


def _find(secret: str) -> ApiKey | None:
    prefix, dot, _rest = secret.partition(".")
    if not dot or len(secret) > LONGEST or not secret.isascii() or not secret.isprintable():
        return None
    key = ApiKey.objects.select_related("user").filter(prefix=prefix).first()
    if key is None or not hmac.compare_digest(key.key_hash, _hash(secret)):
        return None
    ended = key.revoked_at or (key.expires_at and key.expires_at <= clock.now())
    return None if ended else key


COUNT: Final = """
    INSERT INTO accounts_apikeyusage AS u (key_id, day, requests)
    SELECT %(key)s, (now() AT TIME ZONE 'UTC')::date, 1 WHERE %(quota)s > 0
    ON CONFLICT (key_id, day) DO UPDATE SET requests = u.requests + 1
    WHERE u.requests < %(quota)s
    RETURNING requests
"""


def _count(key: ApiKey) -> bool:
    """Count one request of today, unless the quota is used up: one statement, so it is exact."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key.pk, "quota": key.daily_quota})
        return cursor.fetchone() is not None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _until_midnight_s(now: datetime) -> int:
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1, int((midnight - now).total_seconds()) + 1)
