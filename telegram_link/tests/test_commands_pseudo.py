"""In the pseudo-language all that the bot says of chats stands in brackets."""

from __future__ import annotations

import re

import pytest

from starscal.core.catalogues.pseudo import outside_brackets, pseudo_language
from starscal.core.pages import NATIVE_NAMES
from telegram_link.cities import cities, city_name
from telegram_link.messages import Message
from telegram_link.tests.command_support import answered, room
from telegram_link.tests.test_commands import LINES

pytestmark = pytest.mark.django_db
NAMES = {*NATIVE_NAMES.values(), *(city_name(zone, "en") for zone in cities()), "Vera", "AM", "PM"}
# What may be typed, addresses, names of commands and zones, and the tags themselves.
NO_WORDS = re.compile(r"<code>.*?</code>|</?[bi]>|https://\S+|/[a-z]+ –|\([A-Z]\w+/\w+\)")
DATE = re.compile(r"(Wednesday|July)")


def words_of(shown: Message) -> list[str]:
    labels = [button.text for row in shown.keyboard for button in row]
    return [NO_WORDS.sub("", shown.text), *labels, shown.location_asked]


@pytest.mark.parametrize("line", [line for line in LINES if line != "language de"])
def test_no_word_bypasses_gettext(line: str) -> None:
    with pseudo_language():
        answer = answered(room(), line, sender_name="Vera")
        told = [text for shown in answer.messages for text in words_of(shown)]
    left = " ".join(outside_brackets(iter(told)))
    for name in sorted(NAMES, key=len, reverse=True):
        left = left.replace(name, "")
    assert not re.search(r"[A-Za-z]{3}", DATE.sub("", left)), left
