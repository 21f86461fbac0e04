"""The bot introduces itself, has updates delivered or asks for them, and outlives failures."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from starscal.testing.live import LiveProcess, LiveServer
from starscal.testing.telegram import Person, TelegramDouble
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.reader import Reader
from telegram_link.bot.registry import commands
from telegram_link.client import BotApi, client_from_settings
from telegram_link.configuration import (
    WEBHOOK_PATH,
    bot_enabled,
    bot_mode_log,
    webhook_enabled,
    webhook_url,
)
from telegram_link.menus import MenuSetting
from telegram_link.models import BotState, TelegramUpdate
from telegram_link.reception import Reception
from telegram_link.services.polling import Store, updates_fetch
from telegram_link.services.setup import LONGEST_SUMMARY, bot_setup, menus_of
from telegram_link.services.updates import updates_store

pytestmark = pytest.mark.django_db

CODES = {"", "zh", "es", "hi", "pt", "de", "fr", "ja", "ru", "hy"}


def answer(reader: Reader, words: str) -> Answer:
    return said(words)


COMMANDS = (
    Command("today", _("Language"), answer),
    Command("quiet", _("Save"), answer, in_groups=False),
)


class Shelf:
    """Where updates are put down; it may be broken."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.error: Exception | None = None

    def __call__(self, *, updates: Sequence[object]) -> None:
        self.updates += cast("Sequence[dict[str, Any]]", updates)
        if self.error:
            raise self.error

    @property
    def texts(self) -> list[str]:
        return [each["message"]["text"] for each in self.updates]


@pytest.fixture
def api(telegram: TelegramDouble) -> Iterator[BotApi]:
    with client_from_settings() as client:
        yield client


@pytest.fixture
def polled(telegram: TelegramDouble, settings: Any) -> TelegramDouble:
    settings.TELEGRAM_WEBHOOK_SECRET = ""
    return telegram


@pytest.fixture
def vera(telegram: TelegramDouble) -> Person:
    return telegram.people.add(7, first_name="Vera")


def reception(api: BotApi, store: Store = updates_store) -> Reception:
    return Reception(api, commands=lambda: COMMANDS, store=store, poll_s=0)


def menus_set(api: BotApi, offered: Sequence[Command] = COMMANDS) -> None:
    """Set the bot up, with its menus, as a process does that begins."""
    Reception(api, commands=lambda: offered, store=updates_store).step()


@pytest.mark.parametrize(
    ("site", "secret", "base", "expected"),
    [
        ("https://stars.example", "s", "https://api.telegram.org", True),
        ("https://stars.example", "", "https://api.telegram.org", False),
        ("http://localhost:8000", "s", "https://api.telegram.org", False),
        ("http://localhost:8000", "s", "http://127.0.0.1:8081", True),
        ("", "s", "https://api.telegram.org", False),
    ],
)
def test_when_updates_are_delivered(
    telegram: TelegramDouble, settings: Any, site: str, secret: str, base: str, expected: bool
) -> None:
    settings.SITE_URL, settings.TELEGRAM_WEBHOOK_SECRET = site, secret
    settings.TELEGRAM_API_BASE = base
    assert webhook_enabled() is expected


def test_without_a_token_the_bot_is_off_and_one_line_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "starscal.telegram")
    assert not bot_enabled()
    bot_mode_log()
    (record,) = caplog.records
    assert "TELEGRAM_BOT_TOKEN is not set" in record.getMessage()


def test_it_learns_who_it_is_and_has_updates_delivered(
    api: BotApi, telegram: TelegramDouble, settings: Any
) -> None:
    menus_set(api, COMMANDS)
    state = BotState.objects.get()
    assert (state.bot_id, state.username) == (5_550_001_111, "stars_test_bot")
    webhook = telegram.inbox.webhook
    assert webhook.url == "https://stars.example/telegram/webhook" == webhook_url()
    assert reverse("telegram-webhook") == WEBHOOK_PATH
    assert webhook.secret == settings.TELEGRAM_WEBHOOK_SECRET
    assert telegram.inbox.allowed == {
        "message",
        "callback_query",
        "my_chat_member",
        "chat_member",
    }


def test_without_a_secret_it_asks_for_updates_itself(api: BotApi, polled: TelegramDouble) -> None:
    polled.webhook_set("https://old.invalid/", "", 1)
    menus_set(api, COMMANDS)
    assert polled.inbox.webhook.url == ""


def test_the_menu_is_set_in_ten_languages_and_for_groups(
    api: BotApi, telegram: TelegramDouble
) -> None:
    menus_set(api, COMMANDS)
    scopes = {
        scope: {language for kind, language in telegram.commands if kind == scope}
        for scope in ("default", "all_group_chats")
    }
    assert scopes == {"default": CODES, "all_group_chats": CODES}
    russian = telegram.commands["default", "ru"]
    assert russian[0] == {"command": "today", "description": "Язык"}
    assert [each["command"] for each in telegram.commands["all_group_chats", "ru"]] == ["today"]
    assert telegram.commands["default", ""][0]["description"] == "Language"


