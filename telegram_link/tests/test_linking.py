"""Linking an account with a chat, and what attackers try."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from pytest_django import Settings

from accounts.models import User
from accounts.services.deletion import user_delete_request
from accounts.services.passwords import password_reset, password_reset_request
from accounts.services.sessions import session_open, session_revoke
from accounts.tests.people_support import letters, token_in
from starscal.core import clock
from starscal.core.models import AuditEntry, OutboxMessage
from telegram_link.bot.link import answer, pressed, start_opened
from telegram_link.messages import Message, restored
from telegram_link.models import Notification, TelegramAccount, TelegramChat, TelegramLinkToken
from telegram_link.selectors.links import chat_language
from telegram_link.services.linking import account_unlink, link_ask
from telegram_link.services.pruning import traffic_prune
from telegram_link.services.queue import message_queue
from telegram_link.services.signing_in import sign_in_ask
from telegram_link.services.tokens import LIFETIME
from telegram_link.tests.linking_support import (
    BOT,
    CHAT,
    Someone,
    agree,
    api,
    confirmed,
    linked,
    reader,
    someone,
    someone_linked,
    start,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bot_on")]
OTHER_CHAT = 700_002


@pytest.fixture
def vera() -> Someone:
    return someone()


def told(chat_id: int = CHAT) -> list[str]:
    rows = Notification.objects.filter(chat=chat_id, kind="account", status="queued")
    return [restored(row.body).text for row in rows.order_by("pk")]


def data_of(answer_given: Any) -> str:
    """Return what the last button under an answer sends, without the command's name."""
    button = answer_given.messages[0].keyboard[-1][-1]
    return str(button.data).partition(":")[2]


def yes_of(answer_given: Any) -> str:
    """Return what the first button under an answer sends, without the command's name."""
    return str(answer_given.messages[0].keyboard[0][0].data).partition(":")[2]


def test_somebody_links_a_chat_and_everybody_is_told(vera: Someone) -> None:
    asked = vera.call("post", "/me/telegram/links")
    assert asked.status_code == 201
    link = asked.json()
    assert link["url"].startswith(f"https://t.me/{BOT}?start=")
    assert "holder" not in link
    path = f"/me/telegram/links/{link['id']}"
    assert vera.call("get", path).json()["state"] == "waiting"
    assert vera.call("post", f"{path}/confirm").json()["code"] == "telegram.not_opened"

    question = start(CHAT, link["url"], "Vera Rubin", "vrubin")
    assert "vera" in text_of(question)
    said_yes = pressed(reader(CHAT), yes_of(question)).edited
    assert said_yes is not None
    assert [[button.text for button in row] for row in said_yes.keyboard] == [["That was not me"]]
    shown = vera.call("get", path).json()
    assert (shown["state"], shown["name"], shown["username"]) == ("opened", "Vera Rubin", "vrubin")
    done = vera.call("post", f"{path}/confirm")
    assert done.status_code == 200
    assert done.json()["linked"] is True
    assert done.json()["name"] == "Vera Rubin"

    vera.user.refresh_from_db()
    assert vera.user.telegram_user_id == CHAT
    assert AuditEntry.objects.filter(action="telegram.link", actor=str(vera.user.pk)).count() == 1
    (message,) = OutboxMessage.objects.filter(kind="profile.updated")
    assert message.stream_id == f"me:{vera.user.pk}"
    assert message.body["fields"] == ["telegram_linked"]
    assert told() == [
        "This chat is linked with the account <b>vera</b> now. If that was not you, unlink it."
    ]
    assert vera.call("get", "/me").json()["telegram_linked"] is True


