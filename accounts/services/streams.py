"""The stream in which one person alone is told things."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.belongings import personal_stream
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.selectors import Cursor, stream_cursor
from starscal.core.streams import stream_open


def personal_stream_open(*, user: User) -> Cursor:
    """Return the newest place of a user's own stream, opening it if nothing was ever said there.

    Read it before the rows: what changes in between comes again as a message, never not at all.
    Changes: one Stream, at most once in its life. Announces nothing. Idempotent. Locks: to open it,
    the user's row, so that no stream outlives its owner. Errors: AUTH_USER_NOT_FOUND.
    """
    name = personal_stream(user=user)
    found = stream_cursor(name=name)
    if found is not None:
        return found
    with transaction.atomic():
        if not User.objects.select_for_update(no_key=True).filter(pk=user.pk).exists():
            raise ApplicationError(
                ErrorCode.AUTH_USER_NOT_FOUND, _("The account of this token no longer exists.")
            )
        return stream_open(name=name)
