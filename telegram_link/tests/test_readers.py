"""In which language, zone and place a chat is answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from telegram_link.bot.reader import Spot
from telegram_link.models import TelegramAccount, TelegramChat
from telegram_link.selectors.addressees import chats_with_owners, owner_of
from telegram_link.selectors.readers import reader_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)


def chat(**fields: Any) -> TelegramChat:
    return TelegramChat.objects.create(id=7, **fields)


def linked(room: TelegramChat, **fields: Any) -> User:
    user = User.objects.create_user("ada", password=None, **fields)
    TelegramAccount.objects.create(user=user, chat=room, telegram_user_id=7)
    return user


@pytest.mark.parametrize(
    ("user", "chosen", "code", "language"),
    [
        ("ru", "de", "fr", "ru"),
        ("", "de", "fr", "de"),
        ("", "", "pt_BR", "pt-br"),
        ("", "", "zh-TW", "zh-hans"),
        ("", "", "tlh", "en"),
        ("", "", "", "en"),
    ],
)
def test_the_language(user: str, chosen: str, code: str, language: str) -> None:
    room = chat(language=chosen, language_code=code)
    linked(room, language=user)
    assert reader_of(chat=room, at=AT).language == language


@pytest.mark.parametrize(
    ("user", "chosen", "zone"),
    [
        ("Asia/Tokyo", "Europe/Paris", "Asia/Tokyo"),
        ("", "Europe/Paris", "Europe/Paris"),
        ("", "Nowhere/At-all", "UTC"),
        ("", "", "UTC"),
    ],
)
def test_the_zone(user: str, chosen: str, zone: str) -> None:
    room = chat(timezone=chosen)
    linked(room, timezone=user)
    assert reader_of(chat=room, at=AT).zone == ZoneInfo(zone)


def test_the_place_of_the_account_comes_first() -> None:
    room = chat(latitude_deg=1.0, longitude_deg=2.0)
    user = linked(room)
    assert reader_of(chat=room, at=AT).spot == Spot(1.0, 2.0)
    place = {"latitude_deg": 48.2, "longitude_deg": 0.0, "elevation_m": 170.0}
    User.objects.filter(pk=user.pk).update(**place)
    room.refresh_from_db()
    assert reader_of(chat=room, at=AT).spot == Spot(48.2, 0.0, 170.0)


@pytest.mark.parametrize("is_active", [True, False], ids=["open", "closed"])
@pytest.mark.parametrize("kind", ["private", "supergroup"])
def test_a_row_that_brings_its_owner_along_has_the_same_one(kind: str, is_active: bool) -> None:
    linked(chat(kind=kind), is_active=is_active)
    (brought,) = chats_with_owners(TelegramChat.objects.all())
    with CaptureQueriesContext(connection) as queries:
        owner = owner_of(brought)
    assert len(queries) == 0
    assert owner == owner_of(TelegramChat.objects.get())
    assert (owner is not None) == (kind == "private" and is_active)


def test_nobody_is_linked() -> None:
    reader = reader_of(chat=chat(), at=AT, sender_id=7, sender_name="Ada", sender_username="ada")
    assert (reader.user, reader.spot, reader.at) == (None, None, AT)
    assert (reader.sender_id, reader.sender_name, reader.sender_username) == (7, "Ada", "ada")


def test_a_closed_account_is_nobodys() -> None:
    room = chat(language="de")
    linked(room, language="ru", is_active=False)
    reader = reader_of(chat=room, at=AT)
    assert (reader.user, reader.language) == (None, "de")
