"""Where the wishes of a chat are written, who hears of it, and what /stop forgets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.services.streams import personal_stream_open
from starscal.core.exceptions import ApplicationError
from starscal.core.models import OutboxMessage
from telegram_link.messages import Message
from telegram_link.models import Notification, TelegramAccount, TelegramChat
from telegram_link.services.chats import BLANK, chat_place_set, chat_zone_set, chats_prune
from telegram_link.services.queue import message_queue
from telegram_link.tests.command_support import AT, answered, linked, message, pressed, reader, room

pytestmark = pytest.mark.django_db

Kind, Status = Notification.Kind, Notification.Status


def announced() -> list[tuple[str, list[str]]]:
    rows = OutboxMessage.objects.filter(kind="profile.updated").order_by("seq")
    return [(row.stream_id, row.body["fields"]) for row in rows]


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("language de", {"language": "de"}),
        ("timezone Asia/Tokyo", {"timezone": "Asia/Tokyo"}),
        ("place -33.87 151.21", {"latitude_deg": -33.87, "longitude_deg": 151.21}),
    ],
)
def test_a_linked_person_writes_to_the_account_and_its_sockets_hear_of_it(
    line: str, fields: dict[str, Any]
) -> None:
    chat = room(language="fr", timezone="Europe/Paris", latitude_deg=48.85, longitude_deg=2.35)
    user = linked(chat)
    personal_stream_open(user=user)
    message(answered(chat, line))
    user.refresh_from_db()
    chat.refresh_from_db()
    assert {name: getattr(user, name) for name in fields} == fields
    assert {name: getattr(chat, name) for name in fields} == {name: BLANK[name] for name in fields}
    ((stream, names),) = announced()
    assert stream == f"me:{user.pk}"
    assert set(fields) <= set(names)


def test_what_was_written_is_what_the_next_answer_reads() -> None:
    chat = room()
    linked(chat, language="ru")
    message(answered(chat, "place Tokyo"))
    message(pressed(chat, "language:ja"))
    who = reader(chat)
    assert (who.language, who.zone.key) == ("ja", "Asia/Tokyo")
    assert who.spot is not None


def test_a_forgotten_place_is_forgotten_by_account_and_chat() -> None:
    chat = room(latitude_deg=1.0, longitude_deg=2.0)
    user = linked(chat, latitude_deg=3.0, longitude_deg=4.0, elevation_m=5.0)
    message(pressed(chat, "place:forget"))
    user.refresh_from_db()
    assert (user.latitude_deg, user.longitude_deg, user.elevation_m) == (None, None, None)
    assert reader(chat).spot is None


def test_a_language_left_to_telegram_is_left_by_the_account_too() -> None:
    chat = room(language_code="hy", language="de")
    linked(chat, language="fr")
    message(pressed(chat, "language:auto"))
    assert reader(chat).language == "hy"


@pytest.mark.parametrize("number", [7, -7], ids=["unlinked", "group"])
def test_without_an_account_the_chat_keeps_it(number: int) -> None:
    chat = room(number)
    stranger = linked(room(99))
    for line in ("language de", "place 48.2 16.4", "timezone Europe/Vienna"):
        message(answered(chat, line))
    chat.refresh_from_db()
    assert (chat.language, chat.latitude_deg, chat.timezone) == ("de", 48.2, "Europe/Vienna")
    stranger.refresh_from_db()
    assert (stranger.language, stranger.timezone) == ("", "")
    assert announced() == []


def test_an_account_is_never_written_from_a_group() -> None:
    club, user = room(-7), linked(room())
    chat_zone_set(chat=club, user=user, zone="Asia/Tokyo", at=AT)
    user.refresh_from_db()
    assert user.timezone == ""
    assert TelegramChat.objects.get(pk=-7).timezone == "Asia/Tokyo"


@pytest.mark.parametrize("is_linked", [True, False])
def test_the_service_refuses_what_the_account_would_refuse(is_linked: bool) -> None:
    chat = room()
    user = linked(chat) if is_linked else None
    with pytest.raises(ApplicationError):
        chat_zone_set(chat=chat, user=user, zone="Mars/Olympus", at=AT)
    with pytest.raises(ApplicationError):
        chat_place_set(chat=chat, user=user, latitude_deg=91.0, longitude_deg=0.0)


def numbers() -> set[int]:
    return set(TelegramChat.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("is_linked", [True, False])
def test_another_zone_moves_the_next_digest_to_its_hour_there(is_linked: bool) -> None:
    chat = room(digest="daily", digest_hour=8, digest_due_at=AT)
    if is_linked:
        linked(chat)
    message(answered(chat, "timezone Asia/Tokyo"))
    chat.refresh_from_db()
    assert chat.digest_due_at == AT.replace(hour=23)


def queued(chat: TelegramChat, kind: str) -> str:
    message_queue(chat_id=chat.pk, key=f"{kind}-{chat.pk}", message=Message("x"), kind=kind)
    return f"{kind}-{chat.pk}"


def test_stop_drops_what_comes_unasked_and_keeps_answers_and_letters() -> None:
    chat = room(digest="daily", digest_due_at=AT)
    user = linked(chat, language="de")
    keys = {kind: queued(chat, kind) for kind in Kind.values}
    shown = message(answered(chat, "stop"))
    status = {n.key: n.status for n in Notification.objects.all()}
    assert [status.pop(keys[kind]) for kind in ("reply", "account")] == [Status.QUEUED] * 2
    assert set(status.values()) == {Status.DROPPED}
    assert Notification.objects.filter(status=Status.DROPPED).exclude(body={}).count() == 0
    chat.refresh_from_db()
    user.refresh_from_db()
    assert (chat.stopped_at, chat.is_reachable, chat.digest) == (AT, False, "daily")
    assert (user.language, TelegramAccount.objects.count()) == ("de", 1)
    assert "https://stars.example/de/account/data/" in shown.text
    assert "/link" in shown.text


@pytest.mark.parametrize("number", [7, -7], ids=["unlinked", "group"])
def test_stop_forgets_a_chat_without_an_account(number: int) -> None:
    chat = room(
        number, title="Vera", username="vera", language="de", language_code="de",
        timezone="Europe/Vienna", latitude_deg=1.0, longitude_deg=2.0, calendar="hindu",
        digest="daily", digest_due_at=AT, quiet_from="22:00", quiet_until="07:00",
    )  # fmt: skip
    shown = message(answered(chat, "stop"))
    chat.refresh_from_db()
    assert {name: getattr(chat, name) for name in BLANK} == BLANK
    assert "/start" in shown.text


def test_what_stop_forgets_is_all_that_a_chat_could_have_chosen() -> None:
    kept = {"id", "kind", "blocked_at", "stopped_at", "next_send_at", "created_at", "seen_at"}
    assert {field.attname for field in TelegramChat._meta.concrete_fields} == set(BLANK) | kept


def test_start_brings_a_stopped_chat_back() -> None:
    chat = room(stopped_at=AT)
    assert "I am back" in message(pressed(chat, "start:again")).text
    assert TelegramChat.objects.get(pk=7).stopped_at is None
    assert "I am back" not in message(answered(chat, "start")).text


def test_a_stopped_chat_goes_once_its_last_answer_is_sent() -> None:
    long_ago = {"stopped_at": AT - timedelta(days=1), "seen_at": AT - timedelta(hours=2)}
    _stopped, asked, person = (room(n, **long_ago) for n in (1, 2, 3))
    linked(person)
    _live, just_now = room(4, seen_at=long_ago["seen_at"]), room(5, stopped_at=AT, seen_at=AT)
    queued(asked, Kind.REPLY)
    assert (chats_prune(at=AT), numbers()) == (1, {2, 3, 4, 5})
    Notification.objects.update(status=Status.SENT)
    assert (chats_prune(at=AT), numbers()) == (1, {3, 4, 5})
    assert chats_prune(at=just_now.seen_at + timedelta(hours=2)) == 1
    assert numbers() == {3, 4}


def test_a_chat_that_blocked_the_bot_goes_after_thirty_days() -> None:
    room(1, blocked_at=AT - timedelta(days=29))
    gone, person = (room(n, blocked_at=AT - timedelta(days=31)) for n in (2, 3))
    linked(person)
    assert (chats_prune(at=AT), numbers()) == (1, {1, 3})
    assert gone.pk not in numbers()
