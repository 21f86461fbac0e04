"""Follow a running server from the terminal."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.kinds import EVENT_TYPES
from events.listening import Follower, RefusedError
from events.live.sse import cursor_parse

NEARBY = "http://127.0.0.1:8000"
STACK_NOTE = "stack.json"  # where `manage.py up` notes its web servers, that of the sockets last


class Command(BaseCommand):
    help = "Print what a running server says in its live feed, a line each, until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url", type=_url, help="where the server is; by default the one of `manage.py up`"
        )
        parser.add_argument(
            "--stream", default="events", choices=["events", "me"], help="which stream to follow"
        )
        parser.add_argument("--lang", default="", help="language of the titles, such as de")
        parser.add_argument(
            "--kind",
            action="append",
            default=[],
            choices=EVENT_TYPES,
            metavar="KIND",
            help="only events of this kind, such as full_moon; may be given again",
        )
        parser.add_argument(
            "--since", default="", type=_cursor, help="begin after this place, as epoch:seq"
        )
        parser.add_argument(
            "--token-file", type=Path, help="a file with an access token, for the stream me"
        )
        parser.add_argument("--json", action="store_true", help="print the frames as they come")

    def handle(self, *_args: Any, **options: Any) -> None:
        follower = Follower(
            options["url"] or site_nearby(),
            _query(options),
            last_id=options["since"],
            token=_token(options["token_file"]),
        )
        try:
            for line in self._lines(follower, as_json=options["json"]):
                self.stdout.write(line)
                self.stdout.flush()
        except RefusedError as refused:
            raise CommandError(str(refused)) from None
        except KeyboardInterrupt:
            self._note(f"Stopped. Go on with --since {follower.last_id or 'nothing heard yet'}.")
        except BrokenPipeError:
            sys.stderr.close()  # whoever read us has gone, as with `| head`

    def _lines(self, follower: Follower, *, as_json: bool) -> Iterator[str]:
        for frame in follower.frames(self._note):
            if as_json:
                yield json.dumps(frame, ensure_ascii=False)
            elif text := frame_line(frame):
                yield text

    def _note(self, text: str) -> None:
        self.stderr.write(f"# {text}")
        self.stderr.flush()


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ArgumentTypeError(f"{text!r} is no address; give one such as {NEARBY}.")
    return text.rstrip("/")


def _cursor(text: str) -> str:
    if text and cursor_parse(text) is None:
        raise ArgumentTypeError(f"{text!r} is no place in a stream; give one as epoch:seq.")
    return text


def _token(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} holds no token: {error}") from None


def _query(options: dict[str, Any]) -> dict[str, str | list[str]]:
    asked = {"stream": options["stream"], "lang": options["lang"], "event_type": options["kind"]}
    return {name: value for name, value in asked.items() if value}


def site_nearby() -> str:
    """Return the address that a running `manage.py up` has noted, or the usual one."""
    try:
        noted = json.loads((settings.STATE_DIR / STACK_NOTE).read_text(encoding="utf-8"))
        return str(noted["urls"][-1])
    except (OSError, ValueError, LookupError, TypeError):
        return NEARBY


def frame_line(frame: dict[str, Any]) -> str:
    """Return a frame in a line: local time, type, and what it is about."""
    if frame["op"] == "event":
        return f"{local(frame['at'])}  {frame['type']:<16}  {_about(frame)}"
    if frame["op"] == "reset":
        return f"{local()}  {'reset':<16}  {frame['stream']}: load {frame['snapshot']}"
    if frame["op"] == "error":
        return f"{local()}  {'refusal':<16}  {visible(frame['detail'])}"
    return ""


def _about(frame: dict[str, Any]) -> str:
    data = frame["data"]
    if data.get("title"):
        return f"{visible(data['title'])} ({local(data['occurs_at'])})"
    if frame["type"] == "coverage":
        return f"{data['from'][:10]} to {data['to'][:10]}"
    return visible(str(data.get("slug") or data.get("text") or frame["key"]))


def local(moment: str = "") -> str:
    """Write an instant as the clock of this machine has it; without one, now."""
    at = datetime.fromisoformat(moment) if moment else datetime.now().astimezone()
    return at.astimezone().replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def visible(text: str) -> str:
    """Leave out what a terminal would obey."""
    return "".join(letter for letter in text if letter.isprintable())
