"""What a queued notification becomes when it is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from telegram_link.figures import moon_reference
from telegram_link.messages import LONGEST_CAPTION, Button, Message, stored
from telegram_link.models import TelegramChat
from telegram_link.services.sending import Claimed
from telegram_link.writers import outgoing_write

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 8, 12, 12, tzinfo=UTC)
PNG = b"\x89PNG"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("starscal.core.clock.now", lambda: NOON)


def claimed(body: dict[str, Any], method: str = "sendMessage", **facts: Any) -> Claimed:
    chat = TelegramChat.objects.create(pk=7, **facts)
    return Claimed(1, chat.pk, "key", "reply", method, body, 1)


def test_words_go_as_html_with_their_buttons() -> None:
    words = Message("<b>Hi</b>", keyboard=((Button("Site", url="https://stars.example"),),))
    outgoing = outgoing_write(claimed(stored(words)))
    assert outgoing is not None
    assert (outgoing.method, outgoing.photo) == ("sendMessage", None)
    assert outgoing.parameters == {"chat_id": 7, **words.parameters()}


def test_a_figure_goes_as_a_photo_with_its_words_below() -> None:
    words = Message("<b>Moon</b>", figure_of=moon_reference(NOON))
    outgoing = outgoing_write(claimed(stored(words), "sendPhoto"))
    assert outgoing is not None
    assert (outgoing.photo or b"")[:4] == PNG
    assert outgoing.method == "sendPhoto"
    assert outgoing.parameters == {"chat_id": 7, "caption": "<b>Moon</b>", "parse_mode": "HTML"}


@pytest.mark.parametrize(
    "words",
    [
        Message("Gone", figure_of="no-such-event"),
        Message("M" * (LONGEST_CAPTION + 1), figure_of=moon_reference(NOON)),
    ],
    ids=["no figure", "long"],
)
def test_without_a_figure_the_words_go_alone(words: Message) -> None:
    outgoing = outgoing_write(claimed(stored(words), "sendPhoto"))
    assert outgoing is not None
    assert (outgoing.method, outgoing.photo) == ("sendMessage", None)
    assert outgoing.parameters["text"] == words.text


@pytest.mark.parametrize(
    ("day", "weekly", "is_told"),
    [
        ("2026-08-12", False, True),
        ("2026-08-11", False, False),
        ("2026-08-11", True, True),
        ("2026-08-09", True, False),
    ],
)
def test_a_digest_is_written_as_it_is_sent_unless_its_day_has_passed(
    day: str, weekly: bool, is_told: bool
) -> None:
    body = {"digest": day, "weekly": weekly}
    outgoing = outgoing_write(claimed(body, language="de", timezone="Europe/Berlin"))
    assert (outgoing is not None) == is_told
    if outgoing is not None:
        assert outgoing.method == "sendMessage"
        assert "2026" in outgoing.parameters["text"]
