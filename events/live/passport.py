"""Who the client of one socket is, and until when."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from django.conf import settings

from events.hub import OUTAGES, Hub, personal_stream
from events.live.doors import person_enter, person_leave
from events.live.feed import Feed
from events.live.identity import Credential, Identity, identity_proved
from events.live.refusals import (
    auth_expired,
    auth_needed,
    auth_of_another,
    auth_revoked,
    going_down,
)
from starscal.core import clock

PRIVATE_STREAMS = frozenset({"me"})


class Passport:
    """The identity that a socket has shown, nobody's at first.

    It is looked at whenever the writer wakes: a revocation wakes it, another language of the user
    does, and the end of the token is among the times that it waits for.
    """

    def __init__(self, hub: Hub, wake: Callable[[], None]) -> None:
        self.hub, self.wake = hub, wake
        self.identity: Identity | None = None
        self.language = ""  # that the user has chosen, as far as we have heard
        self.ends_at = math.inf  # by the steady clock, which nobody sets
        self.is_ending = False
        self._feed: Feed | None = None

    async def show(self, credential: Credential) -> None:
        """Take a token or ticket: the first one, or a fresh one of the same user.

        Raises: RefusalError if it is not good, of another user, or of one too many a user.
        """
        try:
            identity = await identity_proved(credential, self.hub.redis)
        except OUTAGES:
            raise going_down() from None
        if self.identity is not None and identity.user != self.identity.user:
            raise auth_of_another()
        if not self.hub.alive:
            raise going_down()  # a revocation may have passed unheard
        if self.hub.revocations.ended(identity):
            raise auth_revoked()
        if self.identity is None:
            person_enter(identity.user)
        else:
            self.hub.revocations.unwatch(self.identity, self.wake)
        self.identity, self.language = identity, identity.language
        self.hub.revocations.watch(identity, self.wake)
        self.hub.tongues.watch(personal_stream(identity.user), self._hear_language)
        self.ends_at = time.monotonic() + identity.expires_at - clock.now().timestamp()
        self.is_ending = False

    def leave(self) -> None:
        """Forget everything, at the end of a talk."""
        if self.identity is None:
            return
        if self._feed is not None:
            self.hub.unfollow(self.identity.user)
        self.hub.revocations.unwatch(self.identity, self.wake)
        self.hub.tongues.unwatch(personal_stream(self.identity.user), self._hear_language)
        person_leave(self.identity.user)
        self.identity = self._feed = None

    def _hear_language(self, language: str) -> None:
        self.language = language
        self.wake()

    async def feed(self, stream: str) -> Feed:
        """Return the feed of a private stream."""
        if self.identity is None:
            raise auth_needed(stream)
        if self._feed is None:
            try:
                self._feed = await self.hub.follow(self.identity.user)
            except OUTAGES:
                raise going_down() from None
        return self._feed

    def check(self, now: float) -> None:
        """Raise RefusalError if the identity is good no more."""
        if self.identity is None:
            return
        if self.hub.revocations.ended(self.identity):
            raise auth_revoked()
        if now >= self.ends_at:
            raise auth_expired()

    def remaining_s(self, now: float) -> int:
        return max(0, math.floor(self.ends_at - now))

    def ending_noticed(self, now: float) -> bool:
        """Say once that the end is near."""
        is_near = now >= self.ends_at - settings.LIVE_EXPIRING_S
        first, self.is_ending = is_near and not self.is_ending, is_near
        return first

    @property
    def due_at(self) -> float:
        """Return when there is something to say or do next."""
        return self.ends_at if self.is_ending else self.ends_at - settings.LIVE_EXPIRING_S
