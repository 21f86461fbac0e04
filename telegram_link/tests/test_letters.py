"""Letters about an account that has no e-mail address go to its chat."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import gettext

from accounts.models import Mail, User
from accounts.services.activation import user_deactivate, user_return
from accounts.services.deletion import user_delete_request, user_keep
from accounts.services.passwords import password_change
from accounts.services.sessions import session_open
from starscal.core.i18n import language_active
from telegram_link.models import Notification, TelegramAccount, TelegramChat
from telegram_link.services.sending import Claimed, notifications_claim
from telegram_link.writers import outgoing_write

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r"/(?:return|keep)/([^/]+)/$")


@pytest.fixture(autouse=True)
def bot(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = "7:" + "a" * 35


def person(**fields: Any) -> User:
    user = User.objects.create_user("vera", telegram_user_id=7, **fields)
    chat = TelegramChat.objects.create(id=7)
    TelegramAccount.objects.create(user=user, chat=chat, telegram_user_id=7)
    return user


def only() -> tuple[Claimed, dict[str, Any]]:
    (claimed,) = notifications_claim(limit=5)
    outgoing = outgoing_write(claimed)
    assert outgoing is not None
    return claimed, outgoing.parameters


def token_of(parameters: dict[str, Any]) -> str:
    (((button,),)) = parameters["reply_markup"]["inline_keyboard"]
    found = TOKEN.search(button["url"])
    assert found is not None
    return found[1]


def test_who_leaves_for_a_while_gets_the_way_back_in_the_chat() -> None:
    user = person(language="de")
    user_deactivate(user=user)
    claimed, parameters = only()
    token = token_of(parameters)
    with language_active("de"):
        assert gettext("Your account is deactivated") in parameters["text"]
    assert claimed.body == {"letter": "deactivation"}
    assert user_return(token=token).is_active


def test_who_asks_for_deletion_can_keep_the_account() -> None:
    user = person()
    user_delete_request(user=user)
    _claimed, parameters = only()
    assert "Your account will be deleted" in parameters["text"]
    assert user_keep(token=token_of(parameters)).is_active


def test_a_password_that_was_set_is_told_even_to_a_stopped_chat() -> None:
    user = person()
    TelegramChat.objects.update(stopped_at="2026-01-01T00:00Z")
    session = session_open(user=user).session
    password_change(user=user, session_id=session.pk, current="", new="a long new pass phrase")
    _claimed, parameters = only()
    assert "Your password was changed" in parameters["text"]


def test_a_letter_without_a_reason_any_more_is_not_sent() -> None:
    user = person()
    user_deactivate(user=user)
    User.objects.update(is_active=True)
    (claimed,) = notifications_claim(limit=5)
    assert outgoing_write(claimed) is None


def test_who_has_an_address_gets_mail_alone() -> None:
    user_deactivate(user=person(email="vera@example.org"))
    assert Mail.objects.get().kind == Mail.Kind.DEACTIVATION
    assert not Notification.objects.exists()


def test_without_a_bot_nothing_waits(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = ""
    user_deactivate(user=person())
    assert not Notification.objects.exists()
