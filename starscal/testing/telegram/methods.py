"""The methods of the Bot API that the double knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from time import monotonic, time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from starscal.testing.telegram.entities import Reading, html_read, units
from starscal.testing.telegram.keyboards import markup_check
from starscal.testing.telegram.limits import Call
from starscal.testing.telegram.pictures import picture_check
from starscal.testing.telegram.refusals import Refusal, bad
from starscal.testing.telegram.world import Chat

if TYPE_CHECKING:
    from starscal.testing.telegram.double import TelegramDouble

LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024
LONGEST_TOAST: Final = 200
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE: Final = re.compile(r"(?:[a-z]{2})?")
PORTS: Final = frozenset({None, 80, 88, 443, 8443})
SCOPES: Final = frozenset(
    {
        *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
        *("chat", "chat_administrators", "chat_member"),
    }
)
MOST_COMMANDS: Final = 100
TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
SAME: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)

Method = Callable[["TelegramDouble", Call], Any]


def get_me(double: TelegramDouble, call: Call) -> dict[str, Any]:
    """Answer ``getMe``."""
    return {
        **double.world.bot.shape(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def send_message(double: TelegramDouble, call: Call) -> dict[str, Any]:
    """Answer ``sendMessage``."""
    chat = double.world.chat_found(call.parameters.get("chat_id"))
    double.world.writable(chat)
    content = _content(call.parameters, "text", LONGEST_TEXT)
    if not content["text"].strip():
        raise bad("message text is empty")
    return _posted(double, chat, content, call.parameters.get("reply_markup"))


def send_photo(double: TelegramDouble, call: Call) -> dict[str, Any]:
    """Answer ``sendPhoto``."""
    chat = double.world.chat_found(call.parameters.get("chat_id"))
    double.world.writable(chat)
    width, height = picture_check(call)
    content = _content(call.parameters, "caption", LONGEST_CAPTION)
    size = {"file_id": f"photo-{call.number}", "file_unique_id": f"p{call.number}"}
    photo = [{**size, "width": width, "height": height, "file_size": len(call.photo)}]
    content = {"photo": photo, **{name: value for name, value in content.items() if value}}
    return _posted(double, chat, content, call.parameters.get("reply_markup"))


def edit_message_text(double: TelegramDouble, call: Call) -> dict[str, Any]:
    """Answer ``editMessageText``."""
    chat = double.world.chat_found(call.parameters.get("chat_id"))
    double.world.writable(chat)
    old = chat.messages.get(_whole(call.parameters, "message_id", 0))
    if old is None:
        raise bad("message to edit not found")
    if old.get("from", {}).get("id") != double.world.bot.id and "sender_chat" not in old:
        raise bad("message can't be edited")
    if "text" not in old:
        raise bad("there is no text in the message to edit")
    content = _content(call.parameters, "text", LONGEST_TEXT)
    if not content["text"].strip():
        raise bad("message text is empty")
    return _edited(chat, old, content, call.parameters.get("reply_markup"))


def answer_callback_query(double: TelegramDouble, call: Call) -> bool:
    """Answer ``answerCallbackQuery``: each press can be answered once, and not for ever."""
    asked = double.people.queries.pop(str(call.parameters.get("callback_query_id", "")), None)
    if asked is None or monotonic() - asked > double.query_life_s:
        raise bad(TOO_OLD)
    if units(str(call.parameters.get("text") or "")) > LONGEST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    return True


def get_chat_member(double: TelegramDouble, call: Call) -> dict[str, Any]:
    """Answer ``getChatMember``."""
    chat = double.world.chat_found(call.parameters.get("chat_id"))
    return double.world.member_shape(chat, call.parameters.get("user_id"))


def set_my_commands(double: TelegramDouble, call: Call) -> bool:
    """Answer ``setMyCommands``."""
    commands = call.parameters.get("commands")
    if not isinstance(commands, list):
        raise bad('can\'t parse commands: "commands" must be an Array')
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _command_check(command)
    double.commands[_menu(call.parameters)] = commands
    return True


def get_my_commands(double: TelegramDouble, call: Call) -> list[dict[str, str]]:
    """Answer ``getMyCommands``."""
    return double.commands.get(_menu(call.parameters), [])


def set_webhook(double: TelegramDouble, call: Call) -> bool:
    """Answer ``setWebhook``."""
    url = str(call.parameters.get("url") or "")
    secret = str(call.parameters.get("secret_token") or "")
    if not url:
        return delete_webhook(double, call)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (double.http_webhooks and parts.scheme == "http"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in PORTS and not double.http_webhooks:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if secret and not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    connections = min(100, max(1, _whole(call.parameters, "max_connections", 40)))
    _allowed_keep(double, call)
    double.webhook_set(url, secret, connections)
    _pending_drop(double, call)
    return True


def delete_webhook(double: TelegramDouble, call: Call) -> bool:
    """Answer ``deleteWebhook``."""
    double.webhook_set("", "", 40)
    _pending_drop(double, call)
    return True


def get_webhook_info(double: TelegramDouble, call: Call) -> dict[str, Any]:
    """Answer ``getWebhookInfo``."""
    webhook = double.inbox.webhook
    said = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(double.inbox.waiting),
        "max_connections": webhook.connections,
    }
    if webhook.last_error:
        said |= {"last_error_date": int(time()), "last_error_message": webhook.last_error}
    return said


def get_updates(double: TelegramDouble, call: Call) -> list[dict[str, Any]]:
    """Answer ``getUpdates``; a later call of somebody else ends one that waits."""
    inbox = double.inbox
    _allowed_keep(double, call)
    offset = _whole(call.parameters, "offset", 0)
    limit = min(100, max(1, _whole(call.parameters, "limit", 100)))
    until = monotonic() + min(50, max(0, _whole(call.parameters, "timeout", 0)))
    inbox.reader += 1
    mine = inbox.reader
    double.changed.notify_all()
    while True:
        if inbox.webhook.url:
            raise Refusal(
                409,
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if inbox.reader != mine:
            raise Refusal(
                409,
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        found, left_s = inbox.read(offset, limit), until - monotonic()
        if found or left_s <= 0 or double.is_stopping:
            return found
        double.changed.wait(left_s)


METHODS: Final[Mapping[str, Method]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "editMessageText": edit_message_text,
    "answerCallbackQuery": answer_callback_query,
    "getChatMember": get_chat_member,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getUpdates": get_updates,
}


def _content(given: Mapping[str, Any], name: str, longest: int) -> dict[str, Any]:
    """Return text and entities of a message, checked."""
    source = given.get(name) or ""
    if not isinstance(source, str):
        raise bad(f'Field "{name}" must be of type String')
    mode = given.get("parse_mode") or ""
    if str(mode).lower() not in ("", "html"):
        raise bad("unsupported parse_mode")
    if not _is_utf8(source):
        raise bad("strings must be encoded in UTF-8")
    reading = html_read(source) if mode else Reading(source)
    if reading.units > longest:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    entities = "entities" if name == "text" else "caption_entities"
    return {
        name: reading.text.strip(),
        **({entities: reading.entities} if reading.entities else {}),
    }


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _posted(
    double: TelegramDouble, chat: Chat, content: dict[str, Any], markup: Any
) -> dict[str, Any]:
    markup_check(markup, is_private=chat.is_private, is_channel=chat.kind == "channel")
    number = next(chat.numbers)
    said: dict[str, Any] = {"message_id": number}
    if chat.kind == "channel":
        said["sender_chat"] = chat.shape()
    else:
        said["from"] = double.world.bot.shape()
    said |= {"chat": chat.shape(), "date": int(time()), **content}
    if markup and "inline_keyboard" in markup:
        said["reply_markup"] = markup
    chat.messages[number] = said
    return said


def _edited(
    chat: Chat, old: dict[str, Any], content: dict[str, Any], markup: Any
) -> dict[str, Any]:
    markup_check(markup, is_private=chat.is_private, is_channel=chat.kind == "channel")
    if markup and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    kept = ("message_id", "from", "sender_chat", "chat", "date")
    new = {name: old[name] for name in kept if name in old} | content
    if markup:
        new["reply_markup"] = markup
    if new == {name: value for name, value in old.items() if name != "edit_date"}:
        raise bad(SAME)
    chat.messages[new["message_id"]] = {**new, "edit_date": int(time())}
    return chat.messages[new["message_id"]]


def _command_check(command: Any) -> None:
    name = command.get("command") if isinstance(command, dict) else None
    told = command.get("description") if isinstance(command, dict) else None
    if not isinstance(name, str) or not COMMAND.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")
    if not isinstance(told, str) or not 1 <= len(told.strip()) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def _menu(given: Mapping[str, Any]) -> tuple[str, str]:
    """Return the scope and language of a menu of commands."""
    scope, language = given.get("scope") or {"type": "default"}, given.get("language_code") or ""
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    chat = f":{scope['chat_id']}" if "chat_id" in scope else ""
    return f"{scope['type']}{chat}", language


def _allowed_keep(double: TelegramDouble, call: Call) -> None:
    """Remember which updates are wanted; without a word it stays as it was."""
    allowed = call.parameters.get("allowed_updates")
    if allowed is None:
        return
    if not isinstance(allowed, list):
        raise bad("can't parse allowed_updates: an Array is expected")
    double.inbox.allowed = frozenset(map(str, allowed))


def _pending_drop(double: TelegramDouble, call: Call) -> None:
    if call.parameters.get("drop_pending_updates") in (True, "true", "True"):
        double.inbox.waiting.clear()


def _whole(given: Mapping[str, Any], name: str, default: int) -> int:
    value = given.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, bool) or not str(value).lstrip("-").isdecimal():
        raise bad(f'can\'t parse "{name}": a Number is expected')
    return int(value)
