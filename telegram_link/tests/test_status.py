"""/status, and what the bot keeps for members."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from events.models import Reminder
from starscal.core.i18n import LOCALES
from telegram_link.bot.members import figured, members_refusal
from telegram_link.bot.reader import Reader
from telegram_link.bot.status import COMMAND
from telegram_link.messages import LONGEST_TEXT, Message, visible_units
from telegram_link.models import TelegramAccount, TelegramChat
from telegram_link.selectors.readers import reader_of
from telegram_link.services.membership import membership_set

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
NUMBER = 4711
CHANNEL = "https://t.me/stars_channel"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _channel(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = "1:for-tests-alone"
    settings.TELEGRAM_CHANNEL_ID = "@stars_channel"
    settings.TELEGRAM_MEMBERS_ONLY = ["digest", "figures"]


def chat(**facts: Any) -> TelegramChat:
    return TelegramChat.objects.create(**{"id": NUMBER, **facts})


def linked(**facts: Any) -> Reader:
    """Return somebody of whom Telegram has just said something."""
    status = facts.pop("status", "member")
    user = User.objects.create_user(
        "vera", telegram_user_id=NUMBER, display_name="Vera <i>", **facts
    )
    own = chat()
    TelegramAccount.objects.create(user=user, chat=own, telegram_user_id=NUMBER)
    membership_set(telegram_user_id=NUMBER, status=status, checked_at=NOON)
    return reader_of(chat=own, at=NOON)


def status(reader: Reader) -> Message:
    (message,) = COMMAND.answer(reader, "").messages
    return message


def test_a_member_hears_all_that_is_known() -> None:
    place = {"latitude_deg": 48.2, "longitude_deg": 16.4}
    reader = linked(language="de", timezone="Europe/Vienna", **place)
    assert reader.user is not None
    Reminder.objects.create(user=reader.user, event_type="full_moon", lead_minutes=60)
    told = status(reader).text.split("\n\n")
    assert told[:4] == [
        "This chat belongs to the account <b>Vera &lt;i&gt;</b>.",
        "You are a member of our channel.",
        "I write in <b>Deutsch</b>.",
        "The place: <b>48.20° N, 16.40° E</b>",
    ]
    assert "Europe/Vienna" in told[4]
    assert told[-1] == "1 reminder is set; /reminders shows it."


def test_who_is_no_member_is_shown_the_way(settings: Any) -> None:
    reader = linked(status="left")
    message = status(reader)
    assert "You are not a member of our channel." in message.text
    assert [button.url for row in message.keyboard for button in row] == [CHANNEL]
    settings.TELEGRAM_CHANNEL_ID = "-1001234567890"  # nobody can join by a number
    assert status(reader).keyboard == ()


def test_without_a_channel_nothing_is_said_of_it(settings: Any) -> None:
    settings.TELEGRAM_CHANNEL_ID = ""
    assert "channel" not in status(linked()).text


def test_a_chat_of_nobody_tells_its_own_wishes() -> None:
    own = chat(
        digest="weekly", digest_weekday=3, digest_hour=7, quiet_from=time(22), quiet_until=time(6),
        stopped_at=NOON,
    )  # fmt: skip
    told = status(reader_of(chat=own, at=NOON)).text
    assert "This chat is not linked to an account. To link yours, send /link." in told
    assert "A digest comes every week: <b>Wednesday</b>, <b>7:00\u202fAM</b>." in told
    assert "It is quiet from <b>10:00\u202fPM</b> to <b>6:00\u202fAM</b>." in told
    assert "Nothing comes unasked since you sent /stop. /start changes that." in told
    assert "reminder" not in told


def test_a_group_hears_of_the_group_alone() -> None:
    group = chat(id=-NUMBER, kind="supergroup", digest="daily")
    told = status(reader_of(chat=group, at=NOON, sender_id=NUMBER)).text
    assert "A digest comes every day at <b>8:00\u202fAM</b>." in told
    assert "account" not in told
    assert "channel" not in told


@pytest.mark.parametrize("language", LOCALES)
def test_every_language_has_its_own_words(language: str) -> None:
    reader = linked(language=language)
    with translation.override(language):
        message = status(reader)
    assert visible_units(message.text) < LONGEST_TEXT


def test_what_is_for_members_says_how_to_become_one() -> None:
    reader = linked(status="left")
    refusal = members_refusal(reader, "figures")
    assert refusal is not None
    assert refusal.text.endswith("Join it and try again in a minute.")
    assert refusal.keyboard[0][0].url == CHANNEL
    assert members_refusal(reader, "reminders") is None


def test_members_get_figures_and_others_a_word() -> None:
    reader = linked()
    message = Message("<b>Moon</b>")
    assert figured(reader, message, "moon") == Message("<b>Moon</b>", figure_of="moon")
    membership_set(telegram_user_id=NUMBER, status="kicked", checked_at=NOON)
    others = figured(reader, message, "moon")
    assert others.figure_of == ""
    assert others.text.startswith("<b>Moon</b>\n\n🔒 Figures are for members")


def test_whose_account_nobody_knows_is_asked_to_link_it() -> None:
    refusal = members_refusal(reader_of(chat=chat(), at=NOON), "digest")
    assert refusal is not None
    assert "/link" in refusal.text
