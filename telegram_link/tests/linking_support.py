"""What the tests of linking share: a bot that is on, people in chats, and what they open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.test import Client

from accounts.models import User
from accounts.services.sessions import OpenedSession, session_open
from starscal.core import clock
from starscal.core.exceptions import ApplicationError
from telegram_link.bot.frame import Answer
from telegram_link.bot.link import pressed, start_opened
from telegram_link.bot.reader import Reader
from telegram_link.models import TelegramAccount, TelegramChat, TelegramLinkToken
from telegram_link.selectors.links import account_of_chat
from telegram_link.services.linking import link_ask, link_confirm

API = "/api/v1"
BOT = "StarsTestBot"
CHAT = 700_001


@dataclass(frozen=True, slots=True)
class Someone:
    """A person with an account and a session of an application."""

    user: User
    opened: OpenedSession

    @property
    def session_id(self) -> UUID:
        return self.opened.session.pk

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return api(method, path, body, Authorization=f"Bearer {self.opened.access_token}")


def someone(username: str = "vera", **fields: Any) -> Someone:
    fields.setdefault("email", f"{username}@example.org")
    fields.setdefault("email_verified_at", clock.now() if fields["email"] else None)
    fields.setdefault("password", "an-orbit-of-27-days")
    user = User.objects.create_user(username, **fields)
    return Someone(user, session_open(user=user))


def api(method: str, path: str, body: Any = None, **headers: str) -> Any:
    options: dict[str, Any] = {"headers": headers}
    if body is not None:
        options |= {"data": body, "content_type": "application/json"}
    return getattr(Client(), method)(f"{API}{path}", **options)


def reader(chat_id: int, name: str = "Vera K.", username: str = "vera_k", **chat: Any) -> Reader:
    """Return somebody who writes to the bot, as the dispatch would find them."""
    row, _new = TelegramChat.objects.get_or_create(pk=chat_id, defaults=chat)
    account = account_of_chat(chat_id=chat_id)
    return Reader(
        chat=row,
        user=account.user if account else None,
        language="en",
        zone=ZoneInfo("UTC"),
        spot=None,
        at=clock.now(),
        sender_id=chat_id,
        sender_name=name,
        sender_username=username,
    )


def start(chat_id: int, url: str, name: str = "Vera K.", username: str = "vera_k") -> Answer:
    """Press "Start" in a chat that an address has opened."""
    return start_opened(reader(chat_id, name, username), url.partition("?start=")[2])


def agree(chat_id: int, url: str, name: str = "Vera K.", username: str = "vera_k") -> Answer:
    """Press "Start", then "That is me"; return what stands there after that."""
    data = start(chat_id, url, name, username).messages[0].keyboard[0][0].data
    return pressed(reader(chat_id, name, username), data.partition(":")[2])


def text_of(answer: Answer) -> str:
    return answer.messages[0].text


def code_of(answer: Answer) -> str:
    found = re.search(r"<code>(\d{6})</code>", text_of(answer))
    assert found, text_of(answer)
    return found[1]


def wrong(code: str) -> str:
    """Return another code, no matter which one it is."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def linked(who: Someone, chat_id: int, name: str = "Vera K.") -> TelegramAccount:
    """Link somebody with a chat in the way that people do."""
    asked = link_ask(user=who.user, session_id=who.session_id)
    agree(chat_id, asked.url, name)
    return link_confirm(user=who.user, session_id=who.session_id, token_id=asked.row.pk)


def someone_linked(
    username: str = "vera", chat_id: int = CHAT, name: str = "Vera K.", **fields: Any
) -> Someone:
    """Return somebody whose account is linked with a chat."""
    who = someone(username, **fields)
    linked(who, chat_id, name)
    return who


def confirmed(who: Someone, token: TelegramLinkToken) -> str:
    """Return "linked", or the code of the refusal."""
    try:
        link_confirm(user=who.user, session_id=who.session_id, token_id=token.pk)
    except ApplicationError as error:
        return str(error.code)
    return "linked"
