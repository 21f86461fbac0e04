"""Updates are answered once, in order, and none of them stops the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from starscal.core.exceptions import ApplicationError, ErrorCode
from telegram_link.bot import dispatch
from telegram_link.bot.frame import Answer, Command, Responder, said
from telegram_link.bot.reader import Reader
from telegram_link.messages import Message
from telegram_link.models import BotState, Notification, TelegramChat, TelegramUpdate
from telegram_link.services import updates as service
from telegram_link.services.updates import updates_open, updates_store
from telegram_link.tests.update_shapes import CLUB, HOME, message, moved, press, private, update
from telegram_link.tests.update_support import updates_work

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
REFUSED = ApplicationError(ErrorCode.VALIDATION_INVALID, "Not so.")


class Bench:
    """The commands of a test; each says its name and what it was told."""

    def __init__(self) -> None:
        self.known: dict[str, Command] = {}

    def add(self, name: str, answer: Responder | None = None, **more: Any) -> None:
        def echo(_reader: Reader, text: str) -> Answer:
            return said(f"{name}: {text}")

        self.known[name] = Command(name, name, answer or echo, **more)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench()
    made.add("echo")
    monkeypatch.setattr(dispatch, "command_named", made.known.get)
    return made


def work(*updates: dict[str, Any]) -> int:
    updates_store(updates=updates)
    total = 0
    while done := updates_work(limit=10, at=AT):
        total += done
    return total


def queued(chat: int = 7) -> list[tuple[str, dict[str, Any]]]:
    rows = Notification.objects.filter(chat=chat).order_by("priority", "due_at", "pk")
    return [(row.method, row.body) for row in rows]


def texts(chat: int = 7) -> list[str]:
    return [body["text"] for method, body in queued(chat) if method == "sendMessage"]


def outcome(said_: dict[str, Any]) -> str:
    return TelegramUpdate.objects.get(pk=said_["update_id"]).outcome


def test_a_command_is_answered_once(bench: Bench) -> None:
    asked = message("/echo one")
    assert work(asked, asked) == 1
    assert work(asked) == 0
    assert texts() == ["echo: one"]
    row = TelegramUpdate.objects.get()
    assert (row.body, row.outcome, row.tries, row.done_at) == ({}, "answered", 1, AT)
    reply = Notification.objects.get()
    assert (reply.key, reply.kind, reply.priority) == (f"update-{row.pk}-1", "reply", 0)


def test_the_chat_is_written_down(bench: Bench) -> None:
    work(message("/echo"))
    chat = TelegramChat.objects.get()
    assert (chat.pk, chat.kind, chat.title, chat.username) == (7, "private", "Ada", "ada")
    assert (chat.language_code, chat.seen_at) == ("de", AT)


def test_a_chat_is_answered_in_the_order_of_its_updates(bench: Bench) -> None:
    asked = [message(f"/echo {number}") for number in range(5)]
    assert work(*reversed(asked)) == 5
    assert texts() == [f"echo: {number}" for number in range(5)]


def test_what_was_chosen_in_a_chat_stays(bench: Bench) -> None:
    work(message("/echo"))
    TelegramChat.objects.update(language="ru", timezone="Asia/Tokyo", stopped_at=AT, digest="daily")
    work(message("/echo", sender={**HOME, "is_bot": False, "language_code": "fr"}))
    chat = TelegramChat.objects.get()
    assert (chat.language, chat.timezone, chat.digest) == ("ru", "Asia/Tokyo", "daily")
    assert (chat.language_code, chat.stopped_at) == ("fr", AT)


def test_a_button_is_always_answered(bench: Bench) -> None:
    bench.add("echo", pressed=lambda _reader, _data: Answer())
    work(press("echo:1"))
    work(press("nothing"))
    (first, empty), (second, toast) = queued()
    assert first == second == "answerCallbackQuery"
    assert empty == {"callback_query_id": "99"}
    assert toast["text"]


def test_a_button_edits_the_message_above_it(bench: Bench) -> None:
    bench.add("echo", pressed=lambda _reader, data: Answer(edited=Message(data), toast="Done."))
    work(press("echo:new"))
    (first, toast), (second, edit) = queued()
    assert (first, toast["text"]) == ("answerCallbackQuery", "Done.")
    assert (second, edit["text"], edit["edited_id"]) == ("editMessageText", "new", 5)


@pytest.mark.parametrize("under", [{"text": ""}, {"date": 0, "text": None}, {"message_id": -5}])
def test_what_cannot_be_edited_is_sent_anew(bench: Bench, under: dict[str, Any]) -> None:
    bench.add("echo", pressed=lambda _reader, data: Answer(edited=Message(data)))
    work(press("echo:new", **under))
    assert texts() == ["new"]


def test_a_failing_update_lets_the_others_pass_and_dies_at_last(bench: Bench) -> None:
    def fail(_reader: Reader, _text: str) -> Answer:
        TelegramChat.objects.update(language="fr")
        raise KeyError("poison")

    bench.add("fail", fail)
    poison = message("/fail")
    assert work(poison, message("/echo"), private(8, "/echo")) == 3
    assert (texts(7), texts(8)) == (["echo: "], ["echo: "])
    for tries in range(2, 6):
        assert work() == 0
        TelegramUpdate.objects.update(due_at=AT - timedelta(days=999))
        assert updates_work(limit=10, at=AT) == 1
        assert TelegramUpdate.objects.get(pk=poison["update_id"]).tries == tries
    assert outcome(poison) == "dead"
    assert TelegramChat.objects.get(pk=7).language == ""
    assert len(texts(7)) == 2  # an apology
    assert work() == 0


@pytest.mark.parametrize("refusal", [ZeroDivisionError, REFUSED], ids=["fault", "refusal"])
def test_what_nobody_asked_for_fails_without_a_word(
    monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    """Of a change of members a word in the channel would be read by everybody."""

    def broken(**_told: Any) -> bool:
        raise refusal

    monkeypatch.setattr(service, "membership_told", broken)
    member = {"user": {"id": 7, "first_name": "Ada"}, "status": "member"}
    channel = {"id": -100_9, "type": "channel", "title": "Sky"}
    joined = {"chat": channel, "from": member["user"], "date": 1, "new_chat_member": member}
    told = update(chat_member=joined)
    updates_store(updates=[told])
    for _try in range(5):
        TelegramUpdate.objects.update(due_at=AT - timedelta(days=999))
        assert updates_work(limit=10, at=AT) == 1
    assert outcome(told) == "dead"
    assert not Notification.objects.exists()
    assert not TelegramChat.objects.exists()


def test_what_a_service_refuses_is_told_and_undone(bench: Bench) -> None:
    def refuse(_reader: Reader, _text: str) -> Answer:
        TelegramChat.objects.update(language="fr")
        raise ApplicationError(ErrorCode.VALIDATION_INVALID, "Not <b>so</b>.")

    bench.add("refuse", refuse, pressed=refuse)
    work(message("/refuse"), press("refuse:"))
    assert texts() == ["Not &lt;b&gt;so&lt;/b&gt;."]
    assert queued()[-1][1]["text"] == "Not <b>so</b>."  # a toast is no HTML
    assert TelegramChat.objects.get().language == ""


def test_a_lost_database_is_no_fault_of_the_update(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("gone")

    asked = message("/echo")
    updates_store(updates=[asked])
    with monkeypatch.context() as broken:
        broken.setattr("telegram_link.services.updates._settled", away)
        broken.setattr("telegram_link.services.updates._failed", away)
        with pytest.raises(OperationalError):
            updates_work(limit=1, at=AT)
    assert work() == 1


def test_names_are_no_commands_to_html_or_the_database(bench: Bench) -> None:
    bench.add("name", lambda reader, _text: said(reader.chat.title))
    hostile = "</b>\0'; DROP TABLE x; --\u202e"
    work(private(9, "/name", first_name=hostile))
    chat = {"id": 9, "type": "private", "first_name": hostile}
    work(message("/name", chat=chat))
    assert TelegramChat.objects.get(pk=9).title == "</b>'; DROP TABLE x; --"


def test_too_many_questions_get_one_polite_answer(bench: Bench, settings: Any) -> None:
    settings.RATE_LIMITS = {"telegram-chat": (2, 60)}
    work(*(message(f"/echo {number}") for number in range(6)))
    told = texts()
    assert told[:2] == ["echo: 0", "echo: 1"]
    assert len(told) == 3
    work(press("echo:1"))
    assert queued()[-1][0] == "answerCallbackQuery"
    assert queued()[-1][1]["text"]
    work(private(8, "/echo"))
    assert texts(8) == ["echo: "]


def test_a_blocked_bot_sends_nothing_more_until_it_is_unblocked(bench: Bench) -> None:
    work(message("/echo"), moved("kicked"))
    chat = TelegramChat.objects.get()
    assert not chat.is_reachable
    assert set(Notification.objects.values_list("status", flat=True)) == {"dropped"}
    work(moved("member"))
    assert TelegramChat.objects.get().is_reachable


def test_a_group_is_known_from_when_the_bot_came_till_it_went(bench: Bench) -> None:
    work(moved("member", chat=CLUB))
    chat = TelegramChat.objects.get()
    assert (chat.pk, chat.kind, chat.title) == (CLUB["id"], "supergroup", "The Club")
    work(message("/echo", chat=CLUB), moved("left", chat=CLUB))
    assert not TelegramChat.objects.exists()
    assert not Notification.objects.exists()


def test_a_supergroup_takes_over_what_its_group_had_chosen(bench: Bench) -> None:
    group = {"id": -5, "type": "group", "title": "Us"}
    work(message("/echo", chat=group))
    TelegramChat.objects.update(language="hy", timezone="Asia/Yerevan", digest="weekly")
    work(message(chat=group, migrate_to_chat_id=-600))
    chat = TelegramChat.objects.get()
    assert (chat.pk, chat.language, chat.timezone, chat.digest) == (
        -600, "hy", "Asia/Yerevan", "weekly",
    )  # fmt: skip
    assert texts(-600) == ["echo: "]


def test_a_group_hears_only_what_is_meant_for_us(bench: Bench) -> None:
    BotState.objects.create(username="Sky_bot")
    for text in ("hello", "/unknown", "/echo@other_bot", "/echo@sky_BOT 1", "/echo 2"):
        work(message(text, chat=CLUB))
    assert texts(-1007) == ["echo: 1", "echo: 2"]


def test_a_chat_that_floods_hides_no_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "OPEN_MOST", 10)
    flood = [message(f"/echo {number}") for number in range(30)]
    others = [private(chat, "/echo") for chat in (3, 8, 9)]
    club = message("/echo", chat=CLUB)
    updates_store(updates=[*flood, *others, club])
    firsts = [flood[0], *others, club]
    assert [job.id for job in updates_open(limit=50)] == [each["update_id"] for each in firsts]
    assert [job.id for job in updates_open(limit=2)] == [each["update_id"] for each in firsts[:2]]
    assert updates_work(limit=50, at=AT) == 5
    assert [job.id for job in updates_open(limit=50)] == [flood[1]["update_id"]]


def test_members_of_a_channel_are_in_order_each_by_itself(bench: Bench) -> None:
    channel = {"id": -1009, "type": "channel", "title": "Sky"}

    def joined(person: int) -> dict[str, Any]:
        member = {"user": {"id": person, "first_name": "P"}, "status": "member"}
        change = {"chat": channel, "from": member["user"], "date": 1, "new_chat_member": member}
        return update(chat_member=change)

    told = [joined(7), joined(8), joined(7)]
    asked = message("/echo")
    updates_store(updates=[*told, asked])
    assert [job.id for job in updates_open(limit=9)] == [each["update_id"] for each in told[:2]]
    assert work() == 4
    assert TelegramChat.objects.get().pk == 7


def in_parallel(count: int, work_: Callable[[], object]) -> None:
    """Run something in many threads at once, each with a connection of its own."""
    start = threading.Barrier(count)
    faults: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            work_()
        except BaseException as fault:  # noqa: BLE001 - raised below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


@pytest.mark.django_db(transaction=True)
def test_a_crowd_of_the_same_update_is_one(bench: Bench) -> None:
    asked = message("/echo")
    in_parallel(32, lambda: updates_store(updates=[asked]))
    assert TelegramUpdate.objects.count() == 1
    in_parallel(8, lambda: updates_work(limit=10, at=AT))
    assert texts() == ["echo: "]
    assert TelegramUpdate.objects.get().tries == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_keep_the_order_of_each_chat(bench: Bench) -> None:
    chats = range(1, 9)
    asked = [private(chat, f"/echo {number}") for number in range(12) for chat in chats]
    updates_store(updates=asked)

    def until_empty() -> None:
        while TelegramUpdate.objects.filter(done_at=None).exists():
            updates_work(limit=5, at=AT)

    in_parallel(6, until_empty)
    assert set(TelegramUpdate.objects.values_list("tries", flat=True)) == {1}
    for chat in chats:
        assert texts(chat) == [f"echo: {number}" for number in range(12)]


@pytest.mark.django_db(transaction=True)
def test_a_chat_at_work_is_left_alone(bench: Bench) -> None:
    asked = message("/echo")
    updates_store(updates=[asked, message("/echo later"), private(8, "/echo")])
    with transaction.atomic():
        TelegramUpdate.objects.select_for_update().get(pk=asked["update_id"])
        in_parallel(1, lambda: updates_work(limit=10, at=AT))
        assert (texts(7), texts(8)) == ([], ["echo: "])
