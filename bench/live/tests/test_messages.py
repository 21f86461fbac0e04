from typing import Any

import orjson
import pytest

from bench.live.messages import KIND, body_of, frame, key_of
from events.live.log import Message
from events.live.rows import Row, Voice

SENT_US = 1_795_376_250_155_898


@pytest.fixture
def message() -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(frame(18, SENT_US))
    return read


def test_what_peers_send_is_what_our_server_sends(message: dict[str, Any]) -> None:
    body = orjson.dumps(body_of(message))
    row = Row("events", Message(18, key_of(18), KIND, message["at"], body))

    ours = orjson.loads(row.frame(Voice("en"), 17))

    assert ours == message


def test_a_message_weighs_about_450_bytes() -> None:
    assert 430 <= len(frame(123_456, SENT_US)) <= 470


def test_a_message_names_the_one_before_it_first() -> None:
    text = frame(18, SENT_US)

    assert b'"prev":17,"seq":18,' in text
    assert text.index(b'"seq":') < text.index(b'"sent_us":1795376250155898')
