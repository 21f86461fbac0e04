"""Carry letters of accounts to the chats of people who have no e-mail address."""

from __future__ import annotations

from accounts.models import User
from telegram_link.configuration import bot_enabled
from telegram_link.models import Notification, TelegramAccount
from telegram_link.services.queue import notification_row, notifications_queue


def letter_to_chat(user: User, kind: str) -> None:
    """Queue a letter to the chat that is linked with an account, if there is one.

    The words and their one-time link are written as it is sent, so that no token is stored.
    Changes: at most one Notification, in the caller's transaction. Announces nothing. Idempotent
    until the account's tokens change, which what a letter tells of always does. Locks: none.
    """
    account = TelegramAccount.objects.filter(user=user).first()
    if account is None or not bot_enabled():
        return
    row = notification_row(
        chat_id=account.chat_id,
        key=f"letter-{kind}-{user.pk}-{user.token_version}",
        kind=Notification.Kind.ACCOUNT,
        body={"letter": kind},
    )
    notifications_queue(rows=[row])