def test_a_token_opens_once(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    agree(CHAT, asked.url)
    assert "has been used already" in text_of(start(OTHER_CHAT, asked.url))
    assert TelegramLinkToken.objects.get().opened_id == CHAT
    assert confirmed(vera, asked.row) == "linked"
    assert confirmed(vera, asked.row) == "link.invalid"


def test_a_token_that_is_too_old_neither_opens_nor_confirms(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    agree(CHAT, asked.url)
    TelegramLinkToken.objects.update(expires_at=Now() - timedelta(seconds=1))
    assert confirmed(vera, asked.row) == "link.invalid"
    shown = vera.call("get", f"/me/telegram/links/{asked.row.pk}")
    assert shown.json()["state"] == "over"
    late = link_ask(user=vera.user, session_id=vera.session_id)
    TelegramLinkToken.objects.update(expires_at=Now() - timedelta(seconds=1))
    assert "has expired" in text_of(start(CHAT, late.url))
    assert not TelegramAccount.objects.exists()


def test_a_token_lasts_ten_minutes(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    life = asked.row.expires_at - asked.row.created_at
    assert abs(life - LIFETIME) < timedelta(seconds=1)


def test_no_other_session_sees_or_confirms_not_even_of_the_same_person(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    agree(CHAT, asked.url)
    twin = Someone(vera.user, session_open(user=vera.user))
    mallory = someone("mallory")
    for other in (twin, mallory):
        assert other.call("get", f"/me/telegram/links/{asked.row.pk}").status_code == 404
        refused = other.call("post", f"/me/telegram/links/{asked.row.pk}/confirm")
        assert refused.status_code == 404
    assert not TelegramAccount.objects.exists()
    assert confirmed(vera, asked.row) == "linked"


def test_a_session_that_has_ended_confirms_nothing(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    agree(CHAT, asked.url)
    session_revoke(session_id=vera.session_id, user=vera.user, reason="test")
    answer_given = vera.call("post", f"/me/telegram/links/{asked.row.pk}/confirm")
    assert answer_given.status_code == 401
    assert not TelegramAccount.objects.exists()


def test_a_forwarded_link_gives_no_chat_to_its_sender(vera: Someone) -> None:
    """Mallory asks, and has Rosa open the link: confirming at once her chat does not become his."""
    mallory = someone("mallory")
    asked = link_ask(user=mallory.user, session_id=mallory.session_id)
    assert confirmed(mallory, asked.row) == "telegram.not_opened"
    opened = start(CHAT, asked.url, "Rosa")
    assert "The account <code>mallory</code> asks" in text_of(opened)
    assert confirmed(mallory, asked.row) == "telegram.not_opened"
    shown = mallory.call("get", f"/me/telegram/links/{asked.row.pk}").json()
    assert (shown["state"], shown["name"], shown["username"]) == ("waiting", "", "")
    assert "Rosa" not in mallory.call("get", f"/me/telegram/links/{asked.row.pk}").text
    pressed(reader(OTHER_CHAT), yes_of(opened))  # it is not theirs to agree to
    pressed(reader(OTHER_CHAT), data_of(opened))  # nor to refuse
    assert confirmed(mallory, asked.row) == "telegram.not_opened"
    pressed(reader(CHAT), data_of(opened))
    assert confirmed(mallory, asked.row) == "link.invalid"
    late = pressed(reader(CHAT), yes_of(opened)).edited
    assert late is not None
    assert "has been used already" in late.text
    assert confirmed(mallory, asked.row) == "link.invalid"
    assert not TelegramAccount.objects.exists()


def test_whoever_has_agreed_can_still_refuse_until_it_is_confirmed(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    agreed = agree(CHAT, asked.url).edited
    assert agreed is not None
    pressed(reader(CHAT), agreed.keyboard[-1][-1].data.partition(":")[2])
    assert confirmed(vera, asked.row) == "link.invalid"
    assert not TelegramAccount.objects.exists()


def test_there_is_nothing_to_agree_to_in_a_sign_in() -> None:
    asked = sign_in_ask(device="A phone")
    start(CHAT, asked.url)
    pressed(reader(CHAT), f"yes:{asked.row.pk}")
    asked.row.refresh_from_db()
    assert asked.row.agreed_at is None


def test_a_later_link_ends_the_earlier_one_of_the_session(vera: Someone) -> None:
    first = link_ask(user=vera.user, session_id=vera.session_id)
    link_ask(user=vera.user, session_id=vera.session_id)
    assert "has been used already" in text_of(start(CHAT, first.url))


def test_a_chat_that_is_taken_is_refused_clearly_in_the_readers_language(vera: Someone) -> None:
    linked(vera, CHAT)
    other = someone("rosa", language="de")
    asked = other.call("post", "/me/telegram/links").json()
    already = start(CHAT, asked["url"])
    assert "linked with the account <b>vera</b>" in text_of(already)
    opened = other.call("post", f"/me/telegram/links/{asked['id']}/confirm")
    assert opened.json()["code"] == "telegram.not_opened"
    pressed(reader(CHAT), f"yes:{asked['id']}")
    refused = other.call("post", f"/me/telegram/links/{asked['id']}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (409, "telegram.taken")
    assert refused.headers["Content-Language"] == "de"
    assert TelegramAccount.objects.get().user == vera.user


def test_an_account_that_is_linked_asks_for_no_second_chat(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    twin = Someone(vera.user, session_open(user=vera.user))
    second = link_ask(user=vera.user, session_id=twin.session_id)
    agree(CHAT, asked.url)
    agree(OTHER_CHAT, second.url)
    assert confirmed(vera, asked.row) == "linked"
    assert confirmed(twin, second.row) == "telegram.taken"
    assert twin.call("post", "/me/telegram/links").json()["code"] == "telegram.taken"


def test_the_app_unlinks_and_the_chat_is_told(vera: Someone) -> None:
    linked(vera, CHAT)
    User.objects.filter(pk=vera.user.pk).update(is_telegram_subscribed=True)
    assert vera.call("delete", "/me/telegram").status_code == 204
    vera.user.refresh_from_db()
    assert (vera.user.telegram_user_id, vera.user.is_telegram_subscribed) == (None, False)
    assert told() == ["This chat is not linked with an account any more."]
    dropped = Notification.objects.get(status="dropped")
    assert dropped.body == {}
    entry = AuditEntry.objects.get(action="telegram.unlink")
    assert (entry.actor, entry.reason) == (str(vera.user.pk), "app")
    message = OutboxMessage.objects.latest("pk")
    assert message.body["fields"] == ["telegram_linked", "telegram_subscribed"]
    assert vera.call("delete", "/me/telegram").status_code == 204  # there is nothing any more


def test_the_chat_unlinks_and_the_app_is_told(vera: Someone) -> None:
    linked(vera, CHAT)
    command = answer(reader(CHAT), "")
    done = pressed(reader(CHAT), data_of(command))
    assert done.edited is not None
    assert not TelegramAccount.objects.exists()
    assert AuditEntry.objects.get(action="telegram.unlink").reason == "bot"
    assert vera.call("get", "/me").json()["telegram_linked"] is False
    offer = answer(reader(CHAT), "")
    assert offer.messages[0].keyboard[0][0].url == "https://stars.example/en/telegram/"


def test_the_button_of_an_old_message_unlinks_nobody_else(vera: Someone) -> None:
    account = linked(vera, CHAT)
    account_unlink(user=vera.user, actor="app")
    someone_linked("rosa")
    pressed(reader(CHAT), f"off:{account.pk}")
    assert TelegramAccount.objects.get().user.username == "rosa"
    pressed(reader(OTHER_CHAT), f"off:{TelegramAccount.objects.get().pk}")
    assert TelegramAccount.objects.exists()


@pytest.mark.parametrize(
    "data", ["", "off", "off:", "off:٣", "off:" + "9" * 60, "no:", "no:x", "yes:x", "?"]
)
def test_buttons_that_are_none_of_ours_do_nothing(vera: Someone, data: str) -> None:
    linked(vera, CHAT)
    pressed(reader(CHAT), data)
    assert TelegramAccount.objects.exists()


def test_answers_are_sent_even_to_whoever_has_unlinked(vera: Someone) -> None:
    linked(vera, CHAT)
    for kind in ("reply", "reminder", "digest"):
        message_queue(chat_id=CHAT, key=kind, message=Message("x"), kind=kind)
    account_unlink(user=vera.user, actor="app")
    waiting = Notification.objects.filter(status="queued", chat=CHAT)
    assert sorted(waiting.values_list("kind", flat=True)) == ["account", "reply"]


def test_tokens_are_kept_as_hashes_alone(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    token = asked.url.partition("?start=")[2]
    assert len(token) == 43
    start(CHAT, asked.url)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT t::text FROM {name} t")  # noqa: S608 - names of our tables
            assert not any(token in row for (row,) in cursor.fetchall()), table


@pytest.mark.parametrize("token", ["", "x" * 42, "x" * 44, "é" * 43, "\x00" * 43, "x" * 100_000])
def test_what_is_no_token_is_not_even_looked_up(
    vera: Someone, token: str, django_assert_num_queries: Any
) -> None:
    who = reader(CHAT)
    with django_assert_num_queries(0):
        given = start_opened(who, token)
    assert "has been used already" in text_of(given)


def test_a_token_is_not_spent_in_a_group(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    who = reader(-100, kind="group")
    start_opened(who, asked.url.partition("?start=")[2])
    assert not TelegramLinkToken.objects.get().used


NAMES = {
    "html": ("<b>Vera</b> & <a href='https://evil.example'>you</a>", "<b>Vera</b> & "),
    "bidi": ("Vera\u202egpj.exe\u2066\u200f", "Veragpj.exe"),
    "nul": ("Ve\x00ra\x1b[31m\r\nK", "Vera[31m K"),
    "long": ("v" * 500, "v" * 150),
    "emoji": ("👩🏽‍🚀 Vera", "👩🏽‍🚀 Vera"),
    "empty": ("\u202e \x00", ""),
}


@pytest.mark.parametrize("case", NAMES)
def test_names_are_cleaned_and_never_become_markup(vera: Someone, case: str) -> None:
    name, kept = NAMES[case]
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    agree(CHAT, asked.url, name, "not a name!<script>")
    token = TelegramLinkToken.objects.get()
    assert token.opened_name.startswith(kept)
    assert len(token.opened_name) <= 150
    assert token.opened_username == ""
    assert confirmed(vera, token) == "linked"
    answer_given = vera.call("get", "/me/telegram")
    assert answer_given.headers["Content-Type"] == "application/json"


def test_the_name_of_an_account_cannot_write_into_a_chat(vera: Someone) -> None:
    User.objects.filter(pk=vera.user.pk).update(username="<i>vera</i>")
    vera.user.refresh_from_db()
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    assert "&lt;i&gt;vera" in text_of(start(CHAT, asked.url))


def test_without_a_bot_nobody_asks(vera: Someone, settings: Settings) -> None:
    settings.TELEGRAM_BOT_TOKEN = ""
    for given in (vera.call("post", "/me/telegram/links"), api("post", "/auth/telegram", {})):
        assert (given.status_code, given.json()["code"]) == (404, "telegram.off")
    assert not TelegramLinkToken.objects.exists()


def test_asking_is_counted_by_account_and_by_chat(vera: Someone, settings: Settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "telegram-ask": (2, 3600)}
    asked = [vera.call("post", "/me/telegram/links") for _time in range(3)]
    assert [one.status_code for one in asked] == [201, 201, 429]
    texts = [text_of(start(CHAT, "?start=" + "x" * 43)) for _time in range(3)]
    assert "Too many requests" in texts[-1]
    assert "Too many requests" not in texts[0]


def test_whoever_has_only_telegram_keeps_it_on_both_sides() -> None:
    ada = someone_linked("ada", email=None, password=None)
    refused = ada.call("delete", "/me/telegram")
    assert (refused.status_code, refused.json()["code"]) == (409, "telegram.only_way_in")
    assert ada.call("get", "/me/telegram").json()["only_way_in"] is True
    in_chat = pressed(reader(CHAT), data_of(answer(reader(CHAT), "")))
    assert "an e-mail address and a password" in text_of(in_chat)
    User.objects.filter(pk=ada.user.pk).update(
        email="ada@example.org", email_verified_at=clock.now()
    )
    assert ada.call("delete", "/me/telegram").status_code == 204


def test_a_password_alone_does_not_part_the_owner_from_the_account() -> None:
    """Whoever gets hold of a session for a moment could set one, and then close the other way."""
    ada = someone_linked("ada", email=None, password=None)
    ada.user.set_password("a-thief-sets-this-one")
    ada.user.email = "ada@example.org"  # of which nobody has read a letter
    ada.user.save()
    refused = ada.call("delete", "/me/telegram")
    assert (refused.status_code, refused.json()["code"]) == (409, "telegram.only_way_in")
    assert ada.call("get", "/me/telegram").json()["only_way_in"] is True
    assert TelegramAccount.objects.filter(user=ada.user).exists()


def reset(who: Someone) -> None:
    """Reset the password as somebody does who reads the letters."""
    password_reset_request(email=who.user.email or "")
    password_reset(token=token_in(letters()[-1]), new="a-comet-of-76-years")


def test_a_reset_of_the_password_ends_the_link_that_somebody_else_may_have_made(
    vera: Someone,
) -> None:
    linked(vera, CHAT)
    reset(vera)
    assert not TelegramAccount.objects.exists()
    vera.user.refresh_from_db()
    assert vera.user.telegram_user_id is None
    assert told()[-1] == "This chat is not linked with an account any more."
    assert AuditEntry.objects.get(action="telegram.unlink").reason == "reset"


def test_a_reset_of_the_password_ends_what_waits_to_be_linked(vera: Someone) -> None:
    User.objects.filter(pk=vera.user.pk).update(email_verified_at=None)  # the letter proves it
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    agree(CHAT, asked.url)
    reset(vera)
    assert confirmed(vera, asked.row) == "link.invalid"
    someone_linked("rosa")
    reset(vera)
    assert TelegramAccount.objects.get().user.username == "rosa"


def test_a_deactivated_account_links_nothing(vera: Someone) -> None:
    asked = link_ask(user=vera.user, session_id=vera.session_id)
    agree(CHAT, asked.url)
    user_delete_request(user=vera.user)
    assert confirmed(vera, asked.row) == "auth.user_not_found"
    assert not TelegramAccount.objects.exists()


def test_old_tokens_are_forgotten(vera: Someone) -> None:
    link_ask(user=vera.user, session_id=vera.session_id)
    assert traffic_prune(at=clock.now() + timedelta(hours=23)) == 0
    assert traffic_prune(at=clock.now() + timedelta(hours=25)) == 1


@pytest.mark.parametrize(
    ("own", "chosen", "told_by_telegram", "language"),
    [
        ("de", "fr", "ja", "de"),
        ("", "fr", "ja", "fr"),
        ("", "", "pt-PT", "pt-br"),
        ("", "", "tlh", "en"),
        ("", "", "", "en"),
    ],
)
def test_the_chat_is_written_to_in_the_language_of_its_person(
    own: str, chosen: str, told_by_telegram: str, language: str
) -> None:
    chat = TelegramChat(pk=CHAT, language=chosen, language_code=told_by_telegram)
    assert chat_language(chat=chat, user=User(language=own)) == language
