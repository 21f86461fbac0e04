"""Who is in the double's Telegram: people, chats, who is what in which chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from starscal.testing.telegram.refusals import Refusal, bad, forbidden

ADMINISTRATOR_RIGHTS: Final = (
    *("can_manage_chat", "can_change_info", "can_delete_messages", "can_invite_users"),
    *("can_restrict_members", "can_promote_members", "can_manage_video_chats"),
)
RESTRICTED_RIGHTS: Final = ("can_send_messages", "can_send_photos", "can_send_polls")


@dataclass
class Person:
    """Somebody who uses Telegram."""

    id: int
    first_name: str = "Vera"
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    is_deactivated: bool = False
    is_bot: bool = False

    def shape(self) -> dict[str, Any]:
        """Return the person as the Bot API's ``User``."""
        more = {name: value for name in ("last_name", "username") if (value := getattr(self, name))}
        code = {} if self.is_bot else {"language_code": self.language_code}
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **more,
            **(code if self.language_code else {}),
        }


@dataclass
class Membership:
    """What somebody is in a chat; ``is_member`` is told of the restricted alone."""

    status: str
    is_member: bool = True

    def shape(self, person: Person) -> dict[str, Any]:
        """Return it as the Bot API's ``ChatMember``."""
        user = {name: value for name, value in person.shape().items() if name != "language_code"}
        said: dict[str, Any] = {"status": self.status, "user": user}
        if self.status == "creator":
            said["is_anonymous"] = False
        if self.status == "administrator":
            said |= {"can_be_edited": False, "is_anonymous": False}
            said |= dict.fromkeys(ADMINISTRATOR_RIGHTS, True)
        if self.status == "restricted":
            said |= {"is_member": self.is_member, "until_date": 0}
            said |= dict.fromkeys(RESTRICTED_RIGHTS, False)
        if self.status == "kicked":
            said["until_date"] = 0
        return said


@dataclass
class Chat:
    """A chat: ``is_open`` once the bot may write there; ``messages`` by number."""

    id: int
    kind: str
    title: str = ""
    username: str = ""
    person: Person | None = None
    is_open: bool = True
    is_blocked: bool = False
    moved_to: int = 0
    members: dict[int, Membership] = field(default_factory=dict)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def is_private(self) -> bool:
        """Say whether it is a chat with one person."""
        return self.kind == "private"

    def shape(self) -> dict[str, Any]:
        """Return it as the Bot API's ``Chat``."""
        said: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.person is not None:
            said |= {
                name: value
                for name in ("first_name", "last_name", "username")
                if (value := getattr(self.person, name))
            }
            return said
        return {
            **said,
            "title": self.title,
            **({"username": self.username} if self.username else {}),
        }


class World:
    """All people and chats, by number and by name."""

    def __init__(self, bot: Person) -> None:
        self.bot = bot
        self.people: dict[int, Person] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}

    def chat_found(self, given: Any) -> Chat:
        """Return a chat by its number or @name, or refuse as Telegram does."""
        if given is None or given == "":
            raise bad("chat_id is empty")
        name = str(given)
        if name.startswith("@"):
            chats = [c for c in self.chats.values() if c.username.lower() == name[1:].lower()]
            chat = chats[0] if chats and not chats[0].is_private else None
        else:
            chat = self.chats.get(int(name)) if name.lstrip("-").isdecimal() else None
        if chat is None:
            raise bad("chat not found")
        return chat

    def writable(self, chat: Chat) -> None:
        """Refuse, as Telegram does, to write where the bot may not."""
        if chat.moved_to:
            raise Refusal(
                400,
                "group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.moved_to,
            )
        if chat.person is not None:
            _private_check(chat, chat.person)
            return
        bot = chat.members.get(self.bot.id, Membership("left"))
        if bot.status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        if bot.status == "left":
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        if chat.kind == "channel" and bot.status not in ("administrator", "creator"):
            raise bad("need administrator rights in the channel chat")

    def member_shape(self, chat: Chat, user_id: Any) -> dict[str, Any]:
        """Return what somebody is in a chat as the Bot API's ``ChatMember``."""
        person = self.people.get(int(user_id)) if str(user_id).isdecimal() else None
        if person is None:
            raise bad(
                "PARTICIPANT_ID_INVALID"
                if str(user_id).isdecimal()
                else "invalid user_id specified"
            )
        if not chat.is_private:
            self._list_check(chat, person)
        default = Membership("member" if chat.is_private else "left")
        return chat.members.get(person.id, default).shape(person)

    def _list_check(self, chat: Chat, person: Person) -> None:
        bot = chat.members.get(self.bot.id, Membership("left"))
        if bot.status in ("left", "kicked"):
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        if chat.kind == "channel" and bot.status == "member" and person.id != self.bot.id:
            raise bad("member list is inaccessible")


def _private_check(chat: Chat, person: Person) -> None:
    if person.is_deactivated:
        raise forbidden("user is deactivated")
    if chat.is_blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.is_open:
        raise forbidden("bot can't initiate conversation with a user")
