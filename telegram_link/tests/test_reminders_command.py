"""/reminders: digest and reminders are chosen by buttons, in every language."""

from __future__ import annotations

from typing import Any

import pytest

from events.kinds import EVENT_FAMILIES, EVENT_TYPES
from events.models import Reminder
from events.services.reminders import REMINDERS_MOST, reminder_set
from telegram_link.bot.reminders import COMMAND, PRESSED
from telegram_link.messages import LONGEST_DATA
from telegram_link.models import TelegramChat
from telegram_link.tests.command_support import (
    LANGUAGES,
    answered,
    buttons,
    linked,
    message,
    pressed,
    room,
)

pytestmark = pytest.mark.django_db


def data_of(shown: Any) -> list[str]:
    return list(buttons(shown).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_view_is_told_in_every_language(language: str) -> None:
    chat = room(language=language)
    assert message(answered(chat, "reminders")).text
    user = linked(chat, language=language)
    reminder_set(user=user, event_type="full_moon", lead_minutes=30)
    views = {message(answered(chat, "reminders")).text}
    for data in ("r.weekly", "h", "w", "f", "f.moon_phases", "k.full_moon", "t.60.full_moon", ""):
        views.add(message(pressed(chat, f"reminders:{data}")).text)
    assert len(views) == 8


def test_a_digest_is_chosen_by_buttons() -> None:
    chat = room(timezone="Europe/Berlin")
    assert data_of(message(answered(chat, "reminders")))[:3] == [
        "reminders:r.none",
        "reminders:r.daily",
        "reminders:r.weekly",
    ]
    for data in ("r.weekly", "h.21", "w.7"):
        shown = message(pressed(chat, f"reminders:{data}"))
    chat.refresh_from_db()
    assert (chat.digest, chat.digest_hour, chat.digest_weekday) == ("weekly", 21, 7)
    assert chat.digest_due_at is not None
    assert "Sunday" in shown.text
    assert "9:00" in shown.text
    pressed(chat, "reminders:r.none")
    assert not TelegramChat.objects.filter(digest_due_at__isnull=False).exists()


def test_reminders_are_set_and_deleted_by_the_same_button() -> None:
    chat = room()
    user = linked(chat)
    shown = message(pressed(chat, "reminders:t.1440.full_moon"))
    assert [text for text in buttons(shown) if text.startswith("✓")] == ["✓ One day before"]
    assert Reminder.objects.get().user == user
    assert "Full Moon" in message(answered(chat, "reminders")).text
    pressed(chat, "reminders:t.1440.full_moon")
    assert not Reminder.objects.exists()


def test_without_an_account_reminders_offer_the_link() -> None:
    chat = room()
    assert "/link" in message(answered(chat, "reminders")).text
    for data in ("f", "k.full_moon", "t.0.full_moon"):
        message(pressed(chat, f"reminders:{data}"))
    assert not Reminder.objects.exists()


def test_in_a_group_the_digest_alone_is_chosen() -> None:
    shown = message(answered(room(-7), "reminders"))
    assert "reminders:f" not in data_of(shown)
    assert COMMAND.for_admins


def test_one_too_many_is_told_by_the_button() -> None:
    chat = room()
    user = linked(chat)
    for lead in range(REMINDERS_MOST):
        reminder_set(user=user, event_type="new_moon", lead_minutes=lead)
    assert str(REMINDERS_MOST) in pressed(chat, "reminders:t.0.full_moon").toast
    message(answered(chat, "reminders"))


@pytest.mark.parametrize(
    "data",
    ["", ".", "x", "r.", "r.hourly", "h.24", "h.-1", "h.²", "w.0", "w.8", "f.doom", "k.", "k.doom",
     "t", "t.60", "t.x.full_moon", "t.99999.full_moon", "t.١.full_moon", "t.0.<b>"],
)  # fmt: skip
def test_a_forged_button_does_no_harm(data: str) -> None:
    chat = room()
    linked(chat)
    answer = pressed(chat, f"reminders:{data}")
    assert answer.toast or message(answer).text
    assert Reminder.objects.count() == (data == "t.١.full_moon")


def test_every_button_fits() -> None:
    chat = room()
    linked(chat)
    seen = []
    for family in EVENT_FAMILIES:
        seen += data_of(message(pressed(chat, f"reminders:f.{family}")))
    for kind in EVENT_TYPES:
        seen += data_of(message(pressed(chat, f"reminders:k.{kind}")))
    assert max(len(data.encode()) for data in seen) <= LONGEST_DATA
    assert {data.partition(":")[2].partition(".")[0] for data in seen} <= {*PRESSED, ""}


def test_what_is_for_members_alone_is_told_with_the_way_in(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_CHANNEL_ID = "1:t", "@stars"
    settings.TELEGRAM_MEMBERS_ONLY = ["digest", "reminders"]
    chat = room()
    linked(chat)
    for data, words in {"r.daily": "The digest is", "t.0.full_moon": "Reminders are"}.items():
        refusal = message(pressed(chat, f"reminders:{data}"))
        assert f"{words} for members of our channel." in refusal.text
        assert refusal.keyboard[0][0].url == "https://t.me/stars"
    assert not Reminder.objects.exists()
