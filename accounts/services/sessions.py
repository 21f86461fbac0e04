"""Open, renew and end sessions. Refresh tokens are opaque and known by their hashes alone."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import RefreshToken, Session, User
from accounts.tokens.access import access_sign
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.outbox import NewMessage, outbox_append
from starscal.core.plain_text import is_hidden

STREAM: Final = "revocations"
SESSION_LIFETIME: Final = timedelta(days=90)
REFRESH_LIFETIME: Final = timedelta(days=30)
RETRY_WINDOW: Final = timedelta(seconds=10)
TOKEN_BYTES: Final = 32
LONGEST_TOKEN: Final = 1000
DEVICE_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session with its tokens; one of the web has none."""

    session: Session
    access_token: str = ""
    refresh_token: str = ""


class Outcome(Enum):
    """What became of a refresh token that was sent."""

    RENEWED = auto()
    INVALID = auto()
    DEACTIVATED = auto()


@transaction.atomic
def session_open(*, user: User, kind: str = Session.Kind.API, device: str = "") -> OpenedSession:
    """Sign ``user``, who was just proved by a password or by Telegram, in on one device.

    Changes: one Session, for applications one RefreshToken; an audit entry. Announces nothing.
    Locks: the user, so that no password change or deactivation since the check is overlooked.
    Errors: auth.invalid_credentials, auth.account_deactivated.
    """
    current = _locked_user(user.pk)
    if current is None or (current.token_version, current.password) != (
        user.token_version,
        user.password,
    ):
        raise invalid_credentials()
    if not current.is_active:
        raise deactivated()
    session = Session.objects.create(
        user=user,
        kind=kind,
        device="".join(sign for sign in device if not is_hidden(sign))[:DEVICE_LENGTH],
        expires_at=clock.now() + lifetime(kind),
    )
    audit_record(
        actor=str(user.pk), action="session.open", object_type="session", object_id=str(session.pk)
    )
    if kind == Session.Kind.WEB:
        return OpenedSession(session)
    token = _token_new(current)
    _token_keep(session, token)
    return OpenedSession(session, _access(session, current), token)


def session_refresh(*, refresh_token: str) -> OpenedSession:
    """Exchange a refresh token for its one successor and a new access token.

    Changes: the token is used, its successor stored, the session's ``last_used_at``. A token that
    was used more than ten seconds ago was copied: its session ends, announced and audited.
    Locks: the session, in a statement of its own before the compare-and-set.
    Idempotent for ten seconds: a retry gets the same successor.
    Errors: auth.invalid_token, auth.account_deactivated.
    """
    outcome, opened = _refresh(refresh_token[: LONGEST_TOKEN + 1])
    if outcome is Outcome.DEACTIVATED:
        raise deactivated()
    if opened is None:
        raise invalid_token()
    return opened


@transaction.atomic
def _refresh(token: str) -> tuple[Outcome, OpenedSession | None]:
    """Decide within one transaction; the caller raises after it, so that a revocation stays."""
    row = RefreshToken.objects.filter(token_hash=token_hash(token)).first()
    if row is None:
        return Outcome.INVALID, None
    session = Session.objects.select_for_update(no_key=True).filter(pk=row.session_id).first()
    if session is None or session.revoked_at is not None or session.expires_at <= clock.now():
        return Outcome.INVALID, None
    user = User.objects.get(pk=session.user_id)
    if not user.is_active:
        return Outcome.DEACTIVATED, None
    successor = token_successor(token)
    if _use(row):
        _token_keep(session, successor)
        Session.objects.filter(pk=session.pk).update(last_used_at=Now())
    elif not _just_used(row):
        _end_if_reused(row, session)
        return Outcome.INVALID, None
    return Outcome.RENEWED, OpenedSession(session, _access(session, user), successor)


def _use(row: RefreshToken) -> bool:
    """Mark the token used, once; the caller holds the session's lock."""
    unused = RefreshToken.objects.filter(pk=row.pk, used_at__isnull=True, expires_at__gt=Now())
    return unused.update(used_at=Now()) == 1


def _just_used(row: RefreshToken) -> bool:
    return RefreshToken.objects.filter(pk=row.pk, used_at__gt=Now() - RETRY_WINDOW).exists()


