"""What people do in the double's Telegram, and the updates that come of it."""

from __future__ import annotations

from itertools import count
from threading import Condition
from time import monotonic
from typing import Any, Final

from starscal.testing.telegram import updates
from starscal.testing.telegram.inbox import Inbox
from starscal.testing.telegram.world import Chat, Membership, Person, World

LEFT: Final = Membership("left")
FIRST_PERSON: Final = 700_100


class People:
    """All people of the double. What they do returns the number of the update that it makes."""

    def __init__(self, world: World, inbox: Inbox, changed: Condition) -> None:
        self.world = world
        self.inbox = inbox
        self.changed = changed
        self.queries: dict[str, float] = {}  # when which button was pressed, until it is answered
        self._numbers = count(FIRST_PERSON)

    def add(self, number: int = 0, *, is_open: bool = True, **facts: Any) -> Person:
        """Add somebody with a private chat, to which the bot may write if ``is_open``."""
        with self.changed:
            someone = Person(number or next(self._numbers), **facts)
            self.world.people[someone.id] = someone
            chat = Chat(someone.id, "private", person=someone, is_open=is_open)
            self.world.chats[chat.id] = chat
            return someone

    def chat(
        self, number: int, kind: str, title: str = "Sky", *, username: str = "", bot: str = ""
    ) -> Chat:
        """Add a group, supergroup or channel; ``bot`` is what the bot is there."""
        with self.changed:
            made = Chat(number, kind, title, username)
            default = "administrator" if kind == "channel" else "member"
            made.members[self.world.bot.id] = Membership(bot or default)
            self.world.chats[number] = made
            return made

    def member_set(
        self,
        chat: Chat,
        whom: Person,
        status: str,
        *,
        is_member: bool = True,
        by: Person | None = None,
    ) -> int:
        """Change what somebody is in a chat; of the bot itself it is told as ``my_chat_member``."""
        with self.changed:
            old, new = chat.members.get(whom.id, LEFT), Membership(status, is_member)
            chat.members[whom.id] = new
            is_bot = whom.id == self.world.bot.id
            name = "my_chat_member" if is_bot else "chat_member"
            said = updates.changed_update(name, by or whom, chat, whom, old, new)
            return self.update_add(said)

    def says(self, who: Person, text: str, chat: Chat | None = None) -> int:
        """Write a text or command, by default in the private chat, which that opens."""
        with self.changed:
            place = chat or self.private_chat(who)
            place.is_open = True
            return self.update_add(updates.text_update(who, place, text))

    def presses(self, who: Person, message: dict[str, Any], data: str) -> int:
        """Press a button that sends ``data``, under a message as the Bot API shows it."""
        with self.changed:
            query_id = str(self.inbox.next_number * 1009)
            self.queries[query_id] = monotonic()
            return self.update_add(updates.pressed_update(who, message, data, query_id))

    def blocks(self, who: Person, *, is_blocked: bool = True) -> int:
        """Block the bot, or take it back."""
        with self.changed:
            chat, bot = self.private_chat(who), self.world.bot
            chat.is_blocked = is_blocked
            kicked, member = Membership("kicked"), Membership("member")
            old, new = (member, kicked) if is_blocked else (kicked, member)
            said = updates.changed_update("my_chat_member", who, chat, bot, old, new)
            return self.update_add(said)

    def private_chat(self, who: Person) -> Chat:
        """Return the private chat of somebody."""
        return self.world.chats[who.id]

    def update_add(self, update: dict[str, Any]) -> int:
        """Have any update wait for the bot; its number may be given as ``update_id``."""
        with self.changed:
            number = self.inbox.add(update)
            self.changed.notify_all()
            return number
