"""The pages of linking and signing in, as a browser without JavaScript sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Session, User
from accounts.tests.test_pages import LANGUAGES, is_sound
from telegram_link.bot.link import pressed
from telegram_link.models import TelegramAccount, TelegramLinkToken
from telegram_link.tests.linking_support import (
    CHAT,
    agree,
    code_of,
    reader,
    someone,
    someone_linked,
    start,
    text_of,
    wrong,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bot_on")]


@pytest.fixture
def anna() -> User:
    return someone("anna").user


@pytest.fixture
def annas(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client


def path(name: str, language: str = "en") -> str:
    return reverse(f"telegram:{name}", args=[language])


def shown(client: Client, name: str = "link", language: str = "en") -> str:
    answer = client.get(path(name, language))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    page = answer.content.decode()
    assert is_sound(page)
    return page


def bots_address(page: str) -> str:
    found = re.search(r'href="(https://t\.me/\w+\?start=[\w-]{43})"', page)
    assert found, page
    return found[1]


def begun(client: Client, **parts: Any) -> str:
    """Ask for a link, and return its address."""
    answer = client.post(path("begin"), **parts)
    assert answer.status_code == 302
    return bots_address(shown(client))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_stands_in_every_language(annas: Client, language: str) -> None:
    shown(annas, "link", language)
    address = begun(annas)
    assert address in shown(annas, "link", language)
    agree(CHAT, address, "Anna <b>K.</b>\u202e")
    assert "Anna &lt;b&gt;K.&lt;/b&gt;" in shown(annas, "link", language)
    annas.post(path("confirm", language))
    assert "Anna &lt;b&gt;K.&lt;/b&gt;" in shown(annas, "link", language)
    annas.post(path("unlink", language))
    shown(annas, "link", language)


def test_a_browser_links_a_chat(annas: Client, anna: User) -> None:
    assert annas.get(path("state")).json() == {"stage": "none"}
    address = begun(annas)
    assert annas.get(path("state")).json() == {"stage": "waiting"}
    assert "telegram_link/link.js" in shown(annas)
    told = start(CHAT, address, "Anna K.", "anna_k")
    assert annas.get(path("state")).json() == {"stage": "waiting"}  # for the yes in the chat
    assert "Anna K." not in shown(annas)
    pressed(reader(CHAT), told.messages[0].keyboard[0][0].data.partition(":")[2])
    assert annas.get(path("state")).json() == {"stage": "opened"}
    page = shown(annas)
    assert "Anna K." in page
    assert "@anna_k" in page
    annas.post(path("confirm"))
    assert annas.get(path("state")).json() == {"stage": "linked"}
    assert TelegramAccount.objects.get().user == anna
    assert "telegram_link" not in annas.cookies or not annas.cookies["telegram_link"].value
    annas.post(path("unlink"))
    assert not TelegramAccount.objects.exists()


def test_what_the_browser_keeps_no_script_reads(annas: Client) -> None:
    annas.post(path("begin"))
    cookie = annas.cookies["telegram_link"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["max-age"]) == ("Lax", 600)


def test_another_browser_of_the_same_person_can_not_confirm(annas: Client, anna: User) -> None:
    address = begun(annas)
    agree(CHAT, address)
    other = Client()
    other.force_login(anna)
    other.cookies["telegram_link"] = annas.cookies["telegram_link"].value
    assert other.get(path("state")).json() == {"stage": "none"}
    other.post(path("confirm"))
    assert not TelegramAccount.objects.exists()
    annas.post(path("confirm"))
    assert TelegramAccount.objects.exists()


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "x" * 5000])
def test_a_cookie_that_is_none_of_ours_is_nothing(annas: Client, value: str) -> None:
    annas.cookies["telegram_link"] = value
    shown(annas)
    assert annas.post(path("confirm")).status_code == 302
    assert annas.post(path("cancel")).status_code == 302


def test_somebody_else_who_opened_it_is_turned_away(annas: Client) -> None:
    address = begun(annas)
    agree(CHAT, address, "A stranger")
    annas.post(path("cancel"))
    assert "A stranger" not in shown(annas)
    annas.post(path("confirm"))
    assert not TelegramAccount.objects.exists()


def test_a_chat_that_is_taken_is_told(annas: Client) -> None:
    agree(CHAT, begun(annas))
    someone_linked("rosa")
    answer = annas.post(path("confirm"), follow=True)
    assert "linked with another account already" in answer.content.decode()
    assert TelegramAccount.objects.count() == 1


def test_the_only_way_in_has_no_button_that_closes_it(client: Client) -> None:
    ada = someone_linked("ada", email=None, password=None)
    client.force_login(ada.user)
    page = shown(client)
    assert path("unlink") not in page
    assert "an e-mail address and a password" in page
    answer = client.post(path("unlink"), follow=True)
    assert 'role="status"' in answer.content.decode()
    assert TelegramAccount.objects.exists()


@pytest.mark.parametrize("name", ["begin", "confirm", "cancel", "unlink"])
def test_strangers_change_nothing(client: Client, name: str) -> None:
    assert client.post(path(name)).headers["Location"].startswith("/en/account/sign-in/")
    assert client.get(path(name)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.create_user("ada"))
    assert strict.post(path(name)).status_code == 403


def test_the_account_and_the_sign_in_offer_telegram_while_it_is_on(
    annas: Client, settings: Settings
) -> None:
    offer, tab = path("sign-in"), path("link")
    assert offer in Client().get("/en/account/sign-in/").content.decode()
    assert offer in Client().get("/en/account/register/").content.decode()
    assert tab in annas.get("/en/account/profile/").content.decode()
    settings.TELEGRAM_BOT_TOKEN = ""
    assert offer not in Client().get("/en/account/sign-in/").content.decode()
    assert tab not in annas.get("/en/account/profile/").content.decode()
    assert "The Telegram bot is off here." in shown(annas)
    assert annas.post(path("begin")).status_code == 302
    off = Client().get(offer)
    assert off.status_code == 404
    assert "The Telegram bot is off here." in off.content.decode()
    assert Client().post(path("sign-in-begin")).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_in_stands_in_every_language(client: Client, language: str) -> None:
    shown(client, "sign-in", language)
    client.post(path("sign-in-begin", language))
    start(CHAT, bots_address(shown(client, "sign-in", language)))


def test_a_browser_signs_in_and_comes_to_the_page_it_wanted(client: Client) -> None:
    vera = someone_linked()
    wanted = "?next=/en/account/sessions/"
    answer = client.post(
        path("sign-in-begin") + wanted, headers={"User-Agent": "X11; Linux Firefox/140"}
    )
    assert answer.headers["Location"] == path("sign-in") + wanted
    told = start(CHAT, bots_address(shown(client, "sign-in")))
    assert "opened with: <code>stars.example, Firefox Linux</code>." in text_of(told)
    code = code_of(told)
    refused = client.post(path("sign-in"), {"code": wrong(code)})
    assert refused.status_code == 401
    assert is_sound(refused.content.decode())
    done = client.post(path("sign-in") + wanted, {"code": code})
    assert done.headers["Location"] == "/en/account/sessions/"
    session = Session.objects.get(kind="web")
    assert (session.user, session.device) == (vera.user, "")
    assert client.get("/en/account/profile/").status_code == 200


def test_a_code_is_of_no_use_in_another_browser(client: Client) -> None:
    someone_linked()
    client.post(path("sign-in-begin"))
    code = code_of(start(CHAT, bots_address(shown(client, "sign-in"))))
    thief = Client()
    answer = thief.post(path("sign-in"), {"code": code})
    assert answer.status_code == 200  # it is asked to begin
    thief.post(path("sign-in-begin"))
    assert thief.post(path("sign-in"), {"code": code}).status_code == 401
    assert not Session.objects.filter(kind="web").exists()


def test_somebody_new_is_asked_before_an_account_is_made(client: Client) -> None:
    client.post(path("sign-in-begin", "de"))
    code = code_of(start(CHAT, bots_address(shown(client, "sign-in", "de")), "Ada", "ada_l"))
    asked = client.post(path("sign-in", "de"), {"code": code})
    assert asked.status_code == 200
    page = asked.content.decode()
    assert is_sound(page)
    assert f'name="code" value="{code}"' in page
    assert not User.objects.exists()
    done = client.post(path("sign-in", "de"), {"code": code, "consent": "1"})
    assert done.status_code == 302
    user = User.objects.get()
    assert (user.username, user.language) == ("ada_l", "de")
    assert "Ada" in shown(client, "link", "de")


@pytest.mark.parametrize("name", ["password", "email", "deactivate", "delete"])
def test_nobody_is_asked_for_a_password_that_is_not_there(client: Client, name: str) -> None:
    ada = someone("ada", email=None, password=None)
    client.force_login(ada.user)
    page = client.get(reverse(f"account:{name}", args=["en"])).content.decode()
    assert 'autocomplete="current-password"' not in page
    assert is_sound(page)


def test_whoever_has_no_password_sets_one_or_leaves_right_after_signing_in(client: Client) -> None:
    ada = someone("ada", email=None, password=None)
    client.force_login(ada.user)
    Session.objects.update(created_at=Now() - timedelta(minutes=16))
    new = {"new_password": "a long walk under stars"}
    late = client.post("/en/account/password/", new)
    assert late.status_code == 400
    assert "Sign in anew" in late.content.decode()
    assert client.post("/en/account/delete/", {"sure": "1"}).status_code == 400
    Session.objects.update(created_at=Now())
    assert client.post("/en/account/password/", new).status_code == 302
    assert User.objects.get().has_usable_password()


def test_a_deactivated_person_is_told_so_and_not_signed_in(client: Client) -> None:
    someone_linked()
    client.post(path("sign-in-begin"))
    code = code_of(start(CHAT, bots_address(shown(client, "sign-in"))))
    User.objects.update(is_active=False)
    answer = client.post(path("sign-in"), {"code": code})
    assert answer.status_code == 401
    assert "deactivated" in answer.content.decode()
    assert configured.SESSION_COOKIE_NAME not in client.cookies


def test_the_token_of_a_page_is_too_old_after_ten_minutes(annas: Client) -> None:
    agree(CHAT, begun(annas))
    TelegramLinkToken.objects.update(expires_at=Now())
    assert annas.get(path("state")).json() == {"stage": "none"}
    annas.post(path("confirm"))
    assert not TelegramAccount.objects.exists()