def test_the_menu_is_set_again_only_when_it_changes_or_the_bot_is_another(
    api: BotApi, telegram: TelegramDouble
) -> None:
    def calls() -> int:
        return len(telegram.calls("setMyCommands"))

    menus_set(api, COMMANDS)
    assert calls() == 20
    menus_set(api, COMMANDS)
    assert calls() == 20
    menus_set(api, COMMANDS[:1])
    assert calls() == 30
    BotState.objects.update(update_offset=5)
    telegram.world.bot.id += 1
    menus_set(api, COMMANDS[:1])
    assert calls() == 40
    assert BotState.objects.get().update_offset == 0


def test_a_menu_that_failed_midway_goes_on_where_it_was(
    api: BotApi, telegram: TelegramDouble
) -> None:
    telegram.fail("unavailable", method="setMyCommands")
    work = reception(api)
    wait_s = work.step()
    assert 0.5 < wait_s <= 1.0
    assert BotState.objects.get().commands_hash == ""
    threading.Event().wait(wait_s)  # as the process does
    assert work.step() == 300.0
    assert len(telegram.commands) == 20
    assert len(telegram.calls("setMyCommands")) == 21
    assert BotState.objects.get().commands_hash


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        ({"kind": "too_many", "seconds": 900}, 1),
        ({"kind": "refused", "code": 400, "told": "description is wrong"}, 20),
    ],
)
def test_updates_wait_for_no_menu(
    api: BotApi, polled: TelegramDouble, vera: Person, fault: dict[str, Any], calls: int
) -> None:
    polled.fail(**fault, method="setMyCommands")
    polled.people.says(vera, "/today")
    shelf = Shelf()
    work = reception(api, shelf)
    assert [work.step() for _each in range(3)] == [0.0] * 3
    assert shelf.texts == ["/today"]
    assert len(polled.calls("setMyCommands")) == calls
    assert len(polled.calls("getMe")) == 1


def test_whoever_is_told_to_stop_sets_no_more_menus(api: BotApi, telegram: TelegramDouble) -> None:
    stopping = threading.Event()
    bot_setup(api=api)
    stopping.set()
    MenuSetting(api, lambda: COMMANDS).go_on(stopping)
    assert telegram.calls("setMyCommands") == []
    assert BotState.objects.get().commands_hash == ""


def test_the_real_menu_is_taken_in_every_language(api: BotApi, telegram: TelegramDouble) -> None:
    offered = tuple(commands().values())
    menus_set(api, offered)
    assert len(telegram.commands["default", "ja"]) == len(offered)
    for menu in menus_of(offered):
        assert all(0 < len(line) < LONGEST_SUMMARY for _name, line in menu.commands)


@pytest.mark.parametrize("text", ["\x00", "\ud83c", "a" * 4096, "💫\u202e"])
def test_no_text_stops_the_reception(
    api: BotApi, polled: TelegramDouble, vera: Person, text: str
) -> None:
    polled.people.says(vera, text)
    polled.people.update_add({"message": []})
    polled.people.update_add({"poll": {"id": "1"}})
    polled.people.says(vera, "/today")
    work = reception(api)
    assert [work.step(), work.step()] == [0.0, 0.0]
    assert TelegramUpdate.objects.filter(chat_id=7).count() >= 1
    assert polled.inbox.read(BotState.objects.get().update_offset, 100) == []


def test_a_process_whose_turn_it_is_not_leaves_telegram_alone(
    api: BotApi, telegram: TelegramDouble
) -> None:
    turn = [False, True, False, True]
    work = Reception(api, commands=tuple, store=updates_store, is_ours=lambda: turn.pop(0))
    assert work.step() == 1.0
    assert telegram.calls() == []
    assert [work.step(), work.step(), work.step()] == [300.0, 1.0, 300.0]
    assert len(telegram.calls("setWebhook")) == 2


def test_updates_are_fetched_once_and_in_order(
    api: BotApi, polled: TelegramDouble, vera: Person
) -> None:
    shelf = Shelf()
    for text in ("/today", "/moon", "/sun"):
        polled.people.says(vera, text)
    work = reception(api, shelf)
    assert [work.step(), work.step()] == [0.0, 0.0]
    assert shelf.texts == ["/today", "/moon", "/sun"]
    polled.people.says(vera, "/next")
    work.step()
    assert shelf.texts[3:] == ["/next"]
    assert len(polled.inbox.waiting) == 1  # until the next question confirms it


