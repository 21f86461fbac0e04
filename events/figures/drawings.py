"""Which figure an event has, and drawing it from the core's positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from astronomy import provider
from astronomy.constants import J2000_JD
from astronomy.geometry.before_sun import planet_before_sun
from astronomy.geometry.moon_in_shadow import moon_in_shadow
from astronomy.geometry.neighbours import neighbours
from astronomy.geometry.solar_shadow import solar_shadow
from astronomy.geometry.tangent import lit_disc
from astronomy.limits import require_moments
from astronomy.sampling import Sky
from astronomy.timescales import Floats, days_from_datetime
from events.figures.lunar_eclipse import lunar_drawing
from events.figures.moon import moon_drawing
from events.figures.neighbours import neighbours_drawing
from events.figures.parts import GREATEST
from events.figures.solar_eclipse import solar_drawing
from events.figures.svg import Drawing
from events.figures.transit import transit_drawing
from events.models import Event
from events.texts.bodies import SUBJECT

STEPS: Final = 100  # instants from the first contact of the penumbra to the last
SHOWN: Final = ("p1", "u1", "u4", "p4", GREATEST)

# Translators: the name of a star, in the form of a dictionary, beside its dot in a drawing
STARS: Final[Mapping[str, str | Promise]] = {
    "spica": pgettext_lazy("body, subject", "Spica"),
    "regulus": pgettext_lazy("body, subject", "Regulus"),
    "antares": pgettext_lazy("body, subject", "Antares"),
    "aldebaran": pgettext_lazy("body, subject", "Aldebaran"),
    "pollux": pgettext_lazy("body, subject", "Pollux"),
    "pleiades": pgettext_lazy("body, subject", "Pleiades"),
}
NAMES: Final[Mapping[str, str | Promise]] = {**SUBJECT, **STARS}


def _moon(sky: Sky, event: Event) -> Drawing:
    return moon_drawing(lit_disc(sky, "moon", np.array([_instant(event)])))


def _neighbours(sky: Sky, event: Event) -> Drawing:
    first, *others = event.bodies
    other = others[0] if others else "sun"
    return neighbours_drawing(neighbours(sky, (first, other), _instant(event)), NAMES)


def _lunar_eclipse(sky: Sky, event: Event) -> Drawing:
    contacts, days = _contacts(sky, event)
    data = event.astronomical_data
    way = moon_in_shadow(sky, _instant(event), days)
    return lunar_drawing(way, contacts, (data["umbral_magnitude"], data["penumbral_magnitude"]))


def _solar_eclipse(sky: Sky, event: Event) -> Drawing:
    contacts, days = _contacts(sky, event)
    data, names = event.astronomical_data, list(contacts)
    ends = float(days[names.index("p1")]), float(days[names.index("p4")])
    shadow = solar_shadow(sky, _instant(event), ends, steps=STEPS)
    shown = {name: at for name, at in contacts.items() if name in SHOWN}
    return solar_drawing(shadow, shown, data["type"], data["magnitude"])


def _transit(sky: Sky, event: Event) -> Drawing:
    contacts, days = _contacts(sky, event)
    planet = event.bodies[0]
    way = planet_before_sun(sky, planet, _instant(event), days)
    return transit_drawing(way, contacts, str(NAMES[planet]))


Draw = Callable[[Sky, Event], Drawing]
BY_FAMILY: Final[Mapping[str, Draw]] = {
    "moon_phases": _moon,
    "lunar_apsides": _moon,
    "lunar_nodes": _moon,
    "solar_eclipses": _solar_eclipse,
    "lunar_eclipses": _lunar_eclipse,
    "transits": _transit,
    "conjunctions": _neighbours,
    "occultations": _neighbours,
    "elongations": _neighbours,
}


def event_drawing(event: Event) -> Drawing:
    """Draw an event that has a figure, its words in the active language.

    Raises: EphemerisRangeError for what the kernel does not reach.
    """
    require_moments(provider.ephemeris(), [event.occurs_at])
    with provider.locked_sky() as sky:
        return BY_FAMILY[event.family](sky, event)


def _instant(event: Event) -> float:
    """Return days of TT since J2000.0."""
    return (event.tt_jd1 or 0.0) - J2000_JD + (event.tt_jd2 or 0.0)


def _contacts(sky: Sky, event: Event) -> tuple[dict[str, datetime], Floats]:
    """Return the contacts and the greatest phase: in UTC, and in days of TT."""
    told: Mapping[str, Any] = event.astronomical_data["contacts_utc"]
    contacts = {name: datetime.fromisoformat(at) for name, at in told.items()}
    days = [days_from_datetime(sky.timescale, at) for at in contacts.values()]
    return {**contacts, GREATEST: event.occurs_at}, np.array([*days, _instant(event)])
