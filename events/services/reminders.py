"""Set and delete what a person wishes to be reminded of."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.faults import Faults, pointer_of
from accounts.models import User
from accounts.selectors.membership import feature_require
from events.kinds import EVENT_TYPES
from events.models import LEAD_MINUTES_MOST, Reminder
from starscal.core.api.parameters import quoted
from starscal.core.exceptions import ApplicationError, ErrorCode

REMINDERS_MOST: Final = 50
FEATURE: Final = "reminders"


def reminder_set(*, user: User, event_type: str, lead_minutes: int) -> Reminder:
    """Have a person told of every event of a kind, so many minutes before it.

    Changes: one Reminder. Announces nothing. Idempotent: one that is there already is returned.
    Locks: the user's row, so that two at once stay below the most.
    Errors: VALIDATION_INVALID with pointers; AUTH_USER_NOT_FOUND; SUBSCRIPTION_REQUIRED where
    reminders are for members of the channel alone.
    """
    _check(event_type, lead_minutes)
    feature_require(user=user, feature=FEATURE)  # before any lock: it may ask Telegram
    with transaction.atomic():
        _owner_hold(user)
        own = Reminder.objects.filter(user=user)
        found = own.filter(event_type=event_type, lead_minutes=lead_minutes).first()
        if found is not None:
            return found
        if own.count() >= REMINDERS_MOST:
            raise ApplicationError(
                ErrorCode.VALIDATION_INVALID,
                _("An account may have at most %(most)d reminders. Delete one first.")
                % {"most": REMINDERS_MOST},
            )
        wish = {"user": user, "event_type": event_type, "lead_minutes": lead_minutes}
        added = Reminder.objects.create(**wish)
    added.refresh_from_db()  # the database says when
    return added


def _owner_hold(user: User) -> None:
    if not User.objects.select_for_update(no_key=True).filter(pk=user.pk).exists():
        raise ApplicationError(
            ErrorCode.AUTH_USER_NOT_FOUND, _("The account of this token no longer exists.")
        )


def reminder_delete(*, user: User, reminder_id: UUID) -> bool:
    """Delete a reminder of a person; say whether there was one. Announces nothing. Idempotent."""
    gone, _by_model = Reminder.objects.filter(user=user, pk=reminder_id).delete()
    return bool(gone)


def reminder_unset(*, user: User, event_type: str, lead_minutes: int) -> bool:
    """Delete the reminder of a kind and a time; say whether there was one. As reminder_delete."""
    found = Reminder.objects.filter(user=user, event_type=event_type, lead_minutes=lead_minutes)
    return bool(found.delete()[0])


def _check(event_type: str, lead_minutes: int) -> None:
    faults = Faults()
    if event_type not in EVENT_TYPES:
        faults.add(
            pointer_of("event_type"),
            _("%(value)s is not known. Known are: %(known)s.")
            % {"value": quoted(event_type), "known": ", ".join(EVENT_TYPES)},
        )
    if not 0 <= lead_minutes <= LEAD_MINUTES_MOST:
        faults.add(
            pointer_of("lead_minutes"),
            _("This must be a whole number from %(least)d to %(most)d.")
            % {"least": 0, "most": LEAD_MINUTES_MOST},
        )
    faults.settle()
