"""/eclipses: the next eclipse with its figure, what the reader's place sees of it, and more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astronomy.local_sky import place_view
from astronomy.observer.circumstances import LocalContact, SolarCircumstances
from astronomy.observer.place import Place
from astronomy.observer.visibility import LocalView
from events.fact_labels import GREATEST_ECLIPSE, LUNAR_CONTACTS, contacts_table
from events.filters import EventFilter
from events.onthefly import range_refused
from events.selectors import event_find
from events.stored_rows import ReadableEvent
from starscal.core.formats import date_text, percent_text
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import (
    bold,
    clock,
    day_title,
    fitted,
    in_language,
    link,
    listed,
    parts,
    span_text,
    zone_line,
)
from telegram_link.bot.members import figured
from telegram_link.bot.reader import Reader
from telegram_link.bot.sky_lines import place_hint, place_or_none
from telegram_link.messages import LONGEST_CAPTION, Button, Keyboard, Message, escaped
from telegram_link.selectors.day_events import day_event, events_ahead

ECLIPSES: Final = EventFilter(families=("solar_eclipses", "lunar_eclipses"))
FOLLOWING: Final = 3  # buttons under each
SOLAR: Final = "solar_eclipses"
# What a place sees of a solar eclipse, and what it is called then.
SOLAR_TYPES: Final[Mapping[str, str | Promise]] = {
    "total": gettext_lazy("Total solar eclipse"),
    "annular": gettext_lazy("Annular solar eclipse"),
    "partial": gettext_lazy("Partial solar eclipse"),
}
LUNAR: Final[Mapping[str, str | Promise]] = {**LUNAR_CONTACTS, "greatest": GREATEST_ECLIPSE}


@in_language
def eclipses_answer(reader: Reader, _words: str) -> Answer:
    """Answer with the next eclipse, and buttons for those after it. Errors: range.outside."""
    found = _eclipses(reader, reader.at, 1 + FOLLOWING)
    if not found:
        return said(escaped(_("There is no such event.")))
    return Answer(messages=(_message(reader, found[0], found[1:]),))


@in_language
def eclipses_pressed(reader: Reader, words: str) -> Answer:
    """Send the eclipse of a button below the others: a photo cannot become another one.

    What names no eclipse is answered with the next one.
    """
    found = event_find(reference=words, languages=(reader.language,))
    if found is None or found.event.family not in ECLIPSES.families:
        return eclipses_answer(reader, "")
    near = _eclipses(reader, found.event.occurs_at, 1 + FOLLOWING)
    others = [each for each in near if each.pk != found.event.pk]
    return Answer(messages=(_message(reader, found.event, others[:FOLLOWING]),))


def _eclipses(reader: Reader, since: datetime, limit: int) -> Sequence[ReadableEvent]:
    ahead = events_ahead(since=since, limit=limit, language=reader.language, wanted=ECLIPSES)
    return ahead.events[:limit]


def _message(reader: Reader, event: ReadableEvent, others: Sequence[ReadableEvent]) -> Message:
    told, place = day_event(event, reader.language), place_or_none(reader)
    view = _view(event, place) if place else None
    head = [
        f"<b>{link(told.title, told.address)}</b>",
        day_title(told.day_in(reader.zone), reader.zone),
        *_seen(event, view, reader),
        "",
    ]
    tail = ["", *_safety(event, view), zone_line(reader.zone)]
    tail += [] if place else [place_hint()]
    text = fitted(head, _course(event, view, reader), tail, LONGEST_CAPTION)
    return figured(reader, Message(text, keyboard=_buttons(reader, others)), event.key)


def _safety(event: ReadableEvent, view: LocalView | None) -> list[str]:
    """Warn whoever may see a solar eclipse."""
    if event.family != SOLAR or (view is not None and not view.visibility["visible"]):
        return []
    return [bold(_("Look at the Sun only through a certified solar filter."))]


def _buttons(reader: Reader, others: Sequence[ReadableEvent]) -> Keyboard:
    rows = [(event, day_event(event, reader.language)) for event in others]
    return tuple(
        (Button(_label(told.at.astimezone(reader.zone), told.title), data=f"eclipses:{event.key}"),)
        for event, told in rows
    )


def _label(day: datetime, title: str) -> str:
    return parts(date_text(day, "medium"), title)


def _view(event: ReadableEvent, place: Place) -> LocalView | None:
    with range_refused():
        return place_view(key=event.key, place=place)


def _seen(event: ReadableEvent, view: LocalView | None, reader: Reader) -> list[str]:
    """Say whether the place sees the eclipse, and of one of the Sun how much of it."""
    if view is None:
        return []
    if not view.visibility["visible"]:
        return [escaped(_("Not visible from your place"))]
    spans = listed(
        span_text(datetime.fromisoformat(start), datetime.fromisoformat(end), reader.zone)
        for start, end in view.visibility["visible_spans_utc"]
    )
    # Translators: times is one span or several, such as "17:10 – 20:30"
    lines = [escaped(_("Visible from your place: %(times)s") % {"times": spans})]
    if event.family == SOLAR:
        lines.append(_covered(cast("SolarCircumstances", view.circumstances)))
    return lines


def _covered(seen: SolarCircumstances) -> str:
    name = SOLAR_TYPES.get(seen["type"] or "", "")
    best = seen["best_visible"]
    covered = ""
    if best is not None:
        covered = parts(_("Covered part of the Sun's disc"), percent_text(best["obscuration"]))
    return escaped(parts(str(name), covered))


def _course(event: ReadableEvent, view: LocalView | None, reader: Reader) -> list[str]:
    """Return the moments of the eclipse: those that the place sees, else those of the Earth."""
    if view is None or not view.visibility["visible"]:
        rows = contacts_table(event.event_type, event.astronomical_data, event.occurs_at)
        return [_moment(row.at, row.label, reader) for row in rows]
    moments: list[tuple[str, str | Promise]]
    if event.family == SOLAR:
        best = cast("SolarCircumstances", view.circumstances)["best_visible"]
        moments = [(best["utc"], GREATEST_ECLIPSE)] if best else []
    else:
        contacts = cast("list[LocalContact]", cast("Any", view.circumstances)["contacts"])
        moments = [(each["utc"], LUNAR[each["name"]]) for each in contacts if each["visible"]]
    return [_moment(datetime.fromisoformat(at), str(label), reader) for at, label in moments]


def _moment(at: datetime, label: str, reader: Reader) -> str:
    return f"{clock(at, reader.zone)} {escaped(label)}"


COMMAND: Final = Command(
    name="eclipses",
    summary=gettext_lazy("The next eclipses"),
    answer=eclipses_answer,
    pressed=eclipses_pressed,
)
