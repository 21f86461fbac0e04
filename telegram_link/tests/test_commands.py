"""What the commands of a chat's wishes answer, and what they store."""

from __future__ import annotations

from datetime import time

import pytest

from starscal.core.pages import NATIVE_NAMES
from telegram_link.bot.dispatch import answer_to
from telegram_link.bot.happened import CommandSent, LocationSent, Place, Sender
from telegram_link.bot.quiet import span_read
from telegram_link.bot.registry import commands
from telegram_link.messages import Button
from telegram_link.models import TelegramChat
from telegram_link.tests import command_support
from telegram_link.tests.command_support import (
    LANGUAGES,
    SETTINGS,
    answered,
    buttons,
    check,
    linked,
    message,
    pressed,
    reader,
    room,
)

pytestmark = pytest.mark.django_db
EVIL = '<a href="https://evil.example">x</a> & <b>\u202eturned'


def stored(chat: TelegramChat) -> TelegramChat:
    return TelegramChat.objects.get(pk=chat.pk)


LINES = [
    "start", "help", "language", "language Klingon", "language de", "place", "place Vienna",
    "place Viena", "place 48.2 16.4", "place 95 3", "place nowhere-at-all", "timezone",
    "timezone Europe/Vienna", "timezone Erevann", "timezone xqzw", "quiet", "quiet 22-7",
    "quiet 25-7", "quiet 7-7", "quiet off", "calendar", "calendar hindu", "calendar maya", "stop",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("line", LINES)
def test_every_command_answers_in_every_language(line: str, language: str) -> None:
    chat = room(language_code=language)
    shown = message(answered(chat, line, sender_name=EVIL))
    for data in buttons(shown).values():
        again = pressed(chat, data)
        for each in (*again.messages, *((again.edited,) if again.edited else ())):
            check(each)


@pytest.mark.parametrize("name", SETTINGS)
def test_what_people_write_comes_back_as_text(name: str) -> None:
    chat = room(title=EVIL)
    text = message(answered(chat, f"{name} {EVIL}" if name != "start" else name)).text
    assert "evil.example</a>" not in text
    assert "\u202e" not in text
    assert "<a " not in text


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(
    "words", ["\0", "x" * 1000, "%s %d {value}", "💫" * 300, "-", "🏳️‍🌈 \n\n ;"]
)
def test_senseless_words_get_a_short_answer(name: str, words: str) -> None:
    if name == "start":
        return
    text = message(answered(room(), f"{name} {words}")).text
    assert len(text) < 1500
    assert "\0" not in text


@pytest.mark.parametrize("name", sorted(commands()))
def test_a_summary_fits_the_menu_of_telegram(name: str) -> None:
    assert 3 <= len(str(commands()[name].summary)) <= 256


def test_a_greeting_names_the_person_and_offers_commands_that_are_there() -> None:
    shown = message(answered(room(), "start", sender_name="Vera <3"))
    assert "Hello, <b>Vera &lt;3</b>!" in shown.text
    assert set(buttons(shown).values()) <= {f"start:{name}" for name in commands()}
    assert {"start:language", "start:place", "start:help"} <= set(buttons(shown).values())


def test_a_greeting_without_a_name_is_whole_too() -> None:
    assert message(answered(room(), "start")).text.startswith("✨ Hello!")


@pytest.mark.parametrize("name", ["language", "place", "help"])
def test_a_button_of_the_greeting_does_what_the_command_does(name: str) -> None:
    chat = room()
    assert pressed(chat, f"start:{name}") == answered(chat, name)


@pytest.mark.parametrize("data", ["again", "stop", "", "link:1"])
def test_another_button_of_the_greeting_greets(data: str) -> None:
    chat = room()
    assert "Hello" in message(pressed(chat, f"start:{data}")).text
    assert stored(chat).stopped_at is None


def test_help_lists_every_command_once_with_its_line() -> None:
    text = message(answered(room(), "help")).text
    listed = [line.partition(" – ")[0] for line in text.splitlines() if line.startswith("/")]
    assert sorted(listed) == sorted(f"/{name}" for name in commands())
    assert "https://stars.example/en/" in text


def test_a_group_is_told_only_what_works_there() -> None:
    club = room(-7)
    text = message(answered(club, "help")).text
    private = {name for name, command in commands().items() if not command.in_groups}
    assert private
    assert not any(f"/{name} " in text for name in private)
    offered = set(buttons(message(answered(club, "start"))).values())
    assert not {f"start:{name}" for name in private} & offered


def test_the_keyboard_has_ten_own_names_and_marks_the_language_in_force() -> None:
    shown = buttons(message(answered(room(language_code="de"), "language")))
    assert [text for text, data in shown.items() if text.startswith("✓")] == ["✓ Deutsch"]
    assert {text.removeprefix("✓ ") for text in shown} > set(NATIVE_NAMES.values())


def test_a_language_is_answered_in_at_once_and_can_be_left_to_telegram() -> None:
    chat = room(language_code="ru")
    shown = message(pressed(chat, "language:de"))
    assert "✓ Deutsch" in buttons(shown)
    assert stored(chat).language == "de"
    assert "✓ Русский" in buttons(message(pressed(chat, "language:auto")))
    assert stored(chat).language == ""


@pytest.mark.parametrize("words", ["hy", "HY-am", "հայերեն", "Հայերեն", "arm"])
def test_a_language_may_be_written_by_tag_or_own_name(words: str) -> None:
    chat = room()
    message(answered(chat, f"language {words}"))
    assert stored(chat).language == "hy"


def test_a_language_that_there_is_not_changes_nothing_and_offers_the_ten() -> None:
    chat = room(language="de")
    shown = message(answered(chat, "language Klingon"))
    assert "Klingon" in shown.text
    assert len(buttons(shown)) == 11
    assert stored(chat).language == "de"


@pytest.mark.parametrize("line", ["place 48.2082 16.3738", "place 48,2082; 16,3738"])
def test_a_place_is_rounded_and_asks_for_its_zone(line: str) -> None:
    chat = room()
    shown = message(answered(chat, line))
    assert "48.21° N, 16.37° E" in shown.text
    assert "timezone:Europe/Vienna" in buttons(shown).values()
    assert (stored(chat).latitude_deg, stored(chat).longitude_deg) == (48.21, 16.37)


def test_a_place_whose_time_is_chosen_already_asks_nothing() -> None:
    chat = room(timezone="Europe/Berlin")
    assert message(answered(chat, "place 48.2 16.4")).keyboard == ()
    assert "timezone:Asia/Tokyo" in buttons(message(answered(chat, "place 35.7 139.7"))).values()


def test_a_city_sets_the_zone_that_nobody_chose() -> None:
    chat = room(language_code="de")
    assert "Wien (Österreich)" in message(answered(chat, "place wien")).text
    assert (stored(chat).latitude_deg, stored(chat).timezone) == (48.22, "Europe/Vienna")
    shown = message(answered(chat, "place Tokio"))
    assert list(buttons(shown).values()) == ["timezone:Asia/Tokyo"]
    assert stored(chat).timezone == "Europe/Vienna"


def test_a_misspelt_city_is_proposed_and_set_by_its_button() -> None:
    chat = room()
    assert buttons(message(answered(chat, "place Yerevann"))) == {
        "Yerevan (Armenia)": "place:Asia/Yerevan"
    }
    assert stored(chat).latitude_deg is None
    message(pressed(chat, "place:Asia/Yerevan"))
    assert stored(chat).latitude_deg == 40.18


def test_no_place_is_asked_for_and_a_phone_may_send_it() -> None:
    shown = message(answered(room(), "place"))
    assert shown.location_asked
    assert "/place 48.2 16.4" in shown.text
    assert message(answered(room(-7), "place")).location_asked == ""


def test_a_place_is_shown_and_forgotten() -> None:
    chat = room(latitude_deg=-33.87, longitude_deg=-70.67)
    shown = message(answered(chat, "place"))
    assert "33.87° S, 70.67° W" in shown.text
    assert message(pressed(chat, "place:send")).location_asked
    message(pressed(chat, "place:forget"))
    assert stored(chat).latitude_deg is None


@pytest.mark.parametrize("line", ["place 91 0", "place 0 181", "place 48°75'N 16°0'E"])
def test_a_place_outside_the_earth_says_what_is_allowed(line: str) -> None:
    chat = room(latitude_deg=1.0, longitude_deg=2.0)
    text = message(answered(chat, line)).text
    assert "from −90 to 90" in text
    assert "/place 48.2 16.4" in text
    assert stored(chat).latitude_deg == 1.0


def test_a_zone_is_set_by_name_city_and_button() -> None:
    chat = room()
    assert "2:00" in message(answered(chat, "timezone Europe/Vienna")).text
    assert stored(chat).timezone == "Europe/Vienna"
    message(answered(chat, "timezone Ереван"))
    assert stored(chat).timezone == "Asia/Yerevan"
    message(pressed(chat, "timezone:America/New_York"))
    assert stored(chat).timezone == "America/New_York"
    assert "Vienna" not in message(answered(chat, "timezone")).text.splitlines()[0]


@pytest.mark.parametrize("data", ["Mars/Olympus", "", "localtime", "../etc"])
def test_a_button_with_another_zone_changes_nothing(data: str) -> None:
    chat = room(timezone="Europe/Vienna")
    assert "Europe/Vienna" in message(pressed(chat, f"timezone:{data}")).text
    assert stored(chat).timezone == "Europe/Vienna"


def test_a_zone_that_there_is_not_says_what_to_write() -> None:
    text = message(answered(room(), "timezone Olympus Mons")).text
    assert "not a time zone" in text
    assert "/timezone Europe/Vienna" in text


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("22-7", (22, 0, 7, 0)),
        ("22:30-07:00", (22, 30, 7, 0)),
        ("22.30 – 7.15", (22, 30, 7, 15)),
        ("22h30-7h00", (22, 30, 7, 0)),
        ("22 7", (22, 0, 7, 0)),
        ("10 pm - 7 am", (22, 0, 7, 0)),
        ("12am-12PM", (0, 0, 12, 0)),
        ("２２：３０ー７：００", None),
        ("22-24", None),
        ("22:60-7", None),
        ("13 pm - 7 am", None),
        ("22", None),
        ("22-7-8", None),
        ("-1-7", None),
    ],
)
def test_hours_as_people_write_them(words: str, span: tuple[int, int, int, int] | None) -> None:
    expected = (time(span[0], span[1]), time(span[2], span[3])) if span else None
    assert span_read(words) == expected


