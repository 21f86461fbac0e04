"""A change of membership reaches the open sockets of the person: real Daphne, relay, Bot API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.services.sessions import session_open
from events.asyncapi.document import asyncapi_document
from events.tests.asyncapi_rules import misfits
from events.tests.live_client import LiveSocket
from starscal.core import clock
from starscal.testing.live import LiveProcess, LiveServer
from starscal.testing.telegram import TelegramDouble
from telegram_link.models import TelegramAccount, TelegramChat
from telegram_link.services.membership import membership_of

CHANNEL = -1001234567890


def test_open_sockets_of_the_person_hear_of_it(
    running_server: LiveServer, relay: LiveProcess, telegram: TelegramDouble, settings: Any
) -> None:
    settings.TELEGRAM_CHANNEL_ID = str(CHANNEL)
    channel = telegram.people.chat(CHANNEL, "channel")
    vera = telegram.people.add(first_name="Vera")
    user = User.objects.create_user("vera", telegram_user_id=vera.id)
    chat = TelegramChat.objects.create(id=vera.id)
    TelegramAccount.objects.create(user=user, chat=chat, telegram_user_id=vera.id)
    other = session_open(user=User.objects.create_user("luna"))
    now = clock.now()
    with LiveSocket(running_server.ws_url) as own, LiveSocket(running_server.ws_url) as others:
        own.hello(token=session_open(user=user).access_token, streams=["me"])
        others.hello(token=other.access_token, streams=["me", "events"])
        for step, (status, counts) in enumerate((("member", True), ("left", False))):
            telegram.people.member_set(channel, vera, status)
            membership_of(user=user, at=now + step * timedelta(minutes=11))
            frame = own.hear_op("event")
            assert (frame["type"], frame["data"]["subscribed"]) == ("subscription.updated", counts)
            assert misfits(asyncapi_document(), frame, "server") == []
        others.say("subscribe", streams=["nothing"])
        assert others.hear()["op"] == "error"  # and nothing before it
