"""Tell the configured channel what matters to everybody, following the stream of events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_noop

from events.models import MAJOR, Event
from starscal.core.errors import error_record
from starscal.core.i18n import language_normalize
from starscal.core.models import OutboxMessage
from starscal.core.selectors import Cursor, stream_cursor, stream_messages
from telegram_link.bot.event_words import channel_message, notice_message, withdrawn_message
from telegram_link.configuration import bot_enabled
from telegram_link.messages import Message
from telegram_link.models import LogCursor, Notification, TelegramChat
from telegram_link.selectors.addressees import chat_zone, unasked_at
from telegram_link.services.queue import message_queue

STREAM: Final = "events"
BATCH: Final = 200
LATE: Final = timedelta(hours=6)  # after a longer outage nobody is told that something has begun
COMING: Final = gettext_noop("Coming soon: %(title)s.")
NOW: Final = gettext_noop("Happening now: %(title)s.")
CHANGED: Final = gettext_noop("Changed in the calendar: %(title)s.")
CANCELLED: Final = gettext_noop("Cancelled: %(title)s.")
SENTENCES: Final[Mapping[str, str]] = {"event.upcoming": COMING, "event.started": NOW}


def announcements_follow(*, at: datetime) -> int:
    """Queue for the channel what was said to everybody since the last time; return how many.

    That is: notices by staff; events of significance 4 and 5 a day and an hour before they are and
    when they are; and of what was announced, that it moved, was cancelled or was taken back. The
    first time, and in another epoch, it begins with what comes next. Changes: Notifications, the
    LogCursor, once the channel's TelegramChat. Announces nothing. Idempotent: by the keys of the
    messages. Locks: the cursor; who comes at the same time has nothing to do.
    """
    if not bot_enabled() or not settings.TELEGRAM_CHANNEL_ID:
        return 0
    queued = 0
    while True:
        seen, added = _batch_follow(at)
        queued += added
        if seen < BATCH:
            return queued


def channel_chat() -> TelegramChat | None:
    """Return the chat of the configured channel; one named by its number is made on the way.

    The number of one with a name is known once the bot has heard of it as its administrator.
    """
    named = settings.TELEGRAM_CHANNEL_ID
    if named.startswith("@"):
        known = TelegramChat.objects.filter(kind=TelegramChat.Kind.CHANNEL)
        return known.filter(username__iexact=named[1:]).first()
    if not named.lstrip("-").isdigit():
        return None
    chat, _made = TelegramChat.objects.get_or_create(
        pk=int(named), defaults={"kind": TelegramChat.Kind.CHANNEL, "language": channel_language()}
    )
    return chat


def channel_language() -> str:
    return language_normalize(settings.TELEGRAM_CHANNEL_LANGUAGE) or settings.LANGUAGE_CODE


@transaction.atomic
def _batch_follow(at: datetime) -> tuple[int, int]:
    channel, newest = channel_chat(), stream_cursor(name=STREAM)
    if channel is None or newest is None:
        return 0, 0
    cursor = _cursor(newest)
    if cursor is None:
        return 0, 0
    messages = stream_messages(name=STREAM, after=cursor.seq, limit=BATCH)
    reachable = channel.is_reachable
    queued = sum(_told_alone(message, channel, at) for message in messages if reachable)
    if messages:
        cursor.seq = messages[-1].seq
        cursor.save(update_fields=["seq"])
    return len(messages), queued


def _cursor(newest: Cursor) -> LogCursor | None:
    """Return how far the stream was read, held; None if another is at it."""
    begun = LogCursor(stream=STREAM, epoch=newest.epoch, seq=newest.seq)
    LogCursor.objects.bulk_create([begun], ignore_conflicts=True)
    held = LogCursor.objects.select_for_update(skip_locked=True).filter(pk=STREAM).first()
    if held is not None and held.epoch != newest.epoch:
        held.epoch, held.seq = newest
        held.save(update_fields=["epoch", "seq"])
    return held


def _told_alone(message: OutboxMessage, channel: TelegramChat, at: datetime) -> bool:
    """Queue a message as ``_told`` does; one that fails is recorded and passed over."""
    try:
        with transaction.atomic():
            return _told(message, channel, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - recorded; the others must pass
        error_record(exception=error, where="telegram")
        return False


def _told(message: OutboxMessage, channel: TelegramChat, at: datetime) -> bool:
    """Queue a message for the channel, if it is one for it."""
    if "announcement" in message.body:
        said = _notice(message.body)
        mark = f"notice-{message.body['announcement']['id']}"
    elif message.kind in SENTENCES:
        said, mark = _announced(message, channel, at), _announced_mark(message)
    elif message.kind in {"event.updated", "event.cancelled"}:
        said, mark = _changed(message, channel)
    else:
        return False
    if said is None:
        return False
    message_queue(
        chat_id=channel.pk,
        key=f"channel-{mark}",
        message=said,
        kind=Notification.Kind.ANNOUNCEMENT,
        due_at=unasked_at(channel, at),
    )
    return True


def _notice(body: dict[str, Any]) -> Message | None:
    is_public = body["announcement"]["status"] == "published"
    return notice_message(body, language=channel_language()) if is_public else None


def _announced(message: OutboxMessage, channel: TelegramChat, at: datetime) -> Message | None:
    facts = message.body["facts"]
    if facts["significance"] < MAJOR:
        return None
    event = Event.objects.published().filter(pk=facts["id"]).first()
    if event is None or _moment(event.occurs_at) != _moment(_occurs_at(facts)):
        return None  # it was moved or taken back since: what tells so comes after this
    left = event.occurs_at - at
    is_stale = left <= -LATE if message.kind == "event.started" else left <= timedelta(0)
    return None if is_stale else _written(event, SENTENCES[message.kind], channel)


def _changed(message: OutboxMessage, channel: TelegramChat) -> tuple[Message | None, str]:
    """Return what the channel must hear of an event that it was told of, and the mark of that.

    The event is told of, and marked, as it is now, so that the second of two changes is no news
    when the first has told where they led.
    """
    event_id = _facts(message.body)["id"]
    told = _last_told(event_id, channel)
    event = Event.objects.filter(pk=event_id).first() if told else None
    is_called_off = message.kind == "event.cancelled"
    if event is None or is_called_off == (event.status == Event.Status.PUBLISHED):
        return None, ""  # what has become of it since comes after this
    moment = _moment(event.occurs_at)
    mark = f"{event_id}-{message.kind.partition('.')[2]}-{moment}-r{event.revision}"
    if is_called_off:
        return (None if "-cancelled-" in told else _called_off(event, channel)), mark
    return (None if f"-{moment}" in told else _written(event, CHANGED, channel)), mark


def _called_off(event: Event, channel: TelegramChat) -> Message:
    if event.status == Event.Status.CANCELLED:
        return _written(event, CANCELLED, channel)
    return withdrawn_message(event, language=channel_language())


def _last_told(event_id: str, channel: TelegramChat) -> str:
    """Return the key of what the channel was told last of an event; it names the moment."""
    told = Notification.objects.filter(chat=channel, key__startswith=f"channel-{event_id}-")
    return told.order_by("-pk").values_list("key", flat=True).first() or ""


def _written(event: Event, sentence: str, channel: TelegramChat) -> Message:
    return channel_message(
        event, sentence=sentence, language=channel_language(), zone=chat_zone(channel)
    )


def _facts(body: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of an event; of one that was hidden there are few."""
    return dict(body.get("facts") or body)


def _announced_mark(message: OutboxMessage) -> str:
    """Return the part of a key that names an event, what is said of it, and for which moment."""
    _event, said, _moment_told = message.key.rsplit(":", 2)
    facts = message.body["facts"]
    return f"{facts['id']}-{said}-{_moment(_occurs_at(facts))}"


def _occurs_at(facts: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(facts["occurs_at"])


def _moment(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M}"
