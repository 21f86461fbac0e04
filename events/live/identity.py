"""Who a client says to be, and whether that is true: by signature, or by a ticket in Redis."""

from __future__ import annotations

from typing import NamedTuple

from redis.asyncio import Redis

from accounts.tickets import Ticket, ticket_key
from accounts.tokens.access import AccessTokenError, access_check
from events.live.refusals import auth_expired, auth_refused
from starscal.core import clock


class Identity(NamedTuple):
    """A user, by which session, until when (in seconds of the Unix clock), in which language."""

    user: str
    session: str
    token_version: int
    expires_at: float
    language: str = ""


class Credential(NamedTuple):
    """What a client shows: an access token, or a ticket that is good once."""

    token: str = ""
    ticket: str = ""


async def identity_proved(credential: Credential, redis: Redis) -> Identity:
    """Return who shows a credential, without a query and without a thread.

    Raises: RefusalError for one that is not good; RedisError or OSError while Redis, which keeps
    the tickets, is away.
    """
    if credential.ticket:
        identity = await _of_ticket(credential.ticket, redis)
    else:
        identity = _of_token(credential.token)
    if identity.expires_at <= clock.now().timestamp():
        raise auth_expired()
    return identity


async def _of_ticket(text: str, redis: Redis) -> Identity:
    kept = await redis.getdel(ticket_key(text))
    if kept is None:
        raise auth_refused()
    return Identity(*Ticket.read(str(kept)))


def _of_token(token: str) -> Identity:
    try:
        claims = access_check(token)
    except AccessTokenError:
        raise auth_refused() from None
    return Identity(
        user=str(claims.user_id),
        session=str(claims.session_id),
        token_version=claims.token_version,
        expires_at=claims.expires_at.timestamp(),
        language=claims.language,
    )
