"""The commands about the sky in ten languages: nothing broken, nothing too long."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.conf import settings

from telegram_link.bot import eclipses, moon, planets, sun, today
from telegram_link.bot import next as next_events
from telegram_link.bot.reader import Spot
from telegram_link.messages import LONGEST_CAPTION, LONGEST_TEXT, visible_units
from telegram_link.tests.sky_support import BERLIN, TROMSO, reader, told, visible

pytestmark = pytest.mark.django_db

COMMANDS = (today, next_events, moon, sun, planets, eclipses)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
# A lunar eclipse seen from all of Europe has the longest answer: seven moments.
TIMES = ("2026-11-23T18:00Z", "2028-12-30T12:00Z", "2027-06-21T12:00Z")


@pytest.mark.parametrize("spot", [BERLIN, TROMSO, None], ids=["berlin", "tromso", "nowhere"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_whole_and_fits(language: str, spot: Spot | None) -> None:
    for at in TIMES:
        asking = reader(language, at=datetime.fromisoformat(at), spot=spot)
        for each in COMMANDS:
            message = told(each.COMMAND, asking)
            most = LONGEST_CAPTION if message.figure_of else LONGEST_TEXT
            text = visible(message.text)
            assert visible_units(message.text) <= most
            assert "%(" not in text
            assert "\n\n\n" not in text
            assert all(line.strip() == line for line in text.splitlines())
            for button in (button for row in message.keyboard for button in row):
                assert 0 < len(button.text) <= 80


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_caption_leaves_nothing_out(language: str) -> None:
    asking = reader(language, at=datetime.fromisoformat(TIMES[1]))
    text = visible(told(eclipses.COMMAND, asking).text)
    assert len([line for line in text.splitlines() if line[:1].isdigit()]) >= 5
    assert "…" not in text