def test_quiet_hours_are_set_shown_and_taken_away() -> None:
    chat = room(timezone="Europe/Vienna")
    shown = message(answered(chat, "quiet 22-7"))
    assert "10:00" in shown.text
    assert "Europe/Vienna" in shown.text
    assert [t for t in buttons(shown) if t.startswith("✓")] == ["✓ 10:00\u202fPM – 7:00\u202fAM"]
    assert (stored(chat).quiet_from, stored(chat).quiet_until) == (time(22), time(7))
    message(pressed(chat, "quiet:23:00-08:00"))
    assert stored(chat).quiet_from == time(23)
    message(answered(chat, "quiet off"))
    assert (stored(chat).quiet_from, stored(chat).quiet_until) == (None, None)


@pytest.mark.parametrize("words", ["7-7", "25-3", "tonight"])
def test_hours_that_are_none_say_what_is_allowed_and_change_nothing(words: str) -> None:
    chat = room(quiet_from=time(22), quiet_until=time(7))
    text = message(answered(chat, f"quiet {words}")).text
    assert "/stop" in text or "from 0:00 to 23:59" in text
    message(pressed(chat, "quiet:22:00-23:00"))
    assert stored(chat).quiet_from == time(22)


def test_a_calendar_is_that_of_the_language_until_one_is_chosen() -> None:
    chat = room(language_code="hy")
    usual = message(answered(chat, "calendar"))
    chinese = message(pressed(chat, "calendar:chinese"))
    assert usual.text != chinese.text
    assert stored(chat).calendar == "chinese"
    message(pressed(chat, "calendar:none"))
    assert stored(chat).calendar == "none"
    assert message(pressed(chat, "calendar:auto")) == usual


