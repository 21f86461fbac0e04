"""The client against the double: every method, and every way in which a call can fail."""

from __future__ import annotations

import logging
import socket
import ssl
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from PIL import Image

from starscal.testing.telegram import TOKEN, TelegramDouble
from telegram_link.client import (
    BadRequest,
    BotApi,
    BotApiError,
    Conflict,
    Forbidden,
    RetryAfter,
    Sent,
    Trouble,
    Unauthorized,
    client_from_settings,
)
from telegram_link.client.wire import CONNECT_S, TIMEOUT_S, WRITE_S
from telegram_link.tests.member_statuses import every_status

VERA = 7001


def png(width: int = 4, height: int = 3) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


def say(api: BotApi, text: str, **more: Any) -> Sent:
    sent = api.send("sendMessage", {"chat_id": VERA, "text": text, **more})
    assert sent is not None
    return sent


@pytest.fixture
def api(telegram: TelegramDouble) -> Iterator[BotApi]:
    telegram.people.add(VERA, first_name="Vera")
    with client_from_settings() as client:
        yield client


def test_it_knows_who_it_is(api: BotApi) -> None:
    me = api.get_me()
    assert (me.id, me.username, me.name) == (5_550_001_111, "stars_test_bot", "Stars")


def test_a_connection_is_kept_for_the_next_call(
    api: BotApi, telegram: TelegramDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.get_me()
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + 30)
    api.get_me()
    assert telegram.connections == 1


def test_a_message_arrives_as_it_was_meant(api: BotApi, telegram: TelegramDouble) -> None:
    keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "next:2"}]]}
    text = "<b>Full Moon</b> &amp; 満月"
    sent = say(api, text, parse_mode="HTML", reply_markup=keyboard)
    message = telegram.world.chats[VERA].messages[sent.message_id]
    assert message["text"] == "Full Moon & 満月"
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 9}]
    assert message["reply_markup"] == keyboard
    assert sent.chat_id == VERA


def test_a_message_is_edited_once(api: BotApi, telegram: TelegramDouble) -> None:
    sent = say(api, "one")
    edit = {"chat_id": VERA, "message_id": sent.message_id, "text": "two"}
    assert api.send("editMessageText", edit) == sent
    with pytest.raises(BadRequest, match="message is not modified"):
        api.send("editMessageText", edit)


def test_a_photo_arrives_whole(api: BotApi, telegram: TelegramDouble) -> None:
    keyboard = {"inline_keyboard": [[{"text": "More", "url": "https://stars.example/"}]]}
    photo = png(300, 200)
    words = {"caption": "<i>Moon</i>", "parse_mode": "HTML", "reply_markup": keyboard}
    sent = api.send("sendPhoto", {"chat_id": VERA, **words}, photo)
    assert sent is not None
    message = telegram.world.chats[VERA].messages[sent.message_id]
    assert message["caption"] == "Moon"
    assert message["reply_markup"] == keyboard
    assert (message["photo"][0]["width"], message["photo"][0]["height"]) == (300, 200)
    assert telegram.calls("sendPhoto")[0].photo == photo


