"""What belongs to a person through Telegram is exported, goes with the account, stays parted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from accounts.services.deletion import user_delete_request, users_purge
from accounts.services.export import user_export
from starscal.core import clock
from starscal.core.backup.journal import journal_obeyed, journal_since
from telegram_link.messages import Message
from telegram_link.models import (
    Notification,
    TelegramAccount,
    TelegramChat,
    TelegramLinkToken,
    TelegramUpdate,
)
from telegram_link.services.linking import account_unlink, link_ask
from telegram_link.services.queue import message_queue
from telegram_link.services.signing_in import sign_in_ask
from telegram_link.tests.linking_support import Someone, someone, someone_linked, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bot_on")]
CHAT = 987_654_321_012
NAME = "Zilpzalp"


@pytest.fixture
def vera() -> Someone:
    """Return somebody with rows in every table of Telegram that has people's."""
    who = someone_linked(chat_id=CHAT, name=NAME)
    start(CHAT, sign_in_ask(device="a browser").url, NAME)
    TelegramUpdate.objects.create(pk=1, chat_id=CHAT, body={"text": NAME})
    message_queue(chat_id=CHAT, key="x", message=Message(NAME), kind="reply")
    someone_linked("rosa", 1, "Rosa")
    return who


def rows_with(word: str) -> set[str]:
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT t::text FROM {name} t")  # noqa: S608 - names of our tables
            found |= {table for (row,) in cursor.fetchall() if word in row}
    return found


def test_the_export_has_what_telegram_knows(vera: Someone) -> None:
    tables = user_export(user=vera.user)["tables"]
    for name, count in {"telegramaccount": 1, "telegramchat": 1, "telegramlinktoken": 2,
                        "telegramupdate": 1, "notification": 2}.items():  # fmt: skip
        assert len(tables[f"telegram_link.{name}"]["rows"]) == count, name
    assert tables["telegram_link.telegramaccount"]["rows"][0]["name"] == NAME
    withheld = set(tables["telegram_link.telegramlinktoken"]["withheld"])
    assert withheld == {"token_hash", "holder_hash", "code_hash"}


def test_nothing_of_telegram_is_left_of_whoever_is_deleted(vera: Someone) -> None:
    user_delete_request(user=vera.user)
    assert users_purge(at=clock.now() + timedelta(days=8)) == 1
    assert rows_with(NAME) == set()
    assert rows_with(str(CHAT)) == set()
    kinds = (TelegramAccount, TelegramChat, TelegramLinkToken, Notification)
    assert [kind._base_manager.count() for kind in kinds] == [1, 1, 1, 1]  # Rosa's


def test_a_restored_backup_parts_again_who_was_parted(vera: Someone) -> None:
    before = clock.now()
    account = TelegramAccount.objects.get(user=vera.user)
    account_unlink(user=vera.user, actor="app")
    entries = journal_since(at=before)
    assert [entry.kind for entry in entries if entry.object_id == str(vera.user.pk)] == [
        "telegram.unlink"
    ]
    account.save(force_insert=True)  # as the backup has it
    User.objects.filter(pk=vera.user.pk).update(telegram_user_id=CHAT)
    asked = link_ask(user=someone("ada").user, session_id=vera.session_id)
    changed = journal_obeyed(entries)["telegram_link"]
    assert changed == 2
    assert not TelegramAccount.objects.filter(user=vera.user).exists()
    assert User.objects.get(pk=vera.user.pk).telegram_user_id is None
    assert User.objects.get(username="rosa").telegram_user_id == 1
    assert not TelegramLinkToken.objects.filter(pk=asked.row.pk).exists()
