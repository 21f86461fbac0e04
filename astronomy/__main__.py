"""The command line of the astronomy core: ``python -m astronomy find``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, NoReturn

from astronomy.constants import SPAN_END, SPAN_START
from astronomy.ephemeris import open_ephemeris
from astronomy.finders import FAMILIES, find_occurrences
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

BAD_INPUT: Final = 2
# What a shell reports for a program that was stopped by a closed pipe.
CLOSED_PIPE: Final = 141
_ALL: Final = "all"


class _OneLineParser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 for bad input."""
    options = _parser().parse_args(arguments)
    try:
        with open_ephemeris(options.kernel) as ephemeris:
            found = find_occurrences(
                Sky(ephemeris), options.start, options.end, _families(options.family)
            )
    except (ValueError, OSError) as error:
        sys.stderr.write(f"python -m astronomy find: {error}\n")
        return BAD_INPUT
    return _print_lines(found)


def _print_lines(found: Iterable[Occurrence]) -> int:
    try:
        for occurrence in found:
            print(json.dumps(occurrence.to_json(), ensure_ascii=False, allow_nan=False))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone; give the interpreter somewhere to flush to on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(
        prog="python -m astronomy", description="Find astronomical events, from JPL DE440."
    )
    commands = parser.add_subparsers(required=True, metavar="find")
    find = commands.add_parser(
        "find", help="print the events of a window as JSON lines", description="Find events."
    )
    window = f"a date or an ISO 8601 instant, UTC unless it says otherwise, {SPAN_START} on"
    find.add_argument("--start", required=True, type=_moment, help=f"inclusive: {window}")
    find.add_argument(
        "--end", required=True, type=_moment, help=f"exclusive: likewise, {SPAN_END} at most"
    )
    find.add_argument(
        "--family",
        action="append",
        choices=[*FAMILIES, _ALL],
        help="may be given several times; all families if it is left out",
    )
    find.add_argument("--kernel", help="another JPL kernel instead of the complete DE440")
    return parser


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is neither a date (YYYY-MM-DD) nor an ISO 8601 instant"
        raise argparse.ArgumentTypeError(message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _families(chosen: Sequence[str] | None) -> list[str]:
    return list(FAMILIES) if not chosen or _ALL in chosen else list(chosen)


if __name__ == "__main__":
    sys.exit(main())
