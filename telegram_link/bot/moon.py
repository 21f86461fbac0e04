"""/moon: the Moon now, its times at the reader's place, and its next phases."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from babel.dates import format_timedelta
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.filters import EventFilter
from starscal.core.formats import active_locale, decimal_text, minute_text
from telegram_link.bot.frame import Answer, Command
from telegram_link.bot.lines import bold, fitted, in_language, link, parts, zone_line
from telegram_link.bot.members import figured
from telegram_link.bot.reader import Reader
from telegram_link.bot.sky_lines import (
    lit_words,
    moon_sign,
    moon_words,
    place_hint,
    place_or_none,
    rise_and_set,
)
from telegram_link.bot.today import local_today
from telegram_link.figures import moon_reference
from telegram_link.messages import LONGEST_CAPTION, Message, escaped
from telegram_link.selectors.day_events import (
    DayEvent,
    day_event,
    event_before,
    events_ahead,
    midnights,
)
from telegram_link.selectors.skies import MoonShape, local_day, moon_shape

PHASES: Final = EventFilter(families=("moon_phases",))
NEW_MOONS: Final = EventFilter(kinds=("new_moon",))
PHASES_SHOWN: Final = 4
LUNATION_MOST: Final = timedelta(days=30)  # the longest lasts 29 days and 20 hours

WEEKS_NEVER: Final = 99  # so many of a unit it takes until the next greater one is used


@in_language
def moon_answer(reader: Reader, _words: str) -> Answer:
    """Answer with the Moon as it is lit now, drawn as on the pages. Errors: range.outside."""
    place = place_or_none(reader)
    start, end = midnights(local_today(reader), reader.zone)
    moon = moon_shape(at=reader.at, start=start, end=end)
    sign = moon_sign(moon.shape, place.lat_deg if place else None)
    head = [
        f"{sign} {bold(moon_words(moon))}",
        escaped(minute_text(reader.at.astimezone(reader.zone))),
        "",
        *_looks(moon),
        *_age(reader),
    ]
    if place:
        head.append(rise_and_set(local_day(place, start, end)["moon"], reader.zone))
    shown = _("The disc of the Moon, north up and east to the left.")
    tail = ["", f"<i>{escaped(shown)}</i>"]
    tail += [zone_line(reader.zone), *([] if place else [place_hint()])]
    text = fitted([*head, "", bold(_("What comes next"))], _phases(reader), tail, LONGEST_CAPTION)
    return Answer(messages=(figured(reader, Message(text), moon_reference(reader.at)),))


def _looks(moon: MoonShape) -> list[str]:
    # Translators: a length in kilometres
    far = _("%(value)s km") % {"value": decimal_text(moon.distance_km, 0)}
    return [escaped(lit_words(moon)), escaped(parts(_("Distance of the Moon"), far))]


def _age(reader: Reader) -> list[str]:
    """Write how long ago the last new Moon was."""
    event = event_before(
        at=reader.at, reach=LUNATION_MOST, language=reader.language, wanted=NEW_MOONS
    )
    if event is None:
        return []
    told = day_event(event, reader.language)
    return [parts(link(told.title, told.address), escaped(_days_ago(reader.at - told.at)))]


def _days_ago(span: timedelta) -> str:
    """Write a span as days, even where there are weeks of it."""
    told = format_timedelta(
        -span, granularity="day", threshold=WEEKS_NEVER, add_direction=True, locale=active_locale()
    )
    return str(told)


def _phases(reader: Reader) -> list[str]:
    ahead = events_ahead(
        since=reader.at, limit=PHASES_SHOWN, language=reader.language, wanted=PHASES
    )
    return [
        _phase_line(day_event(event, reader.language), reader)
        for event in ahead.events[:PHASES_SHOWN]
    ]


def _phase_line(event: DayEvent, reader: Reader) -> str:
    spot = reader.spot
    sign = moon_sign(event.kind, spot.latitude_deg if spot else None)
    when = escaped(minute_text(event.at.astimezone(reader.zone)))
    return f"{sign} {when}\n{link(event.title, event.address)}"


COMMAND: Final = Command(name="moon", summary=gettext_lazy("The Moon now"), answer=moon_answer)
