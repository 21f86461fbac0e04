"""The double behaves as the Bot API does, and notices what breaks a limit."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from starscal.testing.telegram import TOKEN, Person, TelegramDouble
from starscal.testing.telegram.entities import html_read
from starscal.testing.telegram.limits import Call, violations
from starscal.testing.telegram.refusals import Refusal


class Line:
    """A connection to the double, as any HTTP client has one."""

    def __init__(self, double: TelegramDouble) -> None:
        self.http = httpx.Client(base_url=f"{double.url}/bot{TOKEN}/", timeout=20)

    def ask(self, method: str, **given: Any) -> tuple[int, Any]:
        """Return the status, and the result or what was refused."""
        response = self.http.post(method, json=given)
        answer = response.json()
        assert answer["ok"] == (response.status_code == 200)
        if answer["ok"]:
            return 200, answer["result"]
        assert answer["error_code"] == response.status_code
        return response.status_code, answer["description"]

    def send(self, text: str, **more: Any) -> tuple[int, Any]:
        """Send HTML to Vera."""
        return self.ask("sendMessage", chat_id=7, text=text, parse_mode="HTML", **more)


@pytest.fixture
def vera(telegram_double: TelegramDouble) -> Person:
    return telegram_double.people.add(7)


@pytest.fixture
def line(telegram_double: TelegramDouble, vera: Person) -> Iterator[Line]:
    made = Line(telegram_double)
    yield made
    made.http.close()


def test_a_wrong_token_and_an_unknown_method_are_refused(
    line: Line, telegram_double: TelegramDouble
) -> None:
    wrong = httpx.get(f"{telegram_double.url}/bot1:x/getMe")
    assert wrong.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert line.ask("sendSecrets") == (404, "Not Found: method not found")
    assert line.ask("GETME")[0] == 200


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'expected "</i>", found "</b>"'),
        ("é<p>a</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<br/>", 'Unsupported start tag "br/"'),
        ("<i  =a>b</i>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("é<i a>b</i>", 'Expected equal sign in declaration of an attribute of the tag "i"'),
        ('<a href="b>c</a>', "Unexpected end of name token"),
        ('<a href="b"c">d</a>', "Expected equal sign"),
        ("<i>a</i   ", "Unclosed end tag at byte offset 4"),
        ("<i>a</em   >", 'expected "</i>", found "</em>"'),
        ("<span>a</span>", 'must have class "tg-spoiler"'),
    ],
)
def test_wrong_html_is_refused(line: Line, html: str, told: str) -> None:
    status, description = line.send(html)
    assert status == 400
    assert description.startswith("Bad Request: can't parse entities: ")
    assert told in description


def test_html_becomes_text_and_entities() -> None:
    reading = html_read('🌕 <b>Moon</b> <a href="https://a.example/?b=1&amp;c">&lt;x&gt;</a> a & b')
    assert reading.text == "🌕 Moon <x> a & b"
    assert reading.entities == [
        {"type": "bold", "offset": 3, "length": 4},
        {"type": "text_link", "offset": 8, "length": 3, "url": "https://a.example/?b=1&c"},
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;&gt;&amp;&quot;&laquo;&#12345678;", '<>&"&laquo;&#12345678;'),
        ("a &lt b &#x1F315; &#9790;", "a < b 🌕 ☾"),
        ("<blockquote expandable>a</blockquote>", "a"),
        ('<a href="https://a.example/?q=a>b">c</a>', "c"),
        ("<B>a</>", "a"),
    ],
)
def test_html_that_telegram_takes(html: str, text: str) -> None:
    assert html_read(html).text == text


@pytest.mark.parametrize("name", ["b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler"])
def test_tags_that_are_known(name: str) -> None:
    assert len(html_read(f"<{name}>a</{name}>").entities) == 1


def test_html_without_end_is_refused_whatever_it_is() -> None:
    for broken in ("<", "</", "</>", "<b>a</b", "&#0;<", "<a href='", "&#57311;", "&#xDFDF"):
        with pytest.raises(Refusal):
            html_read(broken)


def test_a_text_has_a_length(line: Line) -> None:
    assert line.send("<b>" + "a" * 4096 + "</b>")[0] == 200
    assert line.send("a" * 4097) == (400, "Bad Request: message is too long")
    assert line.send("🌕" * 2049) == (400, "Bad Request: message is too long")
    assert line.send(" <b> </b> ") == (400, "Bad Request: message text is empty")


BUTTONS: dict[str, tuple[Any, str]] = {
    "data-too-long": ({"text": "a", "callback_data": "ж" * 33}, "BUTTON_DATA_INVALID"),
    "data-empty": ({"text": "a", "callback_data": ""}, "Text buttons are unallowed"),
    "nothing": ({"text": "a"}, "Text buttons are unallowed in the inline keyboard"),
    "both": ({"text": "a", "callback_data": "a", "url": "https://a.example"}, "exactly one action"),
    "no-text": ({"callback_data": "a"}, 'Field "text" must be of type String'),
    "empty": ({"text": " ", "callback_data": "a"}, "must be non-empty"),
    "script": ({"text": "a", "url": "javascript:alert(1)"}, "Unsupported URL protocol"),
    "local": ({"text": "a", "url": "http://localhost/"}, "Wrong HTTP URL"),
}


@pytest.mark.parametrize("case", BUTTONS)
def test_wrong_buttons_are_refused(line: Line, case: str) -> None:
    button, told = BUTTONS[case]
    status, description = line.send("a", reply_markup={"inline_keyboard": [[button]]})
    assert (status, told in description) == (400, True)


def test_where_the_bot_may_write(line: Line, telegram_double: TelegramDouble, vera: Person) -> None:
    people, bot = telegram_double.people, telegram_double.world.bot
    assert line.ask("sendMessage", chat_id=8, text="a") == (400, "Bad Request: chat not found")
    people.add(9, is_open=False)
    people.add(10, is_deactivated=True)
    group = people.chat(-1, "group")
    channel = people.chat(-100_2, "channel", username="Sky_News")
    assert line.ask("sendMessage", chat_id="@sky_news", text="a")[1]["chat"]["id"] == -100_2
    people.blocks(vera)
    people.member_set(group, bot, "kicked", by=vera)
    people.member_set(channel, bot, "member", by=vera)
    told = {number: line.ask("sendMessage", chat_id=number, text="a") for number in (7, 9, 10)}
    assert told == {
        7: (403, "Forbidden: bot was blocked by the user"),
        9: (403, "Forbidden: bot can't initiate conversation with a user"),
        10: (403, "Forbidden: user is deactivated"),
    }
    kicked = (403, "Forbidden: bot was kicked from the group chat")
    assert line.ask("sendMessage", chat_id=-1, text="a") == kicked
    assert line.ask("sendMessage", chat_id=-100_2, text="a")[0] == 400


def test_a_phone_is_asked_where_it_is_in_private_chats_alone(
    line: Line, telegram_double: TelegramDouble
) -> None:
    markup = {"keyboard": [[{"text": "Here", "request_location": True}]]}
    telegram_double.people.chat(-1, "group")
    assert line.send("a", reply_markup=markup)[0] == 200
    assert line.ask("sendMessage", chat_id=-1, text="a", reply_markup=markup)[0] == 400


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"url": "ftp://a.example/"}, "HTTPS URL must be provided"),
        ({"url": "https://a.example/", "secret_token": "a b"}, "unallowed characters"),
        ({"url": "https://a.example/", "secret_token": "a" * 257}, "too long"),
    ],
)
def test_a_wrong_webhook_is_refused(line: Line, given: dict[str, str], told: str) -> None:
    status, description = line.ask("setWebhook", **given)
    assert (status, told in description) == (400, True)


def test_a_menu_is_checked(line: Line) -> None:
    def menu(name: str, told: str, **more: str) -> Any:
        return line.ask("setMyCommands", commands=[{"command": name, "description": told}], **more)

    assert menu("today", "The sky of today")[0] == 200
    assert menu("Today", "a") == (400, "Bad Request: BOT_COMMAND_INVALID")
    assert menu("today", " ") == (400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    assert menu("today", "a", language_code="zh-hans")[0] == 400
    assert line.ask("getMyCommands")[1] == [{"command": "today", "description": "The sky of today"}]


def test_members_are_told_only_to_who_asks(
    line: Line, telegram_double: TelegramDouble, vera: Person
) -> None:
    channel = telegram_double.people.chat(-100_2, "channel")
    telegram_double.people.member_set(channel, vera, "member")
    assert line.ask("getUpdates")[1] == []
    line.ask("getUpdates", allowed_updates=["message", "chat_member"])
    telegram_double.people.member_set(channel, vera, "left")
    (update,) = line.ask("getUpdates")[1]
    change = update["chat_member"]
    assert change["old_chat_member"]["status"] == "member"
    assert change["new_chat_member"]["status"] == "left"


def test_a_second_reader_ends_the_first(line: Line, telegram_double: TelegramDouble) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(line.ask, "getUpdates", timeout=30)
        telegram_double.wait_for(lambda: telegram_double.inbox.reader == 1)
        assert line.ask("getUpdates")[0] == 200
        assert first.result()[0] == 409


class Hook(BaseHTTPRequestHandler):
    """A webhook that refuses the first update it is given."""

    seen: list[tuple[int, str | None]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((body["update_id"], self.headers["X-Telegram-Bot-Api-Secret-Token"]))
        self.send_response(500 if len(self.seen) == 1 else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


def test_a_webhook_gets_updates_until_it_takes_them(
    line: Line, telegram_double: TelegramDouble, vera: Person
) -> None:
    Hook.seen = []
    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/hook"
        line.ask("setWebhook", url=url, secret_token="s-1", max_connections=1)
        number = telegram_double.people.says(vera, "/start")
        telegram_double.wait_for(lambda: not telegram_double.inbox.waiting)
        server.shutdown()
        thread.join()
    assert Hook.seen == [(number, "s-1")] * 2
    assert [each.status for each in telegram_double.inbox.deliveries] == [500, 200]
    assert line.ask("getUpdates")[0] == 409


def sends(*times: float, chat_id: int = 1, is_group: bool = False) -> list[Call]:
    return [
        Call(number, at, "sendMessage", {}, chat_id=chat_id, is_group=is_group)
        for number, at in enumerate(times)
    ]


def spread(count: int, gap: float) -> list[Call]:
    return [sends(gap * number, chat_id=number)[0] for number in range(count)]


@pytest.mark.parametrize(
    ("calls", "kinds"),
    [
        (sends(0.0, 1.0, 2.0), set()),
        (sends(0.0, 0.99), {"chat"}),
        (spread(60, 0.0401), set()),
        (spread(60, 0.038), {"rate"}),
        (sends(*[3.0 * n for n in range(40)], is_group=True), set()),
        (sends(*[2.9 * n for n in range(40)], is_group=True), {"group"}),
        (sends(*[2.9 * n for n in range(40)]), set()),
        ([Call(1, 0.0, "sendMessage", {}, is_silenced=True)], {"silence"}),
        ([Call(n, 0.0, "answerCallbackQuery", {}) for n in range(60)], set()),
    ],
)
def test_broken_limits_are_noticed(calls: list[Call], kinds: set[str]) -> None:
    assert {violation.kind for violation in violations(calls)} == kinds


def test_a_silence_that_is_not_kept_is_noticed(line: Line, telegram_double: TelegramDouble) -> None:
    telegram_double.fail("too_many", seconds=60)
    assert line.send("a") == (429, "Too Many Requests: retry after 60")
    assert telegram_double.violations() == []
    assert line.send("b")[0] == 429
    assert {each.kind for each in telegram_double.violations()} == {"silence", "chat"}
    assert telegram_double.accepted() == []


def test_limits_are_enforced_where_that_is_asked_for(
    line: Line, telegram_double: TelegramDouble
) -> None:
    telegram_double.enforcer.is_on = True
    assert line.send("a")[0] == 200
    assert line.send("b") == (429, "Too Many Requests: retry after 1")


@pytest.mark.parametrize(
    ("kind", "is_done"),
    [
        *[("slow", True), ("huge", True), ("shape", True), ("lost", True)],
        *[("closed", False), ("hang", False), ("garbage", False), ("unavailable", False)],
    ],
)
def test_a_fault_hits_once_and_does_or_does_not_take_effect(
    line: Line, telegram_double: TelegramDouble, kind: str, is_done: bool
) -> None:
    telegram_double.fail(kind, method="sendMessage", chat_id=7, seconds=0.1)
    try:
        line.http.post("sendMessage", json={"chat_id": 7, "text": "a"})
    except httpx.RemoteProtocolError:
        assert kind in ("closed", "hang", "lost")
    assert bool(telegram_double.accepted()) == is_done
    assert line.send("b")[0] == 200


def test_it_runs_as_a_process_of_its_own(free_port: int) -> None:
    command = [sys.executable, "-m", "starscal.testing.telegram", "--port", str(free_port)]
    base = f"http://127.0.0.1:{free_port}"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"TELEGRAM_API_BASE={base} ")
        assert httpx.post(f"{base}/control/people", json={"id": 7}).json()["answer"]["id"] == 7
        httpx.post(f"{base}/bot{TOKEN}/sendMessage", json={"chat_id": 7, "text": "満月"})
        assert json.loads(process.stdout.readline())["text"] == "満月"
        state = httpx.get(f"{base}/control/state").json()["answer"]
        assert (state["calls"], state["accepted"], state["violations"]) == (1, 1, 0)
        said = httpx.post(f"{base}/control/say", json={"person": 7, "text": "/moon"}).json()
        assert said["answer"]["update_id"] > 0
        assert httpx.post(f"{base}/control/faults", json={"kind": "rain"}).status_code == 400
        assert httpx.get(f"{base}/control/nothing").status_code == 404
        process.terminate()
        assert process.wait(10) == 0
