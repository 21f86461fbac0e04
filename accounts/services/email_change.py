"""Give an account another e-mail address: asked for with the password, confirmed by letter."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.faults import Faults
from accounts.links import LIFETIMES, Claims, Purpose, change_state, link_read, link_refusal
from accounts.models import EmailChange, Mail, User
from accounts.selectors.people import user_by_email, user_locked
from accounts.services.passwords import password_confirm, raise_wrong_password
from accounts.services.profile import profile_announce
from accounts.services.registration import email_read
from accounts.services.sessions import sessions_revoke
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.limits import RESET_ACCOUNT
from starscal.core.ratelimit import require


def email_change_request(*, user: User, session_id: UUID | str, password: str, email: str) -> None:
    """Keep a wish for another address, write to that address and tell the present one.

    For an address that another account has, everything is the same but the letter to it, so that
    nobody learns whose it is. A later wish takes the place of an earlier one.

    Changes: an EmailChange, at most two Mails; audit. Announces nothing. Locks: the user's row.
    Errors: VALIDATION_INVALID with pointers; RATE_LIMITED by account and by address.
    """
    password_confirm(user=user, session_id=session_id, password=password, pointer="/password")
    wanted = _checked(user, email)
    require(RESET_ACCOUNT, f"email:{user.pk}")  # nobody writes to many others by way of us
    require(RESET_ACCOUNT, wanted.lower())
    with transaction.atomic():
        locked = user_locked(user_id=user.pk)
        if locked is None or locked.password != user.password:  # changed in the meantime
            raise_wrong_password("/password")
        else:
            _keep(locked, wanted)


def email_change_confirm(*, token: str) -> User:
    """Give the account the address that the link of a letter stands for, and return the user.

    Changes: the user's address, which counts as confirmed, and token version; all sessions; the
    EmailChange goes; audit. Announces ``profile.updated`` and ``user.revoked``. Works once, and
    not after a change of the password or the address. Locks: the user's row, then the streams.
    Errors: LINK_INVALID, also if somebody else got the address in the meantime.
    """
    claims = link_read(Purpose.EMAIL, token)
    try:
        with transaction.atomic():
            return _move(claims)
    except IntegrityError:
        raise link_refusal() from None


def email_changes_expire() -> int:
    """Forget what was not confirmed in time; return how many. Idempotent."""
    return EmailChange.objects.filter(expires_at__lte=clock.now()).delete()[0]


def _checked(user: User, email: str) -> str:
    faults = Faults()
    wanted = email_read(email, faults)
    if wanted and user.email_verified_at and wanted.lower() == (user.email or "").lower():
        faults.add("/email", _("This is the address of your account already."))
    faults.settle()
    return wanted


def _keep(user: User, email: str) -> None:
    EmailChange.objects.filter(user=user).delete()
    EmailChange.objects.create(
        user=user, email=email, expires_at=clock.now() + LIFETIMES[Purpose.EMAIL]
    )
    other = user_by_email(email=email)
    if other is None or other.pk == user.pk:
        Mail.objects.create(kind=Mail.Kind.EMAIL, user=user, address=email)
    else:
        Mail.objects.create(kind=Mail.Kind.EMAIL_KNOWN, user=other)
    if user.email:
        Mail.objects.create(kind=Mail.Kind.EMAIL_NOTICE, user=user, address=user.email)
    _audit(user, "email.change_request")


def _move(claims: Claims) -> User:
    change = EmailChange.objects.filter(pk=claims.subject_id).first()
    user = user_locked(user_id=change.user_id) if change else None
    if change is None or user is None or not user.is_active:
        raise link_refusal()
    if change.expires_at <= clock.now() or not claims.hold(change_state(change, user)):
        raise link_refusal()
    if not EmailChange.objects.filter(pk=change.pk).delete()[0]:  # another wish took its place
        raise link_refusal()
    user.email, user.email_verified_at = change.email, clock.now()
    user.save(update_fields=["email", "email_verified_at"])
    user.refresh_from_db()
    _audit(user, "email.change")
    profile_announce(user=user, fields=["email", "email_verified_at"])
    sessions_revoke(user=user, reason="email.change")
    return user


def _audit(user: User, action: str) -> None:
    audit_record(actor=str(user.pk), action=action, object_type="user", object_id=str(user.pk))
