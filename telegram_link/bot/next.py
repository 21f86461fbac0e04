"""/next: what comes next of what is seen without looking for it, or of what was named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.filters import EventFilter, most_significance
from events.kinds import COMPUTED, COMPUTED_KINDS, EVENT_FAMILIES, FAMILIES, KINDS
from events.models import NOTABLE
from events.texts.bodies import SUBJECT
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import (
    bold,
    day_blocks,
    fitted,
    in_language,
    listed,
    literal,
    zone_line,
)
from telegram_link.bot.phrases import cited
from telegram_link.bot.reader import Reader
from telegram_link.messages import LONGEST_DATA, LONGEST_TEXT, Button, Keyboard, Message, escaped
from telegram_link.selectors.day_events import Ahead, day_event, events_ahead

SHOWN: Final = 8
SHORTEST: Final = 3  # letters of a part of a name; signs of Chinese and Japanese say more each
ASCII_MOST: Final = 127
MICROSECONDS: Final = 1_000_000


@in_language
def next_answer(reader: Reader, words: str) -> Answer:
    """Answer with what comes next, narrowed to a body, a family or a kind that was named."""
    wanted = wanted_of(words)
    if wanted is None:
        return said(_unknown(words))
    return Answer(messages=(next_message(reader, reader.at, wanted, words),))


@in_language
def next_pressed(reader: Reader, words: str) -> Answer:
    """Show the events from the instant on that a button names, and of what it names.

    A name that means nothing any more, as after a change of language, is left out.
    """
    since, _colon, name = words.partition(":")
    wanted = wanted_of(name)
    if wanted is None:
        wanted, name = EventFilter(min_significance=NOTABLE), ""
    try:
        at = datetime.fromtimestamp(int(since, 16) / MICROSECONDS, UTC) if since else reader.at
    except (ValueError, OverflowError, OSError):
        at = reader.at
    return Answer(edited=next_message(reader, at, wanted, name))


def next_message(reader: Reader, since: datetime, wanted: EventFilter, words: str) -> Message:
    """Return some events from an instant on, and a button for more. Errors: range.outside."""
    ahead = events_ahead(since=since, limit=SHOWN, language=reader.language, wanted=wanted)
    events = [day_event(event, reader.language) for event in ahead.events]
    rows = day_blocks(events, reader.zone) or ["", escaped(_("There is no such event."))]
    head = [bold(_("What comes next in the sky"))]
    text = fitted(head, rows, ["", zone_line(reader.zone)], LONGEST_TEXT)
    return Message(text, keyboard=_pages(reader, since, ahead, _shortest(wanted, words.strip())))


def _shortest(wanted: EventFilter, words: str) -> str:
    """Return the code of what was named, if it is one: a name may be too long for a button."""
    codes = (*wanted.bodies, *wanted.families, *wanted.kinds)
    return next((code for code in codes if wanted_of(code) == wanted), words)


def _pages(reader: Reader, since: datetime, ahead: Ahead, words: str) -> Keyboard:
    """Return buttons for the events after these, and back to the first."""
    row = []
    if since != reader.at:
        first = _("What comes next")
        row.append((f"◀ {first}", f"next::{words}"))
    if ahead.following is not None:
        at = round(ahead.following.timestamp() * MICROSECONDS)
        following = _("Next page")
        row.append((f"{following} ▶", f"next:{at:x}:{words}"))
    shown = [Button(text, data=data) for text, data in row if len(data.encode()) <= LONGEST_DATA]
    return (tuple(shown),) if shown else ()


def wanted_of(words: str) -> EventFilter | None:
    """Return the filter for what was named in the active language or by a code.

    None if nothing is called so. Of what is never notable everything passes.
    """
    name = _folded(words)
    if not name:
        return EventFilter(min_significance=NOTABLE)
    bodies = tuple(code for code, label in SUBJECT.items() if name in _spellings(code, str(label)))
    families = _named(name, {code: str(FAMILIES[code]) for code in EVENT_FAMILIES})
    kinds = _named(name, {code: str(kind.name) for code, kind in COMPUTED_KINDS.items()})
    if bodies:
        return EventFilter(bodies=bodies, min_significance=NOTABLE)
    if families:
        least = min(NOTABLE, max(map(_family_most, families)))
        return EventFilter(families=families, min_significance=least)
    if kinds:
        least = min(NOTABLE, max(KINDS[code].significance.most for code in kinds))
        return EventFilter(kinds=kinds, min_significance=least)
    return None


def _family_most(family: str) -> int:
    return most_significance(family) if family in COMPUTED else NOTABLE


def _spellings(code: str, label: str) -> set[str]:
    """Return what a body is called: its code, and its name with and without an article."""
    told = _folded(label)
    return {_folded(code), told, told.rpartition(" ")[2]}


def _named(name: str, names: dict[str, str]) -> tuple[str, ...]:
    """Return the codes of what is called so, or has it as a part of its name."""
    told = {code: (_folded(code), _folded(label)) for code, label in names.items()}
    found = tuple(code for code, known in told.items() if name in known)
    short = len(name) < SHORTEST and ord(max(name)) <= ASCII_MOST
    if found or short:
        return found
    return tuple(code for code, known in told.items() if any(name in each for each in known))


def _folded(text: str) -> str:
    return text.replace("_", " ").strip().casefold()


def _unknown(words: str) -> str:
    return _("%(value)s is not known. The known values are: %(known)s.") % {
        "value": cited(words.strip()),
        "known": listed(literal(str(FAMILIES[code])) for code in EVENT_FAMILIES),
    }


COMMAND: Final = Command(
    name="next",
    summary=gettext_lazy("What comes next in the sky"),
    answer=next_answer,
    pressed=next_pressed,
)
