"""Make an account of a registration whose address is confirmed."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.links import Purpose, link_read, link_refusal, registration_state
from accounts.models import Registration, User
from accounts.selectors.people import registration_locked
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.metrics import registrations_total


def registration_verify(*, token: str) -> User:
    """Create the account that the link of a letter stands for, and return it.

    Changes: one User; the Registration goes. Announces nothing. Works once: of two at the same
    time the second finds nothing.
    Errors: LINK_INVALID, also if the address or the name got an account in the meantime.
    """
    claims = link_read(Purpose.VERIFY, token)
    try:
        with transaction.atomic():
            registration = registration_locked(registration_id=claims.subject_id)
            if registration is None or not claims.hold(registration_state(registration)):
                raise link_refusal()
            user = _user_from(registration)
    except IntegrityError:
        raise link_refusal() from None
    registrations_total.labels("verified").inc()
    return user


def _user_from(registration: Registration) -> User:
    now = clock.now()
    if registration.expires_at <= now:
        raise link_refusal()
    user = User.objects.create(
        username=registration.username,
        username_folded=registration.username_folded,
        email=registration.email,
        email_verified_at=now,
        password=registration.password,
        language=registration.language,
        timezone=registration.timezone,
    )
    registration.delete()
    audit_record(
        actor=str(user.pk), action="user.register", object_type="user", object_id=str(user.pk)
    )
    return user


def registrations_expire() -> int:
    """Forget what was not confirmed in time; return how many. Idempotent."""
    old = Registration.objects.filter(expires_at__lte=clock.now())
    return old.delete()[1].get("accounts.Registration", 0)
