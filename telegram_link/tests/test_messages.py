"""Words of others reach Telegram as words: no tag of theirs, no broken message."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from events.chat_text import plain
from starscal.testing.telegram.entities import html_read, units
from telegram_link.messages import Button, Message, escaped, restored, stored, visible_units

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(
    st.sampled_from("<>&;/ab='\"#x1 "), max_size=30
)


@settings(max_examples=200, deadline=None)
@given(name=TEXTS)
@example(name="</b><a href='https://evil.example'>Vera</a>")
@example(name="&lt;b&gt; &amp;amp; <!-- <b")
def test_any_name_is_read_as_it_was_written(name: str) -> None:
    reading = html_read(f"<b>{escaped(name)}</b>")
    assert reading.text == plain(name)
    assert [entity["type"] for entity in reading.entities] == (["bold"] if plain(name) else [])


@settings(max_examples=100, deadline=None)
@given(name=TEXTS)
def test_a_text_is_as_long_as_telegram_finds_it(name: str) -> None:
    html = f"<b>{escaped(name)}</b> &amp; <i>🌕</i>"
    assert visible_units(html) == html_read(html).units == units(plain(name)) + 5


def test_a_message_survives_the_queue() -> None:
    rows = ((Button("More", data="next:2"), Button("Page", url="https://stars.example")),)
    message = Message("<b>Moon</b>", keyboard=rows, figure_of="moon-full-2026-12-24")
    assert restored(stored(message)) == message


@pytest.mark.parametrize(
    "more", [{}, {"data": "a", "url": "https://a.example"}, {"data": "ж" * 33}]
)
def test_a_button_that_telegram_would_refuse_cannot_be_made(more: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="A button sends"):
        Button("Press", **more)
