"""Give out tickets for sockets."""

from __future__ import annotations

import secrets

from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from accounts.tickets import TICKET_LIFE_S, Ticket, ticket_key
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.redis_client import quick_redis


def socket_ticket_open(*, ticket: Ticket) -> str:
    """Return a text that opens one socket within `TICKET_LIFE_S` seconds.

    Changes: one key of Redis, which goes by itself. Announces nothing. Not idempotent.
    Errors: service.unavailable while Redis is away.
    """
    text = secrets.token_urlsafe(32)
    try:
        quick_redis().set(ticket_key(text), ticket.written(), ex=TICKET_LIFE_S)
    except RedisError as error:
        raise ApplicationError(
            ErrorCode.UNAVAILABLE,
            _("A part of the service is not reachable. Try again in a moment."),
        ) from error
    return text
