"""The plain text of an event keeps its letters whole, its link and its limit."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from events.chat_text import LONGEST, event_address, event_chat_text, shortened, units, when_text
from events.models import Event
from events.rendering import ALL_LANGUAGES, NOTHING
from starscal.core.i18n import column, language_active
from starscal.core.plain_text import LINES, TURNING, is_hidden

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 6, 29, 23, 57, tzinfo=UTC)
LETTERS = {
    "en": "naïve façade ",
    "zh-hans": "双子座满月",
    "es": "¿Cuándo será? ",
    "hi": "पूर्णिमा क्षितिज पर दिखेगी। ",
    "pt-br": "constelação ",
    "de": "größte Elongation ",
    "fr": "équinoxe d’été ",
    "ja": "がぎぐげご、満月です。",
    "ru": "ёлка и йод ",
    "hy": "Լիալուսին և արև ",
}
# The moment as CLDR 48 has it written; two hours later in Berlin, where it is the next day.
WRITTEN = {
    "en": "Tuesday, June 30, 2026, 1:57 AM GMT+02:00",
    "zh-hans": "2026年6月30日星期二 GMT+02:00 01:57",
    "es": "martes, 30 de junio de 2026, 1:57 GMT+02:00",
    "hi": "मंगलवार, 30 जून 2026, 1:57 am GMT+02:00",
    "pt-br": "terça-feira, 30 de junho de 2026 01:57 GMT+02:00",
    "de": "Dienstag, 30. Juni 2026, 01:57 GMT+02:00",
    "fr": "mardi 30 juin 2026, 01:57 UTC+02:00",
    "ja": "2026年6月30日火曜日 1:57 GMT+02:00",
    "ru": "вторник, 30 июня 2026 г., 01:57 GMT+02:00",
    "hy": "2026 թ. հունիսի 30, երեքշաբթի, 01:57 GMT+02:00",
}
CLUSTERS = ["👩‍👩‍👧‍👦", "🇦🇲", "कि", "é̂", "각", "👍🏽", "ё́", "が\u3099"]


def event_with(*, status: str = "published", kind: str = "full_moon", **texts: str) -> Event:
    day = {"civil_date": "2026-06-30"} if kind == "easter" else {}
    return Event(
        **{
            **NOTHING, "pk": UUID(int=1), "key": "k", "slug": "moon-full-2026-06-29",
            "event_type": kind, "family": "moon_phases", "occurs_at": AT, "status": status,
            "astronomical_data": day, **texts,
        }
    )  # fmt: skip


@pytest.mark.parametrize("language", ALL_LANGUAGES)
def test_a_message_has_title_time_description_and_link(language: str) -> None:
    words = LETTERS[language].strip()
    event = event_with(
        **{column("title", language): words, column("description", language): f"{words}\n{words}"}
    )
    link = f"https://stars.example/{language}/events/moon-full-2026-06-29/"
    text = event_chat_text(event=event, language=language, zone=BERLIN)
    written = text.replace("\u202f", " ")
    assert written == f"{words}\n{WRITTEN[language]}\n\n{words}\n{words}\n\n{link}"


@pytest.mark.parametrize("language", ALL_LANGUAGES)
def test_a_long_description_ends_between_two_letters(language: str) -> None:
    words = LETTERS[language] * 2000
    event = event_with(**{column("title", language): "T", column("description", language): words})
    text = event_chat_text(event=event, language=language, zone=BERLIN)
    assert LONGEST - 10 < units(text) <= LONGEST
    assert text.endswith(event_address(event, language))
    kept = text.split("\n\n")[1].removesuffix("…")
    letters = list(iter_graphemes(words))
    assert kept == "".join(letters[: len(list(iter_graphemes(kept)))]).rstrip()


@pytest.mark.parametrize("cluster", CLUSTERS)
@pytest.mark.parametrize("room", range(1, 40))
def test_a_letter_is_never_cut(cluster: str, room: int) -> None:
    short = shortened(cluster * 20, room)
    assert units(short) <= room
    assert short.removesuffix("…") == cluster * (len(short.removesuffix("…")) // len(cluster))


@given(title=st.text(max_size=200), description=st.text(max_size=6000))
def test_any_text_stays_within_the_limit(title: str, description: str) -> None:
    event = event_with(title_en=title, description_en=description)
    text = event_chat_text(event=event, language="en", zone=BERLIN)
    assert units(text) <= LONGEST
    assert text.endswith(event_address(event, "en"))
    assert unicodedata.is_normalized("NFC", text)
    assert not [sign for sign in text if is_hidden(sign) and sign not in LINES]


def test_no_sign_turns_what_stands_around_it() -> None:
    event = event_with(title_en="".join(TURNING) + "abc", description_en="\u202ecba\u0000\r\nx")
    text = event_chat_text(event=event, language="en", zone=BERLIN)
    assert text.startswith("abc\n")
    assert "\n\ncba\nx\n\n" in text


def test_a_missing_text_comes_from_english() -> None:
    event = event_with(title_en="Full Moon", description_en="Look up.")
    text = event_chat_text(event=event, language="hy", zone=BERLIN)
    assert text.startswith("Full Moon\n")
    assert "/hy/events/" in text


def test_utc_is_named() -> None:
    with language_active("de"):
        shown = when_text(event_with(), "de", ZoneInfo("UTC"))
    assert shown == "Montag, 29. Juni 2026, 23:57 UTC"


def test_a_whole_day_has_no_time() -> None:
    with language_active("en"):
        shown = when_text(event_with(kind="easter"), "en", ZoneInfo("America/New_York"))
    assert shown == "Tuesday, June 30, 2026"


def test_what_is_called_off_says_so_first() -> None:
    event = event_with(status="cancelled", title_en="Full Moon")
    assert event_chat_text(event=event, language="en", zone=BERLIN).startswith("Cancelled\nFull")
