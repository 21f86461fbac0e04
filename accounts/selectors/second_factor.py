"""Read what somebody has of the second factor."""

from __future__ import annotations

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import RecoveryCode, User


def second_factor_device(*, user: User) -> TOTPDevice | None:
    """Return the device that a person confirmed, if there is one."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("-pk").first()


def recovery_codes_left(*, user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()
