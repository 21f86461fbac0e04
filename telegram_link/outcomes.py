"""What an answer of the Bot API means for the notification that was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telegram_link.client import (
    BadRequest,
    BotApi,
    BotApiError,
    Forbidden,
    RetryAfter,
    Unauthorized,
)
from telegram_link.models import Notification
from telegram_link.services.sending import Claimed, Outcome
from telegram_link.writers import Outgoing

UNAUTHORIZED_S: Final = 60  # with a token that is refused, nothing can be sent by anybody
FLEETING: Final = frozenset({"answerCallbackQuery", "editMessageText"})  # too late is no failure

Status = Notification.Status


def outcome_of(client: BotApi, claimed: Claimed, outgoing: Outgoing) -> Outcome:
    """Make the call and return what came of it."""
    try:
        sent = client.send(outgoing.method, outgoing.parameters, outgoing.photo)
    except RetryAfter as error:
        return Outcome.silenced(claimed, error.description, error.seconds)
    except Unauthorized as error:
        return Outcome.silenced(claimed, error.description, UNAUTHORIZED_S)
    except Forbidden as error:
        return Outcome(claimed, Status.DROPPED, error.description, is_closed=True)
    except BadRequest as error:
        return _refused(claimed, error)
    except BotApiError as error:
        return Outcome.again(claimed, error.description)
    return Outcome(claimed, Status.SENT, message_id=sent.message_id if sent else None)


def _refused(claimed: Claimed, error: BadRequest) -> Outcome:
    """Give up, or send again at once where the group is now; an edit or a press stays behind."""
    if claimed.method in FLEETING:
        return Outcome(claimed, Status.DROPPED, error.description, moved_to=error.migrated_to)
    if error.migrated_to:
        again = Outcome.again(claimed, error.description)
        return replace(again, wait_s=0.0, moved_to=error.migrated_to)
    return Outcome(claimed, Status.DEAD, error.description)