def test_what_could_not_be_stored_comes_again(
    api: BotApi, polled: TelegramDouble, vera: Person
) -> None:
    bot_setup(api=api)
    shelf = Shelf()
    shelf.error = RuntimeError("full")
    polled.people.says(vera, "/today")
    with pytest.raises(RuntimeError):
        updates_fetch(api=api, store=shelf, wait_s=0)
    shelf.error = None
    assert updates_fetch(api=api, store=shelf, wait_s=0) == 1
    assert shelf.texts == ["/today", "/today"]
    assert BotState.objects.get().update_offset == shelf.updates[0]["update_id"] + 1


FAULTS: dict[str, tuple[dict[str, Any], float]] = {
    "gateway": ({"kind": "unavailable"}, 1.0),
    "garbage": ({"kind": "garbage"}, 1.0),
    "closed": ({"kind": "closed"}, 1.0),
    "conflict": ({"kind": "refused", "code": 409, "told": "terminated by other"}, 1.0),
    "silence": ({"kind": "too_many", "seconds": 9}, 9.0),
    "token": ({"kind": "refused", "code": 401}, 60.0),
}


@pytest.mark.parametrize("case", FAULTS)
def test_it_waits_after_a_failure_and_goes_on(
    api: BotApi, polled: TelegramDouble, vera: Person, case: str
) -> None:
    fault, wait_s = FAULTS[case]
    shelf = Shelf()
    work = reception(api, shelf)
    polled.fail(**fault, method="getUpdates")
    polled.people.says(vera, "/today")
    assert [work.step(), work.step()] == [0.0, wait_s]
    while not shelf.updates:
        assert work.step() == 0.0
    assert shelf.texts == ["/today"]


def test_waits_grow_to_a_minute(api: BotApi, polled: TelegramDouble) -> None:
    polled.fail("unavailable", times=8)
    work = reception(api)
    assert [work.step() for _each in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert work.step() == 0.0


def test_a_webhook_that_somebody_else_set_gives_way(
    api: BotApi, polled: TelegramDouble, vera: Person
) -> None:
    shelf = Shelf()
    work = reception(api, shelf)
    work.step()
    polled.webhook_set("https://old.invalid/", "", 1)
    polled.people.says(vera, "/today")
    assert work.step() == 1.0
    work.step()
    work.step()
    assert shelf.texts == ["/today"]


def test_a_webhook_that_was_changed_is_set_anew(api: BotApi, telegram: TelegramDouble) -> None:
    work = reception(api)
    assert work.step() == 300.0
    telegram.inbox.webhook.url = ""
    assert work.step() == 300.0
    assert telegram.inbox.webhook.url == webhook_url()


@pytest.mark.django_db(transaction=True)
def test_it_ends_when_it_is_told_to(api: BotApi, polled: TelegramDouble, vera: Person) -> None:
    shelf, stopping = Shelf(), threading.Event()
    waiting = Reception(api, commands=lambda: COMMANDS, store=shelf)
    thread = threading.Thread(target=waiting.run, args=(stopping,))
    thread.start()
    polled.people.says(vera, "/today")
    polled.wait_for(lambda: bool(shelf.updates))
    stopping.set()
    polled.people.says(vera, "/moon")  # wakes what waits
    thread.join(10)
    assert not thread.is_alive()
    connection.close()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_process_beside_answers_what_was_asked_before_it_began(
    polled: TelegramDouble,
    vera: Person,
    live_process: Callable[..., LiveProcess],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "")
    polled.webhook_set("https://old.invalid/", "", 1)
    polled.people.says(vera, "/language")
    bot = live_process("telegram")
    polled.wait_for(lambda: bot.has_ended or bool(polled.accepted(vera.id)), 60)
    assert not bot.has_ended
    polled.people.says(vera, "/quiet")
    polled.wait_for(lambda: bot.has_ended or len(polled.accepted(vera.id)) == 2, 30)
    assert polled.violations() == []
    assert polled.token not in bot.log.read_text()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_the_webhook_took_is_answered_by_the_process_beside(
    telegram: TelegramDouble,
    vera: Person,
    running_server: LiveServer,
    live_process: Callable[..., LiveProcess],
) -> None:
    bot = live_process("telegram")
    telegram.wait_for(lambda: bot.has_ended or bool(telegram.inbox.webhook.url), 60)
    secret = telegram.inbox.webhook.secret
    telegram.webhook_set(f"{running_server.url}{WEBHOOK_PATH}", secret, 4)
    telegram.people.says(vera, "/language")
    telegram.wait_for(lambda: bot.has_ended or bool(telegram.accepted(vera.id)), 30)
    keyboard = telegram.accepted(vera.id)[0].result
    data = keyboard["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    telegram.people.presses(vera, keyboard, data)
    telegram.wait_for(lambda: bool(telegram.calls("answerCallbackQuery")), 30)
    assert {each.status for each in telegram.inbox.deliveries} == {200}
    assert telegram.violations() == []
    for log in (bot.log, running_server.log):
        assert telegram.token not in log.read_text()
        assert secret not in log.read_text()
