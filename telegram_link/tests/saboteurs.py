"""Negative controls of the drill: how messages are sent without care."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection

from telegram_link import sender
from telegram_link.services import sending, silence
from telegram_link.services.sending import Claimed


@contextmanager
def careless_sender() -> Iterator[None]:
    """Take a message from the queue before it is sent, as a queue without leases does."""
    claim = sending.notifications_claim

    def claim_and_forget(**given: Any) -> list[Claimed]:
        found = claim(**given)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE telegram_link_notification SET status = 'sent' WHERE id = ANY(%s)",
                [[claimed.id for claimed in found]],
            )
        return found

    with patch.object(sender, "notifications_claim", claim_and_forget):
        yield


@contextmanager
def hasty_sender() -> Iterator[None]:
    """Send to a chat as soon as there is something for it."""
    with patch.multiple(sending, PRIVATE_PACE_S=0.0, GROUP_PACE_S=0.0):
        yield


@contextmanager
def flooding_sender() -> Iterator[None]:
    """Send to all as fast as answers come."""
    with patch("telegram_link.pace.WINDOW_S", 0.01):
        yield


@contextmanager
def deaf_sender() -> Iterator[None]:
    """Go on when told to be silent."""
    with patch.object(silence, "SILENCE", "SELECT %(seconds)s, %(only)s"):
        yield
