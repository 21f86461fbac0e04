"""Write down which chats there are, and which the bot is no longer in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from telegram_link.bot.happened import BotMoved, ChatReplaced, Place, Sender
from telegram_link.models import Notification, TelegramChat
from telegram_link.services.sending import chat_close

SEEN: Final = ["kind", "title", "username", "blocked_at", "seen_at"]
CHOSEN: Final = (
    "language", "language_code", "timezone", "latitude_deg", "longitude_deg", "calendar",
    "digest", "digest_hour", "digest_weekday", "digest_due_at", "quiet_from", "quiet_until",
    "stopped_at",
)  # fmt: skip
GIVEN: Final = (
    "id", "kind", "title", "username", "language_code", "digest", "digest_hour",
    "digest_weekday", "seen_at",
)  # fmt: skip
# One statement that also reads: each question of the bot begins with it.
SEE: Final = f"""
    INSERT INTO telegram_link_telegramchat AS c ({", ".join(GIVEN)})
    VALUES ({", ".join(["%s"] * len(GIVEN))})
    ON CONFLICT (id) DO UPDATE SET
        kind = excluded.kind, title = excluded.title, username = excluded.username,
        seen_at = excluded.seen_at, blocked_at = NULL, language_code = CASE
            WHEN excluded.kind = 'private' AND excluded.language_code <> ''
            THEN excluded.language_code ELSE c.language_code END
    RETURNING *
"""  # noqa: S608 - the parts are names of columns


def chat_seen(*, place: Place, sender: Sender, at: datetime) -> TelegramChat:
    """Return the chat of something that has just happened there.

    Changes: one TelegramChat, made if there was none; it is reachable again. A private chat takes
    over the language of the person's Telegram, a group keeps that of whoever was first.
    Announces nothing. Idempotent. Locks: the chat's row, till the transaction ends.
    """
    row = TelegramChat(
        id=place.id,
        kind=place.kind,
        title=place.title,
        username=place.username,
        language_code=sender.language_code,
        seen_at=at,
    )
    values = [getattr(row, name) for name in GIVEN]
    (chat,) = TelegramChat.objects.raw(SEE, values)
    return chat


def bot_moved(*, change: BotMoved, at: datetime) -> None:
    """Take note that the bot may write to a chat, or no longer.

    Changes: a chat is seen; or a private one is closed with what waits for it; a group from which
    the bot was taken is forgotten with all that was to be sent. Announces nothing. Idempotent.
    """
    if change.is_in:
        chat_seen(place=change.chat, sender=change.sender, at=at)
    elif change.chat.is_private:
        chat_close(chat_id=change.chat.id)
    else:
        TelegramChat.objects.filter(pk=change.chat.id).delete()


def chat_replaced(*, change: ChatReplaced, at: datetime) -> None:
    """Carry what a group had chosen over to the supergroup that it has become.

    Changes: the new TelegramChat, what waits for it, and the old one, which goes. Announces
    nothing. Idempotent: once the old one is gone, nothing is carried over.
    """
    old = TelegramChat.objects.select_for_update().filter(pk=change.chat.id).first()
    if old is None:
        return
    old.title, old.username, old.seen_at = change.chat.title, change.chat.username, at
    _carry_over(old, change.new_id)


@transaction.atomic
def chat_moved(*, old_id: int, new_id: int) -> None:
    """Do as ``chat_replaced`` does when Telegram says so in the answer to a call.

    Changes, announces and locks as that does. Idempotent.
    """
    old = TelegramChat.objects.select_for_update().filter(pk=old_id).first()
    if old is not None:
        _carry_over(old, new_id)


def _carry_over(old: TelegramChat, new_id: int) -> None:
    if new_id == old.pk:
        return
    new = TelegramChat(
        id=new_id,
        kind=TelegramChat.Kind.SUPERGROUP,
        title=old.title,
        username=old.username,
        seen_at=old.seen_at,
        **{name: getattr(old, name) for name in CHOSEN},
    )
    TelegramChat.objects.bulk_create(
        [new], update_conflicts=True, unique_fields=["id"], update_fields=[*SEEN, *CHOSEN]
    )
    Notification.objects.filter(chat=old).update(chat=new)
    old.delete()
