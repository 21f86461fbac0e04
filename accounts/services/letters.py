"""Have a letter reach its receiver: by e-mail, else by whatever way another app knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from accounts.models import Mail, User

Carrier = Callable[[User, str], None]
_CARRIERS: Final[list[Carrier]] = []


def letter_carrier_register(carrier: Carrier) -> None:
    """Have an app above this one carry letters to people who have no address.

    It gets the receiver and the kind of the letter, within the transaction that causes it.
    """
    if carrier not in _CARRIERS:
        _CARRIERS.append(carrier)


def letter_queue(*, user: User, kind: Mail.Kind) -> None:
    """Queue a letter about an account to its owner.

    Changes: a Mail; for somebody without an address what the carriers make of it. In the caller's
    transaction. Announces nothing.
    """
    if user.email:
        Mail.objects.create(kind=kind, user=user)
        return
    for carry in _CARRIERS:
        carry(user, kind.value)


def notice_queue(*, user: User, kind: Mail.Kind) -> None:
    """Queue a letter to the confirmed address that an account has now; without one there is none.

    Changes: at most a Mail, in the caller's transaction. Announces nothing.
    """
    if user.email and user.email_verified_at:
        Mail.objects.create(kind=kind, user=user, address=user.email)
