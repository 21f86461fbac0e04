"""The second factor of staff: a code of a device (RFC 6238), or a recovery code.

A refusal is raised after its transaction, so that the count of wrong codes stays.
"""

from __future__ import annotations

import base64
import hashlib
import math
import secrets
import uuid
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import RecoveryCode, User
from accounts.selectors.second_factor import second_factor_device
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.formats import wait_text

RECOVERY_CODES: Final = 10
CODE_BYTES: Final = 10  # 80 random bits, so one round of a fast hash is enough
CODE_LETTERS: Final = CODE_BYTES * 8 // 5
MOST_FAILURES_COUNTED: Final = 10  # the wait doubles up to 512 s, and no further


def second_factor_offer(*, user: User, waiting_id: int | None = None) -> TOTPDevice:
    """Return the device that waits for its first code: ``waiting_id``, or a new one.

    Its secret is seen by the browser that it was made for alone: another that knows the password
    gets another, in its place. Changes: the waiting TOTPDevice. Locks the user. Announces nothing.
    """
    with transaction.atomic():
        _lock(user)
        waiting = TOTPDevice.objects.filter(user=user, confirmed=False)
        known = waiting.filter(pk=waiting_id).first()
        if known is not None:
            return known
        waiting.delete()
        return TOTPDevice.objects.create(user=user, name="totp", confirmed=False)


def second_factor_confirm(
    *, user: User, waiting_id: int | None, code: str
) -> tuple[TOTPDevice, list[str]]:
    """Take the waiting device into use; return it and the recovery codes, shown this once.

    Changes: the device replaces all others, the codes all older codes. Audited. Locks the user and
    the device. Errors: validation.invalid, rate.limited, not_found.
    """
    with transaction.atomic():
        _lock(user)
        waiting = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False)
        device = waiting.filter(pk=waiting_id).first()
        if device is None:
            raise _nothing_waits()
        wait_s = _wait_s(device)
        if not wait_s and _device_accepts(device, code):
            TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            _audit(user, "second_factor.enrol")
            return device, _codes_replace(user)
    raise _refusal(wait_s)


def second_factor_verify(*, user: User, code: str) -> TOTPDevice:
    """Check a code of the device or a recovery code; each is good for one time.

    A recovery code, which nobody can guess, is also taken while wrong codes make the device wait.
    Changes: the device's counters, or one RecoveryCode. Audited, refusals too. Locks the device.
    Errors: validation.invalid, rate.limited, not_found.
    """
    with transaction.atomic():
        device = second_factor_device(user=user)
        if device is None:
            raise _nothing_waits()
        device = TOTPDevice.objects.select_for_update().get(pk=device.pk)
        wait_s = _wait_s(device)
        method = "recovery_code" if _recovery_code_spend(user, code) else "totp"
        if method == "recovery_code" or (not wait_s and _device_accepts(device, code)):
            _audit(user, "second_factor.verify", method=method)
            return device
        _audit(user, "second_factor.failure", reason="wait" if wait_s else "code")
    raise _refusal(wait_s)


@transaction.atomic
def recovery_codes_renew(*, user: User) -> list[str]:
    """Return fresh recovery codes, shown this once; the older ones end. Audited."""
    _lock(user)
    _audit(user, "second_factor.codes")
    return _codes_replace(user)


@transaction.atomic
def second_factor_reset(*, user_id: uuid.UUID, actor: User | None) -> None:
    """Take device and codes away, so that the next sign-in enrols anew.

    ``actor`` is a superuser, or None for whoever has the command line. What the device let in is
    out at once. Audited. Errors: permission.denied, not_found.
    """
    if actor is not None and not (actor.is_active and actor.is_superuser):
        raise ApplicationError(ErrorCode.PERMISSION_DENIED, _("You may not do this."))
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise ApplicationError(ErrorCode.NOT_FOUND, _("There is no such account."))
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    audit_record(
        actor=str(actor.pk) if actor else "command",
        action="second_factor.reset",
        object_type="user",
        object_id=str(user.pk),
    )


def _lock(user: User) -> None:
    User.objects.select_for_update().only("pk").get(pk=user.pk)


def _wait_s(device: TOTPDevice) -> int:
    """Return for how long wrong codes make this device wait; 0 for not at all."""
    allowed, reason = device.verify_is_allowed()
    if allowed or not reason:
        return 0
    left: timedelta = reason["locked_until"] - clock.now()
    return max(1, math.ceil(left.total_seconds()))


def _device_accepts(device: TOTPDevice, code: str) -> bool:
    """Check the code; a wrong one makes the next wait longer."""
    digits = "".join(code.split())
    is_code = digits.isascii() and digits.isdigit() and len(digits) == device.digits
    if is_code and device.verify_token(digits):
        return True
    if not is_code:
        device.throttle_increment(commit=False)
    device.throttling_failure_count = min(device.throttling_failure_count, MOST_FAILURES_COUNTED)
    device.save()
    return False


def _recovery_code_spend(user: User, code: str) -> bool:
    letters = "".join(code.replace("-", " ").split()).upper()
    if len(letters) != CODE_LETTERS or not letters.isascii():
        return False
    unused = RecoveryCode.objects.filter(
        user=user, code_hash=_code_hash(user, letters), used_at__isnull=True
    )
    return unused.update(used_at=Now()) == 1


def _codes_replace(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    plain = [
        base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
        for _code in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=_code_hash(user, letters)) for letters in plain
    )
    return ["-".join(letters[at : at + 4] for at in range(0, CODE_LETTERS, 4)) for letters in plain]


def _code_hash(user: User, letters: str) -> str:
    return hashlib.sha256(f"{user.pk}:{letters}".encode()).hexdigest()


def _audit(user: User, action: str, **changes: str) -> None:
    audit_record(
        actor=str(user.pk),
        action=action,
        object_type="user",
        object_id=str(user.pk),
        changes=changes,
    )


def _nothing_waits() -> ApplicationError:
    return ApplicationError(ErrorCode.NOT_FOUND, _("No device is set up for this account."))


def _refusal(wait_s: int) -> ApplicationError:
    if not wait_s:
        text = _("This code is not right. Give the code that the device shows now.")
        return ApplicationError(ErrorCode.VALIDATION_INVALID, text, pointer="/code")
    # Translators: when is such as "in 45 seconds" or "in 20 minutes"
    waiting = _("Too many wrong codes. Try again %(when)s.") % {"when": wait_text(wait_s)}
    return ApplicationError(ErrorCode.RATE_LIMITED, waiting, extra={"retry_after_s": wait_s})
