"""Who reads in which language: sockets of a person hear at once when that person chooses another.

All processes hear the groups of all people, so that this costs no query and no subscription. What
Redis loses, the next token makes good: it says the language, too.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable

import orjson

from events.live.log import Message
from events.live.rows import UNREADABLE

logger = logging.getLogger(__name__)

PROFILE_UPDATED = "profile.updated"
Hear = Callable[[str], None]


class Tongues:
    """Whom to tell of the changes in the personal streams, by the name of the stream."""

    def __init__(self) -> None:
        self._hearers: defaultdict[str, set[Hear]] = defaultdict(set)

    def watch(self, stream: str, hear: Hear) -> None:
        self._hearers[stream].add(hear)

    def unwatch(self, stream: str, hear: Hear) -> None:
        self._hearers[stream].discard(hear)
        if not self._hearers[stream]:
            del self._hearers[stream]

    def note(self, stream: str, messages: Iterable[Message]) -> None:
        """Tell those who are here what these messages say of their language."""
        if stream not in self._hearers:
            return
        for language in map(_told, messages):
            if language is not None:
                for hear in tuple(self._hearers[stream]):
                    hear(language)


def _told(message: Message) -> str | None:
    """Return the language that a message tells, empty for none any more; None if it tells none."""
    if message.kind != PROFILE_UPDATED:
        return None
    try:
        language: str | None = orjson.loads(message.body).get("language")
    except UNREADABLE:
        logger.exception("A change of a profile cannot be read.")
        return None
    return language
