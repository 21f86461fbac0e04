"""What was sent, told to the bot or never opened is forgotten in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from telegram_link.models import Notification, TelegramChat, TelegramLinkToken, TelegramUpdate
from telegram_link.services.pruning import traffic_prune

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY, H = timedelta(days=1), timedelta(hours=1)


def test_notifications_are_kept_for_thirty_days_after_they_are_settled() -> None:
    chat = TelegramChat.objects.create(pk=1)
    for key, settled_at in (("old", NOW - 30 * DAY - H), ("new", NOW - 29 * DAY), ("open", None)):
        Notification.objects.create(chat=chat, key=key, kind="reply", settled_at=settled_at)
    assert [traffic_prune(at=NOW) for _n in range(2)] == [1, 0]
    assert sorted(Notification.objects.values_list("key", flat=True)) == ["new", "open"]


@pytest.mark.parametrize("done_at", [NOW, None], ids=["answered", "waiting"])
def test_updates_are_kept_for_two_days_however_they_ended(done_at: datetime | None) -> None:
    for number, age in ((1, 2 * DAY + H), (2, 2 * DAY - H)):
        TelegramUpdate.objects.create(id=number, done_at=done_at, received_at=NOW - age)
    assert [traffic_prune(at=NOW) for _n in range(2)] == [1, 0]
    assert TelegramUpdate.objects.get().pk == 2


def test_tokens_are_kept_for_a_day_after_they_end() -> None:
    for name, ends in (("old", NOW - DAY - H), ("ended", NOW - H), ("good", NOW + H)):
        TelegramLinkToken.objects.create(
            purpose="sign_in", token_hash=name, holder_hash="h", expires_at=ends
        )
    traffic_prune(at=NOW)
    kept = TelegramLinkToken.objects.values_list("token_hash", flat=True)
    assert sorted(kept) == ["ended", "good"]
