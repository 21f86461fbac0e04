"""What staff see of Telegram, and what they may do about it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from events.services.groups import groups_settle
from starscal.core import clock
from starscal.core.exceptions import ApplicationError
from starscal.core.i18n import LOCALES
from starscal.core.models import AuditEntry
from starscal.testing.staff import staff_sign_in
from telegram_link.models import (
    BotState,
    Notification,
    TelegramAccount,
    TelegramChat,
    TelegramUpdate,
)
from telegram_link.services.administration import notifications_drop, notifications_retry

pytestmark = pytest.mark.django_db
QUEUE = "/admin/telegram_link/notification/"
UPDATES = "/admin/telegram_link/telegramupdate/"
TRAFFIC = f"{QUEUE}traffic/"
SECRET = "a word between the bot and Vera"
NUMBER = 7_001
Kind, Status = Notification.Kind, Notification.Status


@pytest.fixture
def owner() -> User:
    return User.objects.create_superuser("owner", password=None)


@pytest.fixture
def desk(client: Client, owner: User) -> Client:
    staff_sign_in(client, owner)
    return client


@pytest.fixture
def chat() -> TelegramChat:
    return TelegramChat.objects.create(id=NUMBER, title="Vera")


def colleague(group: str) -> User:
    user = User.objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    groups_settle(using="default")
    return user


def queued(chat: TelegramChat, key: str, **facts: Any) -> Notification:
    facts = {"kind": Kind.REPLY, "body": {"text": SECRET}, **facts}
    return Notification.objects.create(chat=chat, key=key, **facts)


def act(client: Client, page: str, action: str, *rows: Any) -> str:
    chosen = [str(row.pk) for row in rows]
    answer = client.post(page, {"action": action, "_selected_action": chosen}, follow=True)
    return answer.content.decode()


@pytest.mark.parametrize("language", LOCALES)
def test_the_pages_open_in_every_language(desk: Client, chat: TelegramChat, language: str) -> None:
    user = User.objects.create_user("vera")
    account = TelegramAccount.objects.create(user=user, chat=chat, telegram_user_id=NUMBER)
    update = TelegramUpdate.objects.create(id=1, chat_id=NUMBER, body={"words": SECRET})
    rows = {
        "telegramchat": chat, "telegramaccount": account, "telegramupdate": update,
        "notification": queued(chat, "reply-1"),
    }  # fmt: skip
    index = desk.get("/admin/", {"lang": language}).content.decode()
    for name, row in rows.items():
        assert f"/admin/telegram_link/{name}/" in index
        for page in ("", f"{row.pk}/change/"):
            answer = desk.get(f"/admin/telegram_link/{name}/{page}", {"lang": language})
            assert answer.status_code == 200
            assert SECRET not in answer.content.decode()
    assert desk.get(TRAFFIC, {"lang": language}).status_code == 200


def test_the_queue_is_told_by_kind_and_by_the_clock(desk: Client, chat: TelegramChat) -> None:
    now = clock.now()
    BotState.objects.create(username="stars_bot", silent_until=now + timedelta(hours=1))
    queued(chat, "due", due_at=now - timedelta(minutes=5))
    queued(chat, "later", due_at=now + timedelta(hours=5))
    for at, status in ((10, Status.SENT), (600, Status.SENT), (900, Status.DEAD)):
        queued(chat, f"{at}", kind=Kind.DIGEST, status=status, body={},
               settled_at=now - timedelta(seconds=at))  # fmt: skip
    answer = desk.get(TRAFFIC)
    lines = {line["kind"]: line for line in answer.context["lines"]}
    assert lines["Reply"]["counts"] == ["2", "1"]
    assert lines["Reply"]["oldest"] != "–"
    assert lines["Digest"]["outcomes"] == ["2", "1", "0"]
    spans = {rate["span"]: rate["outcomes"] for rate in answer.context["rates"]}
    assert spans == {
        "Last minute": ["1", "0", "0"], "Last hour": ["2", "1", "0"], "Last day": ["2", "1", "0"],
    }  # fmt: skip
    told = answer.context["sentences"]
    assert told[1].startswith("Telegram wants no messages until")
    assert told[2].startswith("The oldest message has been due since")


def test_the_page_asks_as_much_of_a_long_queue_as_of_a_short_one(
    desk: Client, chat: TelegramChat
) -> None:
    asked = []
    for rows in (1, 10):
        Notification.objects.all().delete()
        for number in range(rows):
            queued(chat, f"{number}")
        with CaptureQueriesContext(connection) as queries:
            for page in (TRAFFIC, QUEUE):
                assert desk.get(page).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_failed_ones_are_sent_again_and_others_left(
    desk: Client, owner: User, chat: TelegramChat
) -> None:
    dead = queued(chat, "dead", status=Status.DEAD, tries=8, reason="No answer.",
                  settled_at=clock.now())  # fmt: skip
    sent = queued(chat, "sent", status=Status.SENT, body={}, settled_at=clock.now())
    empty = queued(chat, "empty", status=Status.DEAD, body={})
    deaf = TelegramChat.objects.create(id=2, blocked_at=clock.now())
    unwanted = queued(deaf, "unwanted", status=Status.DEAD)
    page = act(desk, QUEUE, "retry_chosen", dead, sent, empty, unwanted)
    assert "1 message waits again." in page
    dead.refresh_from_db()
    assert (dead.status, dead.tries, dead.reason, dead.settled_at) == ("queued", 0, "", None)
    statuses = set(Notification.objects.exclude(pk=dead.pk).values_list("key", "status"))
    assert statuses == {("sent", "sent"), ("empty", "dead"), ("unwanted", "dead")}
    entry = AuditEntry.objects.get(action="notification.retry")
    assert (entry.actor, entry.object_id) == (str(owner.pk), str(dead.pk))


def test_what_waits_is_taken_out_but_not_what_is_being_sent(
    desk: Client, chat: TelegramChat
) -> None:
    waits = queued(chat, "waits")
    dead = queued(chat, "dead", status=Status.DEAD)
    held = queued(chat, "held", lease_until=clock.now() + timedelta(minutes=1))
    page = act(desk, QUEUE, "drop_chosen", waits, dead, held)
    assert "2 messages will not be sent." in page
    rows = {row.key: row for row in Notification.objects.all()}
    assert {key: row.status for key, row in rows.items()} == {
        "waits": "dropped", "dead": "dropped", "held": "queued",
    }  # fmt: skip
    assert rows["waits"].body == {}
    assert rows["waits"].settled_at is not None
    assert rows["held"].body != {}


def test_updates_that_were_given_up_are_worked_again(desk: Client) -> None:
    now = clock.now()
    dead = TelegramUpdate.objects.create(
        id=1, body={"what": "words"}, outcome="dead", tries=5, done_at=now
    )
    done = TelegramUpdate.objects.create(id=2, outcome="answered", done_at=now)
    assert "1 update waits again." in act(desk, UPDATES, "retry_chosen", dead, done)
    dead.refresh_from_db()
    done.refresh_from_db()
    assert (dead.outcome, dead.tries, dead.done_at) == ("", 0, None)
    assert done.outcome == "answered"


def test_auditors_look_and_publishers_send_again(client: Client, chat: TelegramChat) -> None:
    dead = queued(chat, "dead", status=Status.DEAD)
    auditor, publisher = colleague("Auditor"), colleague("Publisher")
    staff_sign_in(client, auditor)
    assert client.get(TRAFFIC).status_code == 200
    assert "retry_chosen" not in client.get(QUEUE).content.decode()
    assert client.get("/admin/telegram_link/telegramchat/").status_code == 403
    for service in (notifications_retry, notifications_drop):
        with pytest.raises(ApplicationError, match="permission"):
            service(actor=auditor, ids=[dead.pk])
    assert notifications_retry(actor=publisher, ids=[dead.pk]) == 1


@pytest.mark.parametrize(
    ("state", "ids"), [("waiting", {1}), ("done", {2}), ("dead", {3}), ("", {1, 2, 3})]
)
def test_updates_are_told_apart_by_what_became_of_them(
    desk: Client, state: str, ids: set[int]
) -> None:
    for number, outcome in ((1, ""), (2, "answered"), (3, "dead")):
        done_at = clock.now() if outcome else None
        TelegramUpdate.objects.create(id=number, outcome=outcome, done_at=done_at)
    found = desk.get(UPDATES, {"status": state} if state else {}).context["cl"].result_list
    assert {row.pk for row in found} == ids


def test_chats_are_told_apart_by_whether_they_are_reached(desk: Client, chat: TelegramChat) -> None:
    TelegramChat.objects.create(id=2, language="hy", blocked_at=clock.now())
    TelegramChat.objects.create(id=3, stopped_at=clock.now())
    page = "/admin/telegram_link/telegramchat/"
    for state, ids in (("open", {NUMBER}), ("blocked", {2}), ("stopped", {3})):
        found = desk.get(page, {"status": state})
        assert {row.pk for row in found.context["cl"].result_list} == ids
    assert "Հայերեն" in desk.get(page).content.decode()


def test_accounts_are_told_apart_by_membership(desk: Client) -> None:
    for number, is_member in ((2, True), (3, False)):
        user = User.objects.create_user(f"reader-{number}", is_telegram_subscribed=is_member)
        chat = TelegramChat.objects.create(id=number)
        TelegramAccount.objects.create(user=user, chat=chat, telegram_user_id=number)
    asked = {"user__is_telegram_subscribed__exact": "1"}
    found = desk.get("/admin/telegram_link/telegramaccount/", asked)
    assert [row.telegram_user_id for row in found.context["cl"].result_list] == [2]
    assert "By member of the channel" in found.content.decode()


@pytest.mark.parametrize(
    "asked",
    ["body__text__contains", "body__sender__name__startswith", "reason__regex", "chat__title"],
)
def test_an_address_asks_nothing_out_of_what_the_pages_hide(
    desk: Client, chat: TelegramChat, asked: str
) -> None:
    queued(chat, "reply-1")
    assert desk.get(QUEUE, {asked: "V"}).status_code == 400


@pytest.mark.parametrize(
    ("term", "keys"),
    [("dig", {"digest-1"}), (str(NUMBER), {"digest-1", "reply-1"}), ("9" * 40, set()),
     ("-5", set()), ("²", set())],
)  # fmt: skip
def test_the_queue_is_searched_by_key_and_chat(
    desk: Client, chat: TelegramChat, term: str, keys: set[str]
) -> None:
    queued(chat, "digest-1")
    queued(chat, "reply-1")
    found = desk.get(QUEUE, {"q": term}).context["cl"].result_list
    assert {row.key for row in found} == keys


def test_the_page_of_an_account_shows_telegram_and_takes_nothing(desk: Client) -> None:
    user = User.objects.create_user("vera", telegram_user_id=NUMBER, is_telegram_subscribed=True)
    page = desk.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
    assert re.search(rf"Telegram number.*{NUMBER}", page, re.DOTALL)
    assert 'name="telegram' not in page
    assert 'name="is_telegram' not in page
