"""Linking and signing in by updates, as Telegram sends them."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.db import connection

from starscal.core import clock
from telegram_link.models import Notification, TelegramAccount
from telegram_link.services.linking import link_ask
from telegram_link.services.signing_in import Attempt, sign_in_ask, sign_in_prove
from telegram_link.services.updates import updates_store
from telegram_link.tests.linking_support import confirmed, linked, someone
from telegram_link.tests.update_shapes import message, press
from telegram_link.tests.update_support import updates_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bot_on")]
CHAT = 7  # of HOME


def said(text: str) -> dict[str, Any]:
    """Have the person of the private chat write, and return what waits to be sent then."""
    updates_store(updates=[message(text)])
    return answered()


def answered() -> dict[str, Any]:
    while updates_work(limit=10, at=clock.now()):
        pass
    return dict(Notification.objects.filter(chat=CHAT).latest("pk").body)


def test_a_link_is_opened_confirmed_and_ended_by_its_button() -> None:
    vera = someone()
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    token = asked.url.partition("?start=")[2]
    question = said(f"/start {token}")
    assert "<code>vera</code>" in question["text"]
    yes, no = (row[0]["data"] for row in question["keyboard"])
    updates_store(updates=[press(yes)])
    edited = answered()
    assert [button["data"] for row in edited["keyboard"] for button in row] == [no]
    assert confirmed(vera, asked.row) == "linked"
    note = Notification.objects.get(kind="account")
    button = note.body["keyboard"][0][0]
    updates_store(updates=[press(button["data"])])
    answered()
    assert not TelegramAccount.objects.exists()


def test_the_code_of_a_sign_in_comes_into_the_chat_and_the_token_stays_nowhere() -> None:
    vera = someone()
    linked(vera, CHAT)
    asked = sign_in_ask(device="<Firefox>")
    token = asked.url.partition("?start=")[2]
    text = said(f"/start {token}")["text"]
    assert "<code>Firefox</code>" in text
    code = html.unescape(text).partition("<code>")[2][:6]
    proved = sign_in_prove(attempt=Attempt(asked.row.pk, asked.holder, code, "api"))
    assert proved.user == vera.user
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT t::text FROM {name} t")  # noqa: S608 - names of our tables
            assert not any(token in row for (row,) in cursor.fetchall()), table
