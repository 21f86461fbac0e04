"""Whatever an update looks like, it is refused, ignored or answered; nothing breaks."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

import orjson
import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telegram_link.bot.registry import commands
from telegram_link.models import Notification, TelegramUpdate
from telegram_link.services.updates import updates_store
from telegram_link.tests.update_shapes import CLUB, message, moved, press, private, update
from telegram_link.tests.update_support import updates_work

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

SECRET: Final = "only-for-tests"
AT: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
EXAMPLES: Final = settings(
    max_examples=80,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SCRIPTS: Final = "\0\x1b\u202e\u2066\ufeff<b>&;'\"\\/@ 0-9:é漢Ա\U0001f319\n\t" + chr(0xD800)
NUMBERS: Final = (0, -1, 7, 2**31, 2**63 - 1, 2**63, -(2**63), 2**64, 10**40, 1e308, 0.5)
JUNK: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(NUMBERS),
    st.text(alphabet=SCRIPTS, max_size=80),
    st.just("x" * 5000),
    st.recursive(
        st.integers() | st.text(max_size=5),
        lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part),
        max_leaves=8,
    ),
)
MEMBER: Final = {"user": {"id": 7, "first_name": "Ada"}, "status": "restricted", "is_member": True}
SHAPES: Final = (
    message("/quiet 22-7"),
    message("/place@stars_bot 48.2 16.4", chat=CLUB),
    message("hello"),
    message(location={"latitude": 48.2, "longitude": 16.4, "horizontal_accuracy": 5}),
    message(chat=CLUB, migrate_to_chat_id=-9, sender_chat=CLUB),
    private(9, "/start token", last_name="L.", username="ada", language_code="pt-br"),
    press("quiet:off"),
    press("quiet:22:00-07:00", chat=CLUB),
    moved("kicked"),
    moved("member", chat=CLUB),
    update(chat_member={"chat": CLUB, "from": {"id": 7}, "date": 99, "new_chat_member": MEMBER}),
)
TEXTS: Final = st.one_of(
    st.text(alphabet=SCRIPTS, max_size=200),
    st.builds("/{} {}".format, st.sampled_from(sorted(commands())), st.text(SCRIPTS, max_size=100)),
    st.builds("/{} {}".format, st.sampled_from(sorted(commands())), st.text(max_size=40)),
)
FRESH: Final = count(10**6)


@pytest.fixture(autouse=True)
def bot(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = "123:abc"
    settings.TELEGRAM_WEBHOOK_SECRET = SECRET
    settings.SITE_URL = "https://stars.example"


def places(whole: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the ways to all parts of an update."""
    parts = whole.items() if isinstance(whole, dict) else enumerate(whole)
    found = []
    for name, part in parts:
        found.append((*way, name))
        if isinstance(part, dict | list):
            found += places(part, (*way, name))
    return found


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """Return an update with other things than there should be in some of its places."""
    whole = copy.deepcopy(draw(st.sampled_from(SHAPES)))
    whole["update_id"] = next(FRESH)
    for way in draw(st.lists(st.sampled_from(places(whole)), min_size=1, max_size=3, unique=True)):
        part: Any = whole
        for name in way[:-1]:
            part = part.get(name) if isinstance(part, dict) else None
        if isinstance(part, dict):
            part[way[-1]] = draw(JUNK)
    return whole


def survives(body: bytes) -> None:
    """Deliver a body, work on what came of it, and see that nothing failed."""
    with transaction.atomic():
        client = Client(raise_request_exception=True)
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        answer = client.post(
            "/telegram/webhook", body, content_type="application/json", headers=headers
        )
        assert answer.status_code in {200, 400, 413}
        while updates_work(limit=10, at=AT):
            pass
        for row in TelegramUpdate.objects.all():
            assert (row.outcome in {"answered", "done", "ignored"}, row.body) == (True, {})
        for text in Notification.objects.values_list("body__text", flat=True):
            assert text is None or "\0" not in text
        transaction.set_rollback(True)


def test_every_part_may_be_anything() -> None:
    """Put each of some values into each place of each update, one fault at a time."""
    values: tuple[Any, ...] = (
        *NUMBERS,
        None,
        True,
        "",
        "x" * 300,
        "\0\u202e",
        [],
        {},
        [{}],
        {"id": 7},
    )
    whole = [copy.deepcopy(shape) for shape in SHAPES]
    bad = [spoil(each, way, value) for each in whole for way in places(each) for value in values]
    numbered = [{**each, "update_id": next(FRESH)} for each in bad]
    updates_store(updates=[orjson.loads(json.dumps(each)) for each in numbered])
    while updates_work(limit=1000, at=AT):
        pass
    outcomes = set(TelegramUpdate.objects.values_list("outcome", flat=True))
    assert outcomes == {"answered", "done", "ignored"}
    assert TelegramUpdate.objects.count() == len(bad) > 1000


def spoil(whole: dict[str, Any], way: tuple[Any, ...], value: object) -> dict[str, Any]:
    """Return an update with another value in one of its places."""
    spoiled_one = copy.deepcopy(whole)
    part: Any = spoiled_one
    for name in way[:-1]:
        part = part[name]
    part[way[-1]] = value
    return spoiled_one


@EXAMPLES
@given(spoiled())
def test_spoiled_updates(whole: Any) -> None:
    survives(json.dumps(whole).encode())


@EXAMPLES
@given(TEXTS, st.booleans())
def test_whatever_people_write(text: str, in_group: bool) -> None:
    said = message(text, chat=CLUB) if in_group else message(text)
    survives(json.dumps({**said, "update_id": next(FRESH)}).encode())


@EXAMPLES
@given(st.sampled_from(sorted(commands())), st.text(alphabet=SCRIPTS, max_size=70))
def test_whatever_buttons_send(name: str, data: str) -> None:
    said = press(f"{name}:{data}")
    survives(json.dumps({**said, "update_id": next(FRESH)}).encode())


@EXAMPLES
@given(st.binary(max_size=300) | JUNK.map(lambda junk: json.dumps(junk).encode()))
def test_whatever_is_no_update(body: bytes) -> None:
    survives(body)
