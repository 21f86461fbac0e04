"""Linking and signing in by many at the same moment, on a real PostgreSQL: one wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import transaction

from accounts.models import Session, User
from accounts.services.profile import profile_update
from accounts.services.sessions import session_open
from accounts.tests.test_drill_refresh import Crowd
from starscal.core import clock
from starscal.core.exceptions import ApplicationError
from telegram_link.bot.happened import Place, Sender
from telegram_link.models import TelegramAccount, TelegramChat, TelegramLinkToken
from telegram_link.services.chats import chat_zone_set
from telegram_link.services.following import reminders_follow
from telegram_link.services.linking import account_unlink, link_ask
from telegram_link.services.presence import chat_seen
from telegram_link.services.signing_in import Attempt, sign_in_ask, sign_in_prove
from telegram_link.services.tokens import TRIES, Opener, token_agree, token_open
from telegram_link.tests.linking_support import Someone, code_of, confirmed, someone, start

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bot_on"),
    pytest.mark.timeout(300),
]
ROUNDS = 100
CROWD = 12


@pytest.fixture
def pair() -> Iterator[Crowd]:
    crowd = Crowd(2)
    yield crowd
    crowd.close()


@pytest.fixture
def trio() -> Iterator[Crowd]:
    crowd = Crowd(3)
    yield crowd
    crowd.close()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    crowd = Crowd(CROWD)
    yield crowd
    crowd.close()


def opened(who: Someone, chat_id: int) -> TelegramLinkToken:
    asked = link_ask(user=who.user, session_id=who.session_id)
    token = asked.url.partition("?start=")[2]
    opener = Opener(chat_id, "Vera", "vera")
    assert token_open(token=token, opener=opener, code="000000") is not None
    assert token_agree(token_id=asked.row.pk, opener_id=chat_id) is not None
    return asked.row


def apart() -> None:
    """Undo a link, faster than the services would."""
    TelegramAccount.objects.all().delete()
    User.objects.update(telegram_user_id=None)


def test_of_two_accounts_that_want_one_chat_one_gets_it(pair: Crowd) -> None:
    vera, rosa = someone("vera"), someone("rosa")
    wins: Counter[str] = Counter()
    for chat_id in range(1, ROUNDS + 1):
        first, second = opened(vera, chat_id), opened(rosa, chat_id)
        results = pair.all(partial(confirmed, vera, first), partial(confirmed, rosa, second))
        assert sorted(results) == ["linked", "telegram.taken"], chat_id
        account = TelegramAccount.objects.get()
        winner = (vera, rosa)[results.index("linked")]
        assert (account.user, account.chat_id) == (winner.user, chat_id)
        numbers = User.objects.values_list("telegram_user_id", flat=True)
        assert sorted(numbers, key=str) == sorted([chat_id, None], key=str)
        wins[account.user.username] += 1
        apart()
    assert wins.total() == ROUNDS


def test_of_two_chats_that_open_one_token_one_gets_it(pair: Crowd) -> None:
    vera = someone()
    for number in range(ROUNDS):
        asked = link_ask(user=vera.user, session_id=vera.session_id)
        token = asked.url.partition("?start=")[2]
        openers = (Opener(1, "a", "a"), Opener(2, "b", "b"))
        results = pair.all(
            *(partial(token_open, token=token, opener=who, code="000000") for who in openers)
        )
        winners = [row for row in results if row is not None]
        assert len(winners) == 1, number
        row = TelegramLinkToken.objects.get(pk=asked.row.pk)
        assert row.opened_id == results.index(winners[0]) + 1
        assert row.opened_name == ("a" if row.opened_id == 1 else "b")


def test_of_two_sessions_of_one_person_one_links(pair: Crowd) -> None:
    vera = someone()
    for number in range(1, 21):
        twin = Someone(vera.user, session_open(user=vera.user))
        first, second = opened(vera, number), opened(twin, -number)
        results = pair.all(partial(confirmed, vera, first), partial(confirmed, twin, second))
        assert sorted(results) == ["linked", "telegram.taken"]
        apart()


def relinked(who: Someone, chat_id: int) -> None:
    """Link somebody with a chat again, faster than the services would."""
    TelegramAccount.objects.filter(user=who.user).delete()
    account = TelegramAccount(user=who.user, chat_id=chat_id, telegram_user_id=chat_id)
    account.save()
    User.objects.filter(pk=who.user.pk).update(telegram_user_id=chat_id)


def bot_zone_set(who: Someone, chat_id: int, zone: str) -> None:
    """Choose a zone in the chat, as an update of it does: in one transaction, the chat first."""
    place, at = Place(chat_id, "private"), clock.now()
    with transaction.atomic():
        chat = chat_seen(place=place, sender=Sender(chat_id), at=at)
        try:
            chat_zone_set(chat=chat, user=who.user, zone=zone, at=at)
        except ApplicationError as error:
            assert error.code == "auth.user_not_found"  # noqa: PT017 - any other is a failure


def test_page_bot_and_clock_at_once_wait_for_each_other_without_a_deadlock(trio: Crowd) -> None:
    vera, chat_id = someone("vera"), 77
    TelegramChat.objects.create(pk=chat_id, digest="daily")
    for number in range(ROUNDS):
        relinked(vera, chat_id)
        zone = ("Asia/Tokyo", "Europe/Berlin")[number % 2]
        profile_update(user=vera.user, body={"timezone": zone})
        trio.all(
            partial(account_unlink, user=vera.user, actor="app"),
            partial(bot_zone_set, vera, chat_id, "America/Lima"),
            partial(reminders_follow, at=clock.now()),
        )
        assert not TelegramAccount.objects.exists()


def proved(attempt: Attempt) -> str:
    """Return "in", or the code of the refusal."""
    try:
        sign_in_prove(attempt=attempt)
    except ApplicationError as error:
        return str(error.code)
    return "in"


def test_a_crowd_of_guesses_gets_five_tries_and_no_more(crowd: Crowd) -> None:
    someone()
    for number in range(10):
        asked = sign_in_ask(device="a guesser")
        code = code_of(start(number + 1, asked.url))
        others = [f"{(int(code) + 1 + at) % 1_000_000:06}" for at in range(CROWD)]
        guesses = [Attempt(asked.row.pk, asked.holder, other, "api") for other in others]
        results = crowd.all(*(partial(proved, guess) for guess in guesses))
        assert set(results) == {"telegram.code"}
        asked.row.refresh_from_db()
        assert asked.row.tries == TRIES
        assert proved(Attempt(asked.row.pk, asked.holder, code, "api")) == "telegram.code"


def test_a_right_code_signs_in_once_however_many_send_it(crowd: Crowd) -> None:
    vera = someone()
    TelegramAccount.objects.create(
        user=vera.user, chat=TelegramChat.objects.create(pk=1), telegram_user_id=1
    )
    User.objects.update(telegram_user_id=1)
    for _number in range(10):
        asked = sign_in_ask(device="a browser")
        code = code_of(start(1, asked.url))
        attempt = Attempt(asked.row.pk, asked.holder, code, "api")
        results = crowd.all(*[partial(proved, attempt)] * CROWD)
        assert Counter(results) == {"in": 1, "telegram.code": CROWD - 1}


def test_a_person_who_joins_twice_at_once_has_one_account(crowd: Crowd) -> None:
    for number in range(1, 6):
        asked = [sign_in_ask(device="a browser") for _one in range(CROWD)]
        codes = [code_of(start(number, one.url, f"Joiner {number}", "")) for one in asked]
        attempts = [
            Attempt(one.row.pk, one.holder, code, "api", consent=True, language="fr")
            for one, code in zip(asked, codes, strict=True)
        ]
        results = crowd.all(*(partial(proved, attempt) for attempt in attempts))
        assert set(results) <= {"in", "telegram.taken"}
        assert "in" in results
        assert User.objects.filter(telegram_user_id=number).count() == 1
    assert User.objects.count() == 5
    assert not Session.objects.exists()
