"""The kinds of the Sun and the Moon: phases, seasons, solar terms, eclipses, apsides, nodes."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from astronomy.occurrence import (
    BlueMoonDetails,
    LunarApsisDetails,
    LunarEclipseDetails,
    LunarNodeDetails,
    MoonExtremeDetails,
    MoonPhaseDetails,
    SeasonDetails,
    SolarEclipseDetails,
    SolarTermDetails,
    SupermoonDetails,
)
from events.facts import Facts
from events.kinds.kind import YEAR, Kind, Slug, always, by_type, dated
from events.texts import (
    lunar_apsides,
    lunar_eclipses,
    lunar_nodes,
    moon_phases,
    seasons,
    solar_eclipses,
    solar_terms,
)

SOLAR = by_type(
    # Translators: how much an event matters, from 1 to 5
    _("5 for total, annular and hybrid eclipses; 4 for partial ones."),
    {"total": 5, "annular": 5, "hybrid": 5, "partial": 4},
)
LUNAR = by_type(
    # Translators: how much an event matters, from 1 to 5
    _("5 for total eclipses; 4 for partial ones; 3 for penumbral ones."),
    {"total": 5, "partial": 4, "penumbral": 3},
)
LUNAR_APSIS_DETAILS = {
    "perigee": LunarApsisDetails,
    "apogee": LunarApsisDetails,
    "supermoon": SupermoonDetails,
    "micromoon": SupermoonDetails,
    "blue_moon": BlueMoonDetails,
}


def _phase(code: str, name: str | Promise, slug: str, level: int) -> Kind:
    return Kind(
        code, "moon_phases", name, moon_phases.ABOUT[code], MoonPhaseDetails,
        slug=dated(slug), title=moon_phases.title, told=moon_phases.description,
        significance=always(level),
    )  # fmt: skip


def _season(code: str) -> Kind:
    name = seasons.NAMES[code]
    stem = code.replace("_", "-")
    return Kind(
        code, "seasons", name, seasons.ABOUT[code], SeasonDetails,
        slug=Slug(stem, lambda _facts: stem, YEAR), title=lambda _facts: str(name),
        significance=always(4),
    )  # fmt: skip


def _lunar_apsis(code: str, level: int) -> Kind:
    stem = code if code in {"supermoon", "micromoon"} else f"moon-{code}"
    return Kind(
        code, "lunar_apsides", lunar_apsides.NAMES[code], lunar_apsides.ABOUT[code],
        LUNAR_APSIS_DETAILS[code],
        slug=dated("blue-moon" if code == "blue_moon" else stem), title=lunar_apsides.title,
        told=lunar_apsides.description, significance=always(level),
    )  # fmt: skip


def _lunar_node(code: str) -> Kind:
    stem = "moon-" + code.removeprefix("moon_").replace("_", "-")
    extreme = code.endswith("extreme")
    return Kind(
        code, "lunar_nodes", lunar_nodes.NAMES[code], lunar_nodes.ABOUT[code],
        MoonExtremeDetails if extreme else LunarNodeDetails,
        slug=dated(stem), title=lunar_nodes.title,
        told=lunar_nodes.extreme if extreme else lunar_nodes.node, significance=always(1),
    )  # fmt: skip


def _solar_term(facts: Facts) -> str:
    return f"solar-term-{facts.details['term']}"


KINDS = (
    _phase("new_moon", _("New Moon"), "moon-new", 3),
    _phase("first_quarter", _("First Quarter Moon"), "moon-first-quarter", 2),
    _phase("full_moon", _("Full Moon"), "moon-full", 3),
    _phase("last_quarter", _("Last Quarter Moon"), "moon-last-quarter", 2),
    *(_season(code) for code in seasons.NAMES),
    Kind(
        "solar_eclipse", "solar_eclipses", _("Solar eclipse"), solar_eclipses.ABOUT,
        SolarEclipseDetails,
        slug=dated("solar-eclipse"), title=solar_eclipses.title, told=solar_eclipses.description,
        significance=SOLAR,
    ),
    Kind(
        "lunar_eclipse", "lunar_eclipses", _("Lunar eclipse"), lunar_eclipses.ABOUT,
        LunarEclipseDetails,
        slug=dated("lunar-eclipse"), title=lunar_eclipses.title, told=lunar_eclipses.description,
        significance=LUNAR,
    ),
    Kind(
        "solar_term", "solar_terms", solar_terms.NAME, solar_terms.ABOUT, SolarTermDetails,
        slug=Slug("solar-term", _solar_term), title=solar_terms.title,
        told=solar_terms.description, significance=always(2),
    ),
    _lunar_apsis("perigee", 2),
    _lunar_apsis("apogee", 1),
    _lunar_apsis("supermoon", 3),
    _lunar_apsis("micromoon", 2),
    _lunar_apsis("blue_moon", 3),
    *(_lunar_node(code) for code in lunar_nodes.NAMES),
)  # fmt: skip

FAMILIES = {
    "moon_phases": _("Moon phases"),
    "seasons": _("Equinoxes and solstices"),
    "solar_eclipses": _("Solar eclipses"),
    "lunar_eclipses": _("Lunar eclipses"),
    "solar_terms": _("Solar terms"),
    "lunar_apsides": _("Perigees and apogees of the Moon"),
    "lunar_nodes": _("Nodes and extremes of the Moon's path"),
}