def test_today_is_the_day_of_the_reader() -> None:
    """At noon UTC it is the first of July, and the second already on Kiritimati."""
    assert "July 1, 2026" in message(answered(room(), "calendar")).text
    chat = room(8, timezone="Pacific/Kiritimati", calendar="christian")
    text = message(answered(chat, "calendar")).text
    assert "July 2, 2026" in text
    assert "June 19" in text


def test_diwali_stands_with_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_support, "AT", command_support.AT.replace(month=11, day=8))
    assert "• Diwali" in message(answered(room(calendar="hindu"), "calendar")).text


def test_what_the_account_prefers_is_not_told_to_telegram() -> None:
    chat = room(language_code="en")
    linked(chat, spiritual_preferences={"consent": True, "calendars": ["hindu"]})
    assert "No other calendar" in message(answered(chat, "calendar")).text


def test_in_a_group_everybody_may_ask_what_today_is_and_nobody_chooses() -> None:
    club = room(-7)
    assert message(answered(club, "calendar")).keyboard == ()
    assert "private" in pressed(club, "calendar:hindu").toast
    assert "private" in message(answered(club, "calendar hindu")).text
    assert stored(club).calendar == ""


@pytest.mark.parametrize("name", ["start", "language", "place", "timezone", "quiet", "stop"])
def test_only_administrators_set_what_a_group_wants(name: str) -> None:
    assert commands()[name].for_admins
    assert commands()[name].in_groups


def test_the_longest_zone_fits_a_button() -> None:
    """A button that is too long refuses by itself."""
    offered = buttons(message(answered(room(), "timezone new sale")))
    assert "timezone:America/North_Dakota/New_Salem" in offered.values()
    with pytest.raises(ValueError, match="64"):
        Button("x", "timezone:" + "x" * 60)


def test_a_link_that_opens_the_bot_is_no_greeting_but_in_a_group() -> None:
    assert "Hello" not in message(answered(room(), "start no-such-token")).text
    assert "Hello" in message(answered(room(-7), "start no-such-token")).text


def test_a_location_sent_by_a_phone_is_the_place() -> None:
    chat = room()
    sent = LocationSent(Place(7, "private"), Sender(7, "Vera"), 48.20849, 1e-05)
    assert "48.21° N, 0.00° E" in message(answer_to(sent, reader=reader(chat))).text
    assert (stored(chat).latitude_deg, stored(chat).longitude_deg) == (48.21, 0.0)


@pytest.mark.parametrize("name", ["language", "place", "timezone", "quiet", "stop"])
def test_a_member_of_a_group_changes_nothing(name: str) -> None:
    club = room(-7, timezone="Europe/Vienna")
    sent = CommandSent(Place(-7, "supergroup"), Sender(7, "Vera"), name, "de")
    answer = answer_to(sent, reader=reader(club), is_admin=False)
    assert "administrators" in message(answer).text
    before = stored(club)
    assert (before.language, before.timezone, before.stopped_at) == ("", "Europe/Vienna", None)
