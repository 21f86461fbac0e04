"""Take updates from Telegram: prove who sends, store, answer; all work comes later.

Under Daphne ``deliveries`` stands before this view and takes what is right by itself.
"""

from __future__ import annotations

import hmac
from typing import Final

import orjson
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from starscal.core.api.problems import problem_response
from starscal.core.exceptions import ErrorCode
from telegram_link.bot.reading import update_number
from telegram_link.configuration import webhook_enabled
from telegram_link.services.updates import updates_store

SECRET: Final = "HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN"  # noqa: S105 - the name of a header
LONGEST_BODY: Final = 64 * 1024


@csrf_exempt
def webhook(request: HttpRequest) -> HttpResponse:
    """Answer 200 once an update is stored, or was stored before.

    Nothing of the body is read before the secret has proved that Telegram sends it. What is no
    update gets 400, a body beyond 64 KiB 413, and while the database is away all get 503, after
    which Telegram comes again.
    """
    if not webhook_enabled():
        return problem_response(request, ErrorCode.NOT_FOUND)
    if request.method != "POST":
        return problem_response(request, ErrorCode.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})
    if not is_from_telegram(request):
        return problem_response(request, ErrorCode.PERMISSION_DENIED)
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        return problem_response(request, ErrorCode.BODY_TOO_LARGE, detail="At most 64 KiB.")
    return _stored(request, body)


def is_from_telegram(request: HttpRequest) -> bool:
    """Compare the secret in a time that says nothing of it."""
    sent = request.META.get(SECRET, "").encode("utf-8", "surrogatepass")
    return hmac.compare_digest(sent, settings.TELEGRAM_WEBHOOK_SECRET.encode())


def _stored(request: HttpRequest, body: bytes) -> HttpResponse:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return problem_response(request, ErrorCode.BODY_INVALID)
    if update_number(update) is None:
        return problem_response(request, ErrorCode.VALIDATION_INVALID)
    try:
        updates_store(updates=[update])
    except (OperationalError, InterfaceError):
        return problem_response(request, ErrorCode.UNAVAILABLE)
    return HttpResponse(headers={"Cache-Control": "no-store"})
