"""Ask Telegram for updates, where it does not deliver them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from django.db import transaction

from telegram_link.bot.reading import update_number
from telegram_link.client import BotApi, Trouble
from telegram_link.models import BotState
from telegram_link.models.state import ONLY
from telegram_link.services.setup import ALLOWED_UPDATES

BATCH: Final = 100


class Store(Protocol):
    """What keeps updates, such as ``updates_store``."""

    def __call__(self, *, updates: Sequence[object]) -> object:
        """Store updates, in the caller's transaction."""


def updates_fetch(*, api: BotApi, store: Store, wait_s: int) -> int:
    """Ask once, waiting so long for an update to come; return how many came.

    Changes: what ``store`` does, and BotState.update_offset in the same transaction; Telegram
    forgets updates only when it is asked for later ones, so that none is lost in between.
    Announces nothing. Locks: none while Telegram is asked. Raises: BotApiError.
    """
    offset = BotState.objects.values_list("update_offset", flat=True).filter(pk=ONLY).first() or 0
    updates = api.get_updates(
        offset=offset, timeout_s=wait_s, limit=BATCH, allowed_updates=ALLOWED_UPDATES
    )
    if not updates:
        return 0
    numbers = [number for each in updates if (number := update_number(each)) is not None]
    if not numbers:
        raise Trouble("The updates have no numbers.")
    with transaction.atomic():
        store(updates=updates)
        BotState.objects.filter(pk=ONLY).update(update_offset=max(numbers) + 1)
    return len(updates)