def _end_if_reused(row: RefreshToken, session: Session) -> None:
    """End the session of a token used twice; one that merely expired harms nobody."""
    if RefreshToken.objects.filter(pk=row.pk, used_at__isnull=False).exists():
        _session_end(session, actor=str(session.user_id), reason="refresh_reuse")


@transaction.atomic
def session_revoke(*, session_id: uuid.UUID | str, user: User, reason: str) -> bool:
    """End one session of ``user``; say whether it was still open.

    Changes: the Session; audit. Announces ``session.revoked``. Idempotent. Locks: the session.
    """
    session = (
        Session.objects.select_for_update(no_key=True)
        .filter(pk=session_id, user=user, revoked_at__isnull=True)
        .first()
    )
    if session is None:
        return False
    _session_end(session, actor=str(user.pk), reason=reason)
    return True


@transaction.atomic
def sessions_revoke(*, user: User, reason: str, keep: uuid.UUID | str | None = None) -> int:
    """End every session of ``user`` but ``keep``, and every access token given so far.

    The session that is kept renews its access token with its refresh token. Changes: the sessions,
    ``token_version``, also of the instance given; audit. Announces ``user.revoked``. Locks: the
    user, then the sessions. Returns how many sessions ended.
    """
    current = _locked_user(user.pk)
    if current is None:
        return 0
    version = current.token_version + 1
    User.objects.filter(pk=user.pk).update(token_version=version)
    user.token_version = version
    sessions = Session.objects.filter(user=user, revoked_at__isnull=True)
    if keep is not None:
        sessions = sessions.exclude(pk=keep)
    ended = sessions.update(revoked_at=Now(), revoked_reason=reason)
    audit_record(
        actor=str(user.pk), action="sessions.revoke", object_type="user", object_id=str(user.pk),
        changes={"sessions": ended}, reason=reason,
    )  # fmt: skip
    body = {"uid": str(user.pk), "tv": version}
    key = f"revoked:user:{user.pk}:{version}"
    outbox_append(stream=STREAM, messages=[NewMessage(key=key, kind="user.revoked", body=body)])
    return ended


def lifetime(kind: str) -> timedelta:
    """Return how long a session lasts; that of a browser as long as its cookie."""
    if kind == Session.Kind.WEB:
        return timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return SESSION_LIFETIME


def token_hash(token: str) -> str:
    """Return what is stored: the token has 256 random bits, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def token_successor(token: str) -> str:
    """Return the one token that follows: computed, so that it need not be stored to be repeated."""
    digest = salted_hmac("accounts.refresh.successor", token, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def invalid_token() -> ApplicationError:
    return ApplicationError(
        ErrorCode.AUTH_TOKEN_INVALID,
        _("The token is not valid or has expired. Sign in again."),
    )


def deactivated() -> ApplicationError:
    return ApplicationError(ErrorCode.AUTH_DEACTIVATED, _("This account is deactivated."))


def invalid_credentials() -> ApplicationError:
    return ApplicationError(
        ErrorCode.AUTH_CREDENTIALS, _("The name and the password do not belong together.")
    )


def _locked_user(pk: uuid.UUID) -> User | None:
    return User.objects.select_for_update(no_key=True).filter(pk=pk).first()


def _token_new(user: User) -> str:
    """Return a token that says nothing, not even whose it is."""
    del user
    return secrets.token_urlsafe(TOKEN_BYTES)


def _token_keep(session: Session, token: str) -> None:
    expires = min(clock.now() + REFRESH_LIFETIME, session.expires_at)
    RefreshToken.objects.create(session=session, token_hash=token_hash(token), expires_at=expires)


def _access(session: Session, user: User) -> str:
    return access_sign(
        user_id=user.pk,
        session_id=session.pk,
        token_version=user.token_version,
        at=clock.now(),
        language=user.language,
    )


def _session_end(session: Session, *, actor: str, reason: str) -> None:
    """Mark a session as ended, audit and announce it; the caller holds its lock."""
    Session.objects.filter(pk=session.pk).update(revoked_at=Now(), revoked_reason=reason)
    audit_record(
        actor=actor, action="session.revoke", object_type="session",
        object_id=str(session.pk), reason=reason,
    )  # fmt: skip
    body = {"sid": str(session.pk), "uid": str(session.user_id)}
    message = NewMessage(key=f"revoked:session:{session.pk}", kind="session.revoked", body=body)
    outbox_append(stream=STREAM, messages=[message])
