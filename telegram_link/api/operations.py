"""The operations of Telegram as the OpenAPI document describes them."""

from __future__ import annotations

import uuid
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter

from starscal.core.api.openapi import problem_responses, schema_ref
from telegram_link.api.inputs import AskInput, CodeInput

OWN: Final = (401, 403, 405, 406, 429, 503)
OPEN: Final = (400, 401, 404, 405, 406, 409, 413, 415, 429, 503)
LINK_ID: Final = OpenApiParameter(
    "link_id", uuid.UUID, OpenApiParameter.PATH, description="The `id` of the link."
)
TOKEN_ID: Final = OpenApiParameter(
    "token_id", uuid.UUID, OpenApiParameter.PATH, description="The `id` of the link."
)


def _own(answer: dict[Any, Any], *statuses: int, **more: Any) -> dict[str, Any]:
    responses = {**answer, **problem_responses(*OWN, *statuses)}
    return {"tags": ["me"], "responses": responses, **more}


TELEGRAM: Final = _own(
    {200: schema_ref("TelegramState")},
    operation_id="me_telegram",
    summary="Show the link with Telegram",
    description="Whether the account is linked with a chat, and with whose.",
)
UNLINK: Final = _own(
    {204: None},
    409,
    operation_id="me_telegram_unlink",
    summary="Unlink Telegram",
    description="Ends the link, drops what waits to be sent, tells the chat and, by e-mail, the "
    "owner. Refused (`telegram.only_way_in`) to whoever could not sign in any more. Idempotent.",
)
LINK_ASK: Final = _own(
    {201: schema_ref("TelegramLinkAsked")},
    404,
    409,
    operation_id="me_telegram_link_ask",
    summary="Ask for a link to the bot",
    description="Open `url` in Telegram and say yes there, look with the next call who has done "
    "so, and confirm. Bound to the session of this token. A link that was asked for before ends.",
    request=None,
)
LINK: Final = _own(
    {200: schema_ref("TelegramLink")},
    404,
    operation_id="me_telegram_link",
    summary="Show who has opened a link",
    description="Only to the session that asked for it. Show the name before you confirm.",
    parameters=[LINK_ID],
)
CONFIRM: Final = _own(
    {200: schema_ref("TelegramState")},
    400,
    404,
    409,
    operation_id="me_telegram_link_confirm",
    summary="Link the chat that has opened a link",
    description="Only by the session that asked for it, and after whoever opened the link has said "
    "yes in the chat (`telegram.not_opened` until then). One chat belongs to one account "
    "(`telegram.taken`); the chat is told, with a button that unlinks, and the owner by e-mail.",
    request=None,
    parameters=[LINK_ID],
)
SIGN_IN_ASK: Final[dict[str, Any]] = {
    "operation_id": "auth_telegram_ask",
    "summary": "Ask for a link to sign in with Telegram",
    "description": "Open `url` in Telegram; the bot tells a code. Keep `holder`: it is needed "
    "beside the code.",
    "tags": ["auth"],
    "auth": [],
    "request": AskInput,
    "responses": {
        201: schema_ref("TelegramLinkAsked"),
        **problem_responses(400, 404, 405, 406, 413, 415, 429, 503),
    },
}
SIGN_IN: Final[dict[str, Any]] = {
    "operation_id": "auth_telegram",
    "summary": "Sign in with the code that the bot has told",
    "description": "Five tries within ten minutes. A Telegram account without an account here gets "
    "`telegram.no_account`; the same call with `consent` then creates one, linked at once, without "
    "password and e-mail address.",
    "tags": ["auth"],
    "auth": [],
    "parameters": [TOKEN_ID],
    "request": CodeInput,
    "responses": {200: schema_ref("Tokens"), **problem_responses(*OPEN)},
}
