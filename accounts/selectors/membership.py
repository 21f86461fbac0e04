"""What only members of the Telegram channel may have, and who is one.

The answer is ``User.is_telegram_subscribed``, which telegram_link's services keep true.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from starscal.core.exceptions import ApplicationError, ErrorCode

CHANNEL_ADDRESS: Final = "https://t.me/%s"
_ASK: list[Callable[[User], bool]] = []


def membership_source_register(ask: Callable[[User], bool]) -> None:
    """Tell who knows better than the column: the app that can ask says so when it starts."""
    _ASK[:] = [ask]


def members_only(*, feature: str) -> bool:
    """Say whether a feature is kept for members; without bot or channel nothing is.

    TELEGRAM_MEMBERS_ONLY may name ``digest``, ``reminders`` and ``figures``.
    """
    if not (settings.TELEGRAM_BOT_TOKEN and settings.TELEGRAM_CHANNEL_ID):
        return False
    return feature in settings.TELEGRAM_MEMBERS_ONLY


def feature_allowed(*, user: User | None, feature: str) -> bool:
    """Say whether somebody may have a feature; whose account nobody knows is no member.

    ``user`` is as stored now. It costs no query and asks nobody.
    """
    if not members_only(feature=feature):
        return True
    return user is not None and user.is_telegram_subscribed


def feature_require(*, user: User | None, feature: str) -> None:
    """Refuse who is no member what is kept for members. Errors: SUBSCRIPTION_REQUIRED.

    Of whom the row says no, Telegram is asked, unless it was within a minute: they may have joined.
    """
    if feature_allowed(user=user, feature=feature):
        return
    if user is not None and any(ask(user) for ask in _ASK):
        return
    raise ApplicationError(
        ErrorCode.SUBSCRIPTION_REQUIRED,
        _(
            "This is for members of the Telegram channel. Join it with the Telegram account that "
            "is linked to yours."
        ),
        extra={"feature": feature, **({"join_url": url} if (url := channel_address()) else {})},
    )


def channel_address() -> str:
    """Return where the channel can be joined; empty if the settings give its number alone."""
    name = settings.TELEGRAM_CHANNEL_ID
    return CHANNEL_ADDRESS % name[1:] if name.startswith("@") else ""
