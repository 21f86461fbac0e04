"""The command line of the astronomy core: ``python -m astronomy find`` and ``sky``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final, NoReturn, TypeAlias

from astronomy.bodies import BODIES
from astronomy.constants import SPAN_END, SPAN_START
from astronomy.ephemeris import open_ephemeris
from astronomy.finders import FAMILIES, iterate_occurrences
from astronomy.observer.events import SkyEvent, find_sky_events
from astronomy.observer.place import LIMITS, Place
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

BAD_INPUT: Final = 2
# What a shell reports for a program that was stopped by a closed pipe.
CLOSED_PIPE: Final = 141
MOST_DAYS: Final = 3660
_ALL: Final = "all"
_PLACE: Final = (
    ("--lat", "lat_deg", "degrees north"),
    ("--lon", "lon_deg", "degrees east"),
    ("--elevation", "elevation_m", "metres above WGS 84"),
    ("--horizon", "horizon_deg", "altitude of the visible horizon in degrees"),
)
_Run: TypeAlias = Callable[[Sky, argparse.Namespace], Iterable["Occurrence | SkyEvent"]]


class _OneLineParser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 for bad input."""
    options = _parser().parse_args(arguments)
    try:
        with open_ephemeris(options.kernel) as ephemeris:
            return _print_lines(options.run(Sky(ephemeris), options))
    except (ValueError, OSError) as error:
        sys.stderr.write(f"python -m astronomy {options.command}: {error}\n")
        return BAD_INPUT


def _find(sky: Sky, options: argparse.Namespace) -> Iterable[Occurrence]:
    families = _chosen(options.family, FAMILIES)
    return chain.from_iterable(iterate_occurrences(sky, options.start, options.end, families))


def _sky(sky: Sky, options: argparse.Namespace) -> Iterable[SkyEvent]:
    place = Place(options.lat, options.lon, options.elevation, options.horizon)
    if not 1 <= options.days <= MOST_DAYS:
        raise ValueError(f"--days is {options.days}; it must be from 1 to {MOST_DAYS}.")
    try:
        end = options.start + timedelta(days=options.days)
    except OverflowError:
        raise ValueError(f"The days reach past {SPAN_END}.") from None
    return find_sky_events(sky, place, options.start, end, _chosen(options.body, BODIES))


def _print_lines(found: Iterable[Occurrence | SkyEvent]) -> int:
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
    commands = parser.add_subparsers(required=True, metavar="find|sky", dest="command")
    _describe_find(
        commands.add_parser(
            "find", help="print the events of a window as JSON lines", description="Find events."
        )
    )
    _describe_sky(
        commands.add_parser(
            "sky",
            help="print what rises, sets and transits at a place as JSON lines",
            description="Find rise, set, transit, twilights and golden hour at a place.",
        )
    )
    return parser


def _describe_find(find: argparse.ArgumentParser) -> None:
    window = f"a date or an ISO 8601 instant, UTC unless it says otherwise, {SPAN_START} on"
    find.add_argument("--start", required=True, type=_moment, help=f"inclusive: {window}")
    find.add_argument(
        "--end", required=True, type=_moment, help=f"exclusive: likewise, {SPAN_END} at most"
    )
    _add_choices(find, "--family", FAMILIES)
    _add_kernel(find, _find)


def _describe_sky(sky: argparse.ArgumentParser) -> None:
    for name, limit, unit in _PLACE:
        least, most = LIMITS[limit]
        text = f"{unit}, {least:g} to {most:g}"
        optional = name in {"--elevation", "--horizon"}
        sky.add_argument(
            name, required=not optional, default=0.0 if optional else None, type=float, help=text
        )
    sky.add_argument("--start", required=True, type=_moment, help="a date or an ISO 8601 instant")
    sky.add_argument("--days", required=True, type=int, help=f"1 to {MOST_DAYS}")
    _add_choices(sky, "--body", BODIES)
    _add_kernel(sky, _sky)


def _add_choices(parser: argparse.ArgumentParser, name: str, choices: Iterable[str]) -> None:
    parser.add_argument(
        name,
        action="append",
        choices=[*choices, _ALL],
        help="may be given several times; all if it is left out",
    )


def _add_kernel(parser: argparse.ArgumentParser, run: _Run) -> None:
    parser.add_argument("--kernel", help="another JPL kernel instead of the complete DE440")
    parser.set_defaults(run=run)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is neither a date (YYYY-MM-DD) nor an ISO 8601 instant"
        raise argparse.ArgumentTypeError(message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _chosen(chosen: Sequence[str] | None, every: Iterable[str]) -> list[str]:
    return list(every) if not chosen or _ALL in chosen else list(chosen)


if __name__ == "__main__":
    sys.exit(main())
