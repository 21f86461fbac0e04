"""/planets: where the planets stand, how bright they are and when to look for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astronomy.observer.levels import RISE, SET
from events.texts.signs import SIGN_WIDTH_DEG
from events.texts.watching import FAINT, GLARE_DEG, LOOKS, NIGHT_DEG
from starscal.core.formats import date_text, decimal_text, degrees_text
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import (
    bold,
    day_title,
    in_language,
    listed,
    parts,
    span_text,
    zone_line,
)
from telegram_link.bot.reader import Reader
from telegram_link.bot.sky_lines import (
    SIGNS,
    body_words,
    place_hint,
    place_or_none,
    times_of,
)
from telegram_link.messages import escaped
from telegram_link.selectors.skies import (
    Backwards,
    PlanetNight,
    PlanetNow,
    planet_nights,
    planets_backwards,
    planets_now,
)

# A night belongs to the day on which it began: until six in the morning it is still the same.
MORNING: Final = timedelta(hours=6)
NOON_HOUR: Final = 12


@in_language
def planets_answer(reader: Reader, _words: str) -> Answer:
    """Answer with the planets of tonight. Errors: range.outside."""
    place = place_or_none(reader)
    noon, next_noon = night_of(reader)
    nights: Mapping[str, PlanetNight] = planet_nights(place, noon, next_noon) if place else {}
    backwards = planets_backwards(reader.at)
    lines = [bold(_("The planets tonight")), day_title(_evening(reader), reader.zone)]
    for planet in planets_now(reader.at):
        night, turned = nights.get(planet.body), backwards.get(planet.body)
        lines += ["", *_planet(planet, night, turned, reader)]
    lines += ["", zone_line(reader.zone)]
    return said("\n".join(lines if place else [*lines, place_hint()]))


def _evening(reader: Reader) -> datetime:
    return (reader.at - MORNING).astimezone(reader.zone)


def night_of(reader: Reader) -> tuple[datetime, datetime]:
    """Return the noons between which the reader's night lies, in UTC."""
    day = _evening(reader).date()
    noons = (
        datetime(each.year, each.month, each.day, NOON_HOUR, tzinfo=reader.zone).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    )
    noon, following = noons
    return noon, following


def _planet(
    planet: PlanetNow, night: PlanetNight | None, turned: Backwards | None, reader: Reader
) -> list[str]:
    within_sign = degrees_text(planet.longitude_deg % SIGN_WIDTH_DEG, 1)
    name = bold(body_words(planet.body, planet.longitude_deg))
    lines = [parts(f"{SIGNS[planet.body]} {name}", escaped(within_sign)), _brightness(planet)]
    lines.append(_seen(night, reader) if night else _beside_sun(planet))
    lines.append(escaped(str(LOOKS[planet.body])) if planet.body in FAINT else "")
    lines.append(_turned(turned, reader) if turned else "")
    return [line for line in lines if line]


def _brightness(planet: PlanetNow) -> str:
    if planet.magnitude is None:
        return ""
    return escaped(parts(_("Visual magnitude"), decimal_text(planet.magnitude, 1)))


def _seen(night: PlanetNight, reader: Reader) -> str:
    """Write when the planet can be seen tonight, and when it rises and sets."""
    passages = [(RISE, start) for start, _end in night.up] + [(SET, end) for _s, end in night.up]
    noon, following = night_of(reader)
    times = times_of((each for each in passages if noon < each[1] < following), reader.zone)
    if not night.seen:
        return parts(times, escaped(_("Not visible tonight")))
    spans = listed(span_text(*span, reader.zone) for span in night.seen)
    # Translators: times is one span or several, such as "17:10 – 20:30"
    told = _("Visible tonight: %(times)s") % {"times": spans}
    return f"{times}\n{escaped(told)}" if times else escaped(told)


def _beside_sun(planet: PlanetNow) -> str:
    """Say when to look for a planet where no place is known, by where it stands from the Sun."""
    if planet.from_sun_deg < GLARE_DEG:
        return escaped(_("Lost in the glare of the Sun"))
    if planet.from_sun_deg > NIGHT_DEG:
        return escaped(_("Up for most of the night"))
    if planet.is_east:
        # Translators: when to look for a planet
        return escaped(_("In the evening sky"))
    # Translators: when to look for a planet
    return escaped(_("In the morning sky"))


def _turned(turned: Backwards, reader: Reader) -> str:
    until = date_text(turned.until.astimezone(reader.zone))
    if turned.since is None:
        # Translators: of a planet; retrograde: moving backwards among the stars
        return escaped(_("Retrograde until %(end)s") % {"end": until})
    since = date_text(turned.since.astimezone(reader.zone))
    # Translators: of a planet; retrograde: moving backwards among the stars
    told = _("Retrograde from %(start)s to %(end)s") % {"start": since, "end": until}
    return escaped(told)


COMMAND: Final = Command(
    name="planets", summary=gettext_lazy("The planets tonight"), answer=planets_answer
)
