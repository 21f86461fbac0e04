"""Check what stands under a message as the Bot API does."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from starscal.testing.telegram.refusals import bad

LARGEST_DATA: Final = 64
MOST_BUTTONS: Final = 100
MOST_IN_A_ROW: Final = 8
ACTIONS: Final = (
    *("url", "callback_data", "web_app", "login_url", "switch_inline_query", "pay"),
    *("switch_inline_query_current_chat", "copy_text"),
)


def markup_check(markup: Any, *, is_private: bool, is_channel: bool) -> None:
    """Raise the Refusal that Telegram answers a wrong ``reply_markup`` with."""
    if markup is None or markup == "" or markup == {}:
        return
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        for button in _buttons(markup["inline_keyboard"], "inline keyboard"):
            inline_button_check(button)
    elif "keyboard" in markup:
        if is_channel:
            raise bad("reply keyboard can't be sent to channel chats")
        for button in _buttons(markup["keyboard"], "keyboard"):
            _reply_button_check(button, is_private=is_private)
    elif not (markup.get("remove_keyboard") is True or markup.get("force_reply") is True):
        raise bad("can't parse reply keyboard markup JSON object")


def _buttons(rows: Any, name: str) -> list[Any]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(f"can't parse {name}: an Array of Arrays is expected")
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad("reply markup is too long")
    return buttons


def inline_button_check(button: Any) -> None:
    """Check one button under a message."""
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad(
            "can't parse inline keyboard button: "
            'Field "text" must be of type String'
        )  # fmt: skip
    if not button["text"].strip():
        raise bad("can't parse inline keyboard button: Text of the button must be non-empty")
    actions = [action for action in ACTIONS if button.get(action) not in (None, "")]
    if not actions:
        raise bad(
            "can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard"
        )  # fmt: skip
    if len(actions) > 1:
        raise bad("can't parse inline keyboard button: exactly one action must be used")
    if actions == ["callback_data"]:
        _data_check(button["callback_data"])
    if actions == ["url"]:
        url_check(button["url"])


def _data_check(data: Any) -> None:
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= LARGEST_DATA:
        raise bad("BUTTON_DATA_INVALID")


def url_check(url: Any) -> None:
    """Check where a button leads."""
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    is_site = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    if not is_site and parts.scheme != "tg":
        told = "Wrong HTTP URL" if parts.scheme in ("http", "https") else "Unsupported URL protocol"
        raise bad(f"inline keyboard button URL '{url}' is invalid: {told}")


def _reply_button_check(button: Any, *, is_private: bool) -> None:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad('can\'t parse keyboard button: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad("can't parse keyboard button: Text of the button must be non-empty")
    if button.get("request_location") and not is_private:
        raise bad("location can be requested in private chats only")
    if button.get("request_contact") and not is_private:
        raise bad("phone number can be requested in private chats only")
