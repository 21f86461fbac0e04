"""Ask Telegram for updates, where it does not deliver them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import transaction

from telegram_link.client import BotApi
from telegram_link.models import BotState
from telegram_link.models.state import ONLY
from telegram_link.services.setup import ALLOWED_UPDATES

BATCH: Final = 100

Store = Callable[[Sequence[dict[str, Any]]], object]


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
    numbers = [number for each in updates if isinstance(number := each.get("update_id"), int)]
    if numbers:
        with transaction.atomic():
            store(updates)
            BotState.objects.filter(pk=ONLY).update(update_offset=max(numbers) + 1)
    return len(updates)
