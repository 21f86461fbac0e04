"""`manage.py listen`: a running server in the terminal."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from events.management.commands.listen import (
    NEARBY,
    STACK_NOTE,
    frame_line,
    site_nearby,
)
from events.tests.live_world import Publish
from starscal.devservices.waiting import poll
from starscal.testing.live import LiveProcess, LiveServer

PATIENCE_S = 30


def logged(process: LiveProcess, *texts: str) -> bool:
    """Say whether a process comes to print each of some texts."""
    return poll(
        lambda: all(text in process.log.read_text() for text in texts), timeout_s=PATIENCE_S
    )


@pytest.mark.slow
def test_it_prints_a_line_a_message_and_goes_on_after_a_kill(
    shared_server: LiveServer,
    shared_relay: LiveProcess,
    live_process: Callable[..., LiveProcess],
    publish_many: Publish,
) -> None:
    process = live_process("listen", "--url", shared_server.url, "--lang", "de")
    assert logged(process, f"# Listening to {shared_server.url}, from ")
    publish_many(2)
    assert logged(process, "event.updated     Solstice fire (de) (2026-07-01 ")
    shared_server.kill()
    assert logged(process, "Again in ")
    publish_many(1)
    shared_server.start()
    assert poll(lambda: process.log.read_text().count("event.published") == 2, timeout_s=60)
    assert process.process is not None
    process.process.send_signal(signal.SIGINT)
    assert process.process.wait(PATIENCE_S) == 0
    said = process.log.read_text()
    assert "# Stopped. Go on with --since " in said
    assert ":3.\n" in said
    assert "Traceback" not in said
    assert said.count("event.updated") == 1


@pytest.mark.slow
def test_raw_frames_from_a_place_of_one_kind(
    shared_server: LiveServer,
    shared_relay: LiveProcess,
    live_process: Callable[..., LiveProcess],
    publish_many: Publish,
) -> None:
    publish_many(2)
    first = live_process("listen", "--url", shared_server.url, "--json")
    assert logged(first, "Listening")
    epoch = first.log.read_text().partition(", from ")[2].partition(":")[0]
    options = ("--json", "--kind", "staff_event", "--since", f"{epoch}:1")
    second = live_process("listen", "--url", shared_server.url, *options)
    assert logged(second, '"seq": 2')
    lines = [line for line in second.log.read_text().splitlines() if line.startswith("{")]
    assert json.loads(lines[0])["prev"] == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--url", "ftp://here"], "is no address"),
        (["--since", "41"], "is no place in a stream"),
        (["--kind", "comet"], "invalid choice"),
        (["--token-file", "/nowhere/token"], "holds no token"),
    ],
    ids=["address", "place", "kind", "token"],
)
def test_what_is_wrong_is_said(options: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("listen", *options)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_refusal_ends_it_with_a_word(quiet_server: LiveServer) -> None:
    with pytest.raises(CommandError, match="signed in"):
        call_command("listen", "--url", quiet_server.url, "--stream", "me")


def test_the_server_of_this_checkout_is_found(tmp_path: Path, settings: Any) -> None:
    settings.STATE_DIR = tmp_path
    assert site_nearby() == NEARBY
    urls = ["http://127.0.0.1:8122", "http://127.0.0.1:8123"]
    (tmp_path / STACK_NOTE).write_text(json.dumps({"pid": 1, "urls": urls}))
    assert site_nearby() == urls[-1]
    (tmp_path / STACK_NOTE).write_text("[]")
    assert site_nearby() == NEARBY


def test_a_terminal_is_told_nothing_that_it_would_obey() -> None:
    frame = {
        "op": "event",
        "type": "event.published",
        "at": "2026-07-01T12:00:00.000Z",
        "key": "k",
        "data": {"title": "Fire\x1b[2J\r", "occurs_at": "2026-07-01T12:00:00.000Z"},
    }
    assert "Fire[2J (" in frame_line(frame)
    frame["data"] = {"from": "2026-01-01T00:00:00.000Z", "to": "2027-01-01T00:00:00.000Z"}
    assert frame_line({**frame, "type": "coverage"}).endswith("2026-01-01 to 2027-01-01")
    reset = {"op": "reset", "stream": "events", "snapshot": "/api/v1/events"}
    assert frame_line(reset).endswith("events: load /api/v1/events")
    assert frame_line({"op": "cursor"}) == ""
