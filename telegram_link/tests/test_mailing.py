"""The owner of an account hears by e-mail of a chat that was linked with it, or unlinked."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext

from accounts.models import Mail, User
from accounts.pages.frame import moment_text
from accounts.services.passwords import password_reset, password_reset_request
from accounts.tests.people_support import OTHER_PASSWORD, letters, token_in
from starscal.core import clock
from starscal.core.catalogues.pseudo import outside_brackets, pseudo_language
from starscal.core.i18n import language_active
from telegram_link.bot.link import pressed
from telegram_link.mailing import linked_letter, unlinked_letter
from telegram_link.models import TelegramAccount
from telegram_link.services.linking import account_unlink
from telegram_link.services.signing_in import Attempt, sign_in_ask, sign_in_prove
from telegram_link.tests.linking_support import (
    CHAT,
    Someone,
    agree,
    code_of,
    linked,
    reader,
    someone,
    someone_linked,
    start,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bot_on")]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
LINKED = "A Telegram chat was linked with your account"
UNLINKED = "The Telegram chat was unlinked from your account"


@pytest.fixture
def vera() -> Someone:
    return someone(timezone="Asia/Yerevan")


def only() -> EmailMultiAlternatives:
    (letter,) = letters()
    return letter


def subjects() -> list[str]:
    return [str(letter.subject) for letter in letters()]


def test_the_owner_is_told_who_was_linked_and_when_and_what_to_do(vera: Someone) -> None:
    account = linked(vera, CHAT, "Vera Rubin")
    letter = only()
    assert letter.to == ["vera@example.org"]
    assert letter.subject == LINKED
    told = str(letter.body)
    assert "the account vera: Vera Rubin (@vera_k), " in told
    assert moment_text(account.linked_at, vera.user) in told
    assert "your time zone, Asia/Yerevan." in told
    assert "can sign in to your account" in told
    assert "https://stars.example/en/telegram/\n" in told
    assert "unlink the chat on that page and choose a new password at once" in told


def test_the_owner_is_told_of_the_end_whichever_side_asked(vera: Someone) -> None:
    linked(vera, CHAT)
    letters()
    assert vera.call("delete", "/me/telegram").status_code == 204
    letter = only()
    assert (letter.to, letter.subject) == (["vera@example.org"], UNLINKED)
    assert "https://stars.example/en/account/forgotten/\n" in str(letter.body)
    account = linked(vera, CHAT)
    letters()
    pressed(reader(CHAT), f"off:{account.pk}")
    assert subjects() == [UNLINKED]
    assert vera.call("delete", "/me/telegram").status_code == 204
    assert subjects() == []  # there was nothing to end


def test_a_reset_of_the_password_tells_that_the_link_ended(vera: Someone) -> None:
    linked(vera, CHAT)
    password_reset_request(email="vera@example.org")
    password_reset(token=token_in(letters()[-1]), new=OTHER_PASSWORD)
    assert subjects() == [UNLINKED, "Your password was changed"]


def test_only_the_newest_link_is_told_of_by_name(vera: Someone) -> None:
    """What was unlinked before its letter went is told by the letter about that."""
    linked(vera, CHAT, "Mallory")
    account_unlink(user=vera.user, actor="app")
    linked(vera, CHAT + 1, "Rosa")
    first, second = letters()
    assert (first.subject, second.subject) == (UNLINKED, LINKED)
    assert "Rosa" in str(second.body)


def test_a_refused_link_tells_nobody(vera: Someone) -> None:
    someone_linked("rosa", email=None)
    asked = vera.call("post", "/me/telegram/links").json()
    start(CHAT, asked["url"])
    path = f"/me/telegram/links/{asked['id']}/confirm"
    assert vera.call("post", path).status_code == 409
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"email": None}, {"email_verified_at": None}], ids=["none", "unconfirmed"]
)
def test_without_a_confirmed_address_there_is_no_letter(fields: dict[str, Any]) -> None:
    someone_linked("ada", **fields)
    assert not Mail.objects.exists()


def test_it_goes_to_the_address_that_was_confirmed_then(vera: Someone) -> None:
    linked(vera, CHAT)
    User.objects.filter(pk=vera.user.pk).update(email="mallory@example.org")
    assert only().to == ["vera@example.org"]


def test_whoever_signs_up_with_telegram_gets_no_letter() -> None:
    asked = sign_in_ask(device="A phone")
    code = code_of(start(CHAT, asked.url))
    attempt = Attempt(asked.row.pk, asked.holder, code, "api", consent=True, language="en")
    assert sign_in_prove(attempt=attempt).joined
    assert TelegramAccount.objects.exists()
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("name", "username", "shown"),
    [
        ("Vera K.", "vera_k", "Vera K (@vera_k)"),
        ("<b>Вера</b>", "", "b Вера b"),
        ("All is well: https://evil.example/x", "", "All is well https evil example x"),
        ("👩🏽‍🚀", "vera_k", "@vera_k"),
        ("👩🏽‍🚀", "", str(CHAT)),
        ("v" * 150, "", "v" * 50),
    ],
)
def test_a_name_makes_no_address_and_no_markup(
    vera: Someone, name: str, username: str, shown: str
) -> None:
    asked = vera.call("post", "/me/telegram/links").json()
    agree(CHAT, asked["url"], name, username)
    assert vera.call("post", f"/me/telegram/links/{asked['id']}/confirm").status_code == 200
    letter = only()
    ((html, _kind),) = letter.alternatives
    for words in (str(letter.body), str(html)):
        assert f"the account vera: {shown}, " in words
        assert "evil.example" not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_letters_are_in_the_owners_language(language: str) -> None:
    vera = someone(language=language)
    linked(vera, CHAT)
    first = only()
    account_unlink(user=vera.user, actor="app")
    second = only()
    with language_active(language):
        assert [first.subject, second.subject] == [gettext(LINKED), gettext(UNLINKED)]
        assert gettext("Times are shown in UTC.") in str(first.body)
    assert f"/{language}/telegram/" in str(first.body)
    assert f"/{language}/account/forgotten/" in str(second.body)


def test_no_word_of_them_bypasses_gettext() -> None:
    vera = someone()
    linked(vera, CHAT)
    with pseudo_language():
        for write in (linked_letter, unlinked_letter):
            letter = write(vera.user, clock.now(), "en")
            told = (letter.subject, *letter.paragraphs, letter.button, letter.note)
            assert list(outside_brackets(iter(told))) == []
