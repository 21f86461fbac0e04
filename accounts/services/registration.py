"""Ask for an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.faults import Faults
from accounts.links import LIFETIMES, Purpose
from accounts.models import Mail, Registration, User
from accounts.profile_changes import is_zone, language_fault, language_read, zone_fault
from accounts.selectors.people import user_by_email, username_taken
from accounts.usernames import username_clean, username_fold
from starscal.core import clock
from starscal.core.exceptions import ErrorCode
from starscal.core.limits import RESET_ACCOUNT
from starscal.core.metrics import registrations_total
from starscal.core.ratelimit import require

EMAIL_CHARACTERS = 255
PASSWORD_CHARACTERS = 1024


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody registers with, checked."""

    username: str
    email: str
    password: str
    language: str
    timezone: str


def user_register(
    *, username: str, email: str, password: str, language: str = "", timezone: str = ""
) -> None:
    """Keep a registration and have a letter sent to its address.

    The account comes into being when the address is confirmed, so that nobody has an account for
    an address that is not theirs. For an address that has an account already everything is the
    same but the letter, which says so; the answer, the rows and the time taken do not.

    Changes: a Registration, a Mail. Announces nothing. Once more with the same name and address
    only sends the letter again.
    Errors: PROFILE_INVALID with pointers, also for a name that is taken; RATE_LIMITED.
    """
    wish = _checked(
        username=username, email=email, password=password, language=language, timezone=timezone
    )
    # Nobody's letter box is filled by others; and no registration takes what a reset needs.
    require(RESET_ACCOUNT, f"register:{wish.email.lower()}")
    hashed = make_password(wish.password)
    try:
        with transaction.atomic():
            _keep(wish, hashed)
    except IntegrityError:  # somebody else was faster with the name
        raise_taken()
    registrations_total.labels("asked").inc()


def raise_taken() -> None:
    faults = Faults(ErrorCode.PROFILE_INVALID)
    faults.add("/username", _("This name is taken. Choose another one."))
    faults.settle()


def _keep(wish: Wish, hashed: str) -> None:
    now, folded = clock.now(), username_fold(wish.username)
    Registration.objects.filter(username_folded=folded, expires_at__lte=now).delete()
    # Asked once more: the letter goes again. The password stays the first one, for the second may
    # be that of somebody who waits for the owner of the address to confirm it.
    same = Q(username_folded=folded, email__iexact=wish.email)
    registration = Registration.objects.filter(same).first()
    if registration is None:
        if username_taken(username=wish.username):
            raise_taken()
        registration = Registration.objects.create(
            username=wish.username,
            username_folded=folded,
            email=wish.email,
            password=hashed,
            language=wish.language,
            timezone=wish.timezone,
            expires_at=now + LIFETIMES[Purpose.VERIFY],
        )
    known = user_by_email(email=wish.email)
    if known is None:
        Mail.objects.create(kind=Mail.Kind.VERIFY, registration=registration)
    else:
        Mail.objects.create(kind=Mail.Kind.KNOWN, user=known)


def _checked(*, username: str, email: str, password: str, language: str, timezone: str) -> Wish:
    faults = Faults(ErrorCode.PROFILE_INVALID)
    try:
        username = username_clean(username)
    except ValidationError as error:
        faults.add_all("/username", error)
    email = email_read(email, faults)
    person = User(username=username, email=email)
    password_check(password, person, "/password", faults)
    code = language_read(language)
    if code is None:
        faults.add("/language", language_fault())
    if not is_zone(timezone):
        faults.add("/timezone", zone_fault(timezone))
    faults.settle()
    return Wish(username, email, password, code or "en", timezone)


def email_read(email: str, faults: Faults) -> str:
    """Return an address as it is kept, with the domain in small letters."""
    email = email.strip()
    if len(email) > EMAIL_CHARACTERS or not email.isascii():
        limit = {"most": EMAIL_CHARACTERS}
        faults.add(
            "/email",
            _("Use an e-mail address of at most %(most)d Latin letters, digits and signs.") % limit,
        )
        return ""
    try:
        validate_email(email)
    except ValidationError as error:
        faults.add_all("/email", error)
    return User.objects.normalize_email(email)


def password_check(password: Any, user: User, pointer: str, faults: Faults) -> None:
    """Note what keeps a password from being a good one for this user."""
    if len(password) > PASSWORD_CHARACTERS:
        faults.add(
            pointer,
            _("At most %(most)d characters are allowed.") % {"most": PASSWORD_CHARACTERS},
        )
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults.add_all(pointer, error)