def test_a_pressed_button_is_answered_once(api: BotApi, telegram: TelegramDouble) -> None:
    vera = telegram.world.people[VERA]
    sent = say(api, "one")
    telegram.people.presses(vera, telegram.world.chats[VERA].messages[sent.message_id], "next:2")
    query = api.get_updates(offset=0, timeout_s=0)[0]["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("next:2", VERA)
    press = {"callback_query_id": query["id"], "text": "Done"}
    assert api.send("answerCallbackQuery", press) is None
    with pytest.raises(BadRequest, match="query is too old"):
        api.send("answerCallbackQuery", press)


@every_status
def test_who_counts_as_a_member(
    api: BotApi, telegram: TelegramDouble, status: str, is_member: bool, counts: bool
) -> None:
    channel = telegram.people.chat(-100_500, "channel", username="sky_news")
    telegram.people.member_set(channel, telegram.world.people[VERA], status, is_member=is_member)
    member = api.get_chat_member(chat_id="@sky_news", user_id=VERA)
    assert (member.status, member.counts) == (status, counts)
    assert member.is_administrator == (status in ("creator", "administrator"))


def test_the_menu_is_set_for_each_language(api: BotApi, telegram: TelegramDouble) -> None:
    commands = [{"command": "today", "description": "今日の空"}]
    api.set_my_commands(commands=commands, language_code="ja")
    api.set_my_commands(commands=commands, scope={"type": "all_private_chats"})
    assert set(telegram.commands) == {("default", "ja"), ("all_private_chats", "")}
    with pytest.raises(BadRequest, match="language code"):
        api.set_my_commands(commands=commands, language_code="pt-br")


def test_a_webhook_and_polling_exclude_each_other(api: BotApi, telegram: TelegramDouble) -> None:
    api.set_webhook(
        url="https://stars.invalid/telegram/webhook",
        secret_token="s" * 256,
        allowed_updates=["message"],
    )
    assert api.get_webhook_info().url == "https://stars.invalid/telegram/webhook"
    with pytest.raises(Conflict):
        api.get_updates(offset=0, timeout_s=0)
    api.delete_webhook()
    assert api.get_webhook_info().url == ""
    assert api.get_updates(offset=0, timeout_s=0) == []


def test_polling_waits_and_forgets_what_was_confirmed(
    api: BotApi, telegram: TelegramDouble
) -> None:
    vera = telegram.world.people[VERA]
    first = telegram.people.says(vera, "/today")
    telegram.people.says(vera, "/moon")
    one, two = api.get_updates(offset=0, timeout_s=30)
    assert (one["update_id"], one["message"]["text"]) == (first, "/today")
    assert one["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert api.get_updates(offset=two["update_id"], timeout_s=0) == [two]
    assert api.get_updates(offset=two["update_id"] + 1, timeout_s=0) == []


Prepare = Callable[[TelegramDouble], object]


def blocked(double: TelegramDouble) -> None:
    double.people.blocks(double.world.people[VERA])


FAILURES: dict[str, tuple[Prepare, type[BotApiError], str]] = {
    "too-many": (lambda d: d.fail("too_many", seconds=7), RetryAfter, "retry after 7"),
    "blocked": (blocked, Forbidden, "blocked by the user"),
    "no-chat": (lambda d: d.world.chats.clear(), BadRequest, "chat not found"),
    "token": (lambda d: setattr(d, "token", "other"), Unauthorized, "Unauthorized"),
    "no-method": (lambda d: d.fail("refused", code=404), Unauthorized, "Not Found"),
    "too-large": (lambda d: d.fail("refused", code=413), BadRequest, "Entity Too Large"),
    "conflict": (lambda d: d.fail("refused", code=409), Conflict, "Conflict"),
    "broken-gateway": (lambda d: d.fail("unavailable"), Trouble, "502"),
    "refusing-gateway": (lambda d: d.fail("refused", code=502), Trouble, "Bad Gateway"),
    "garbage": (lambda d: d.fail("garbage"), Trouble, "no JSON"),
    "shape": (lambda d: d.fail("shape"), Trouble, "another shape"),
    "huge": (lambda d: d.fail("huge", seconds=5), Trouble, "too large"),
    "closed": (lambda d: d.fail("closed"), Trouble, "RemoteProtocolError in sendMessage"),
    "lost": (lambda d: d.fail("lost"), Trouble, "RemoteProtocolError in sendMessage"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_each_failure_has_its_error_and_none_tells_the_token(
    api: BotApi, telegram: TelegramDouble, caplog: pytest.LogCaptureFixture, case: str
) -> None:
    prepare, kind, told = FAILURES[case]
    prepare(telegram)
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(logging.DEBUG, name)
    with pytest.raises(BotApiError) as failed:
        say(api, "one")
    error = failed.value
    assert type(error) is kind
    assert told in error.description
    told_all = (
        "".join(traceback.format_exception(error)),
        repr(error.__context__),
        caplog.text,
        repr(api) + repr(api.__dict__),
    )
    assert [text for text in told_all if TOKEN in text or TOKEN.split(":")[1] in text] == []
    assert "httpx" in caplog.text or kind is Trouble  # it did log


def test_a_silence_is_told_in_seconds(api: BotApi, telegram: TelegramDouble) -> None:
    telegram.fail("too_many", seconds=7)
    with pytest.raises(RetryAfter) as refused:
        say(api, "one")
    assert refused.value.seconds == 7


def test_a_group_that_moved_says_where(api: BotApi, telegram: TelegramDouble) -> None:
    telegram.people.chat(-5, "group").moved_to = -100_5
    with pytest.raises(BadRequest) as refused:
        say(api, "one", chat_id=-5)
    assert refused.value.migrated_to == -100_5


def test_what_takes_too_long_is_given_up(api: BotApi, telegram: TelegramDouble) -> None:
    telegram.fail("slow", seconds=30)
    with pytest.raises(Trouble, match="ReadTimeout"):
        api.call("getMe", patience_s=0.2)


def test_no_call_outlasts_the_lease_of_its_message(settings: Any) -> None:
    assert 3 * CONNECT_S + WRITE_S + TIMEOUT_S < settings.TELEGRAM_LEASE_S


def test_it_follows_nobody_and_tells_no_proxy(api: BotApi) -> None:
    assert api._wire._http.follow_redirects is False
    assert api._wire._http.trust_env is False


def test_nobody_listens(free_port: int) -> None:
    with (
        BotApi(token=TOKEN, base=f"http://127.0.0.1:{free_port}") as client,
        pytest.raises(Trouble, match="ConnectError in getMe") as failed,
    ):
        client.get_me()
    assert failed.value.__context__ is None


def test_who_cannot_prove_to_be_telegram_is_told_nothing(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_of_nobody(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen: list[bytes] = []

        def serve() -> None:
            line = listener.accept()[0]
            with line, suppress(OSError), context.wrap_socket(line, server_side=True) as secured:
                seen.append(secured.recv(100))

        thread = Thread(target=serve)
        thread.start()
        base = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with (
            BotApi(token=TOKEN, base=base) as client,
            pytest.raises(Trouble, match="ConnectError"),
        ):
            client.get_me()
        thread.join(10)
    assert seen in ([], [b""])


def certificate_of_nobody(folder: Path) -> Path:
    """Write a certificate that signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "nobody.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


def test_a_description_that_repeats_the_token_is_scrubbed(
    api: BotApi, telegram: TelegramDouble
) -> None:
    telegram.fail("refused", told=f"no {TOKEN} for vera@example.org\n\x00here", code=400)
    with pytest.raises(BadRequest) as refused:
        api.get_me()
    assert TOKEN not in str(refused.value)
    assert "example.org" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_any_text_can_be_sent(api: BotApi) -> None:
    with pytest.raises(BadRequest, match="UTF-8"):
        say(api, "half a pair: \ud83c")


def test_without_a_token_there_is_no_client(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = ""
    with pytest.raises(ImproperlyConfigured, match="TELEGRAM_BOT_TOKEN"):
        client_from_settings()


def test_threads_share_a_client(api: BotApi, telegram: TelegramDouble) -> None:
    def send(number: int) -> Any:
        return say(api, str(number))

    with ThreadPoolExecutor(16) as pool:
        sent = list(pool.map(send, range(64)))
    assert len({each.message_id for each in sent}) == 64
    texts = {call.text for call in telegram.accepted()}
    assert texts == {str(number) for number in range(64)}
