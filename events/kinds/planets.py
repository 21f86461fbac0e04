"""The kinds of the planets: with the Sun, with one another, among the stars, on their orbits."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from astronomy.occurrence import (
    ApsisDetails,
    AspectDetails,
    BrilliancyDetails,
    ConjunctionDetails,
    ConstellationIngressDetails,
    ElongationDetails,
    IngressDetails,
    OccultationDetails,
    StationDetails,
    SunConjunctionDetails,
    TransitDetails,
)
from events.facts import Facts
from events.kinds.kind import (
    MINUTE,
    Kind,
    Significance,
    Slug,
    always,
    with_bodies,
    with_first_body,
)
from events.texts import (
    apsides,
    aspects,
    conjunctions,
    elongations,
    ingresses,
    occultations,
    stations,
    sun_conjunctions,
    transits,
)

NAKED_EYE = frozenset({"mercury", "venus", "mars", "jupiter", "saturn"})
SLOW = frozenset({"jupiter", "saturn", "uranus", "neptune", "pluto"})
FAINT = frozenset({"uranus", "neptune", "pluto"})
BRIGHT = frozenset({"venus", "jupiter"})
CLOSE_DEG = 1.0
NEAR_DEG = 5.0
GLARE_DEG = 12.0


def _opposition_level(facts: Facts) -> int:
    return 4 if facts.body == "mars" else 3 if facts.body in NAKED_EYE else 2


def _visible_pair_level(facts: Facts) -> int:
    if facts.details["sun_elongation_deg"] < GLARE_DEG or FAINT.intersection(facts.bodies):
        return 1
    apart_deg = facts.details["separation_deg"]
    if BRIGHT.issuperset(facts.bodies) and apart_deg < CLOSE_DEG:
        return 4
    return 3 if apart_deg < (CLOSE_DEG if "moon" in facts.bodies else NEAR_DEG) else 2


def _occultation_level(facts: Facts) -> int:
    if facts.details["sun_elongation_deg"] < GLARE_DEG or FAINT.intersection(facts.bodies):
        return 1
    return 2


def _ingress_level(facts: Facts) -> int:
    return 3 if facts.body == "sun" or facts.body in SLOW else 1 if facts.body == "moon" else 2


def _aspect_level(facts: Facts) -> int:
    return 2 if SLOW.issuperset(facts.bodies) else 1


def _apsis_level(facts: Facts) -> int:
    return 3 if facts.body == "earth" else 1


# Translators: the rules say how much an event matters, from 1 to 5
OPPOSITION = Significance(
    _("4 for Mars; 3 for Jupiter and Saturn; 2 for Uranus, Neptune and Pluto."), _opposition_level
)
VISIBLE_PAIR = Significance(
    _(
        "4 if Venus and Jupiter come within 1°; 3 if other planets that the naked eye sees meet "
        "within 5°, or a planet or bright star comes within 1° of the Moon; else 2; 1 if Uranus, "
        "Neptune or Pluto takes part, or within 12° of the Sun."
    ),
    _visible_pair_level,
)
OCCULTATION = Significance(
    _("2; 1 for Uranus and Neptune, and within 12° of the Sun."), _occultation_level, most=2
)
INGRESS = Significance(
    _("3 for the Sun and from Jupiter outwards; 2 for Mercury, Venus and Mars; 1 for the Moon."),
    _ingress_level,
)
ASPECT = Significance(
    _("2 if both are Jupiter or farther out, which is rare; else 1."), _aspect_level, most=2
)
APSIS = Significance(_("3 for the Earth; else 1."), _apsis_level)
CONJUNCTION_LEVELS = {
    "conjunction_longitude": always(1),
    "conjunction_right_ascension": always(1),
    "closest_approach": VISIBLE_PAIR,
}


def _sun_conjunction(code: str, significance: Significance) -> Kind:
    return Kind(
        code, "sun_conjunctions", sun_conjunctions.NAMES[code], sun_conjunctions.ABOUT[code],
        details=SunConjunctionDetails,
        slug=with_first_body(code.replace("_", "-")), title=sun_conjunctions.title,
        told=sun_conjunctions.description, significance=significance,
    )  # fmt: skip


def _conjunction(code: str, significance: Significance) -> Kind:
    return Kind(
        code, "conjunctions", conjunctions.NAMES[code], conjunctions.ABOUT[code],
        details=ConjunctionDetails,
        slug=with_bodies(code.replace("_", "-")), title=conjunctions.title,
        told=conjunctions.description, significance=significance,
    )  # fmt: skip


def _elongation(code: str) -> Kind:
    brightest = code == "venus_greatest_brilliancy"
    return Kind(
        code, "elongations", elongations.NAMES[code], elongations.ABOUT[code],
        details=BrilliancyDetails if brightest else ElongationDetails,
        slug=with_first_body(code.removeprefix("venus_").replace("_", "-")),
        title=elongations.title, told=elongations.description, significance=always(3),
    )  # fmt: skip


def _station(code: str) -> Kind:
    return Kind(
        code, "stations", stations.NAMES[code], stations.ABOUT[code],
        details=StationDetails,
        slug=with_first_body(code.replace("_", "-")), title=stations.title,
        told=stations.description, significance=always(2),
    )  # fmt: skip


def _ingress(facts: Facts) -> str:
    return f"{facts.body}-enters-{facts.details['sign']}"


# The Moon clips the corners of constellations and comes back within hours: minutes tell.
def _constellation_ingress(facts: Facts) -> str:
    return f"{facts.body}-enters-constellation-{facts.details['constellation']}"


def _aspect(code: str) -> Kind:
    # Slow bodies may form an aspect more than once within days of a station: minutes tell.
    stem = code.replace("_", "-")
    return Kind(
        code, "aspects", aspects.NAMES[code], aspects.ABOUT[code],
        details=AspectDetails,
        slug=Slug(stem, lambda facts: "-".join([*facts.bodies, stem]), MINUTE),
        title=aspects.title, told=aspects.description, significance=ASPECT,
    )  # fmt: skip


def _apsis(code: str) -> Kind:
    return Kind(
        code, "apsides", apsides.NAMES[code], apsides.ABOUT[code],
        details=ApsisDetails, slug=with_first_body(code),
        title=apsides.title, told=apsides.description, significance=APSIS,
    )  # fmt: skip


KINDS = (
    _sun_conjunction("conjunction", always(1)),
    _sun_conjunction("inferior_conjunction", always(2)),
    _sun_conjunction("superior_conjunction", always(1)),
    _sun_conjunction("opposition", OPPOSITION),
    _sun_conjunction("east_quadrature", always(1)),
    _sun_conjunction("west_quadrature", always(1)),
    *(_conjunction(code, level) for code, level in CONJUNCTION_LEVELS.items()),
    *(_elongation(code) for code in elongations.NAMES),
    *(_station(code) for code in stations.NAMES),
    Kind(
        "ingress", "ingresses", ingresses.NAMES["ingress"], ingresses.ABOUT["ingress"],
        details=IngressDetails,
        slug=Slug("enters", _ingress), title=ingresses.title,
        told=ingresses.sign_description, significance=INGRESS,
    ),
    Kind(
        "constellation_ingress", "ingresses", ingresses.NAMES["constellation_ingress"],
        ingresses.ABOUT["constellation_ingress"], details=ConstellationIngressDetails,
        slug=Slug("enters-constellation", _constellation_ingress, MINUTE), title=ingresses.title,
        told=ingresses.constellation_description, significance=always(1),
    ),
    *(_aspect(code) for code in aspects.NAMES),
    *(_apsis(code) for code in apsides.NAMES),
    Kind(
        "transit", "transits", transits.NAME, transits.ABOUT, details=TransitDetails,
        slug=with_first_body("transit"), title=transits.title, told=transits.description,
        significance=always(5),
    ),
    Kind(
        "occultation", "occultations", occultations.NAME, occultations.ABOUT,
        details=OccultationDetails,
        slug=with_bodies("occultation"), title=occultations.title,
        told=occultations.description, significance=OCCULTATION,
    ),
)  # fmt: skip

FAMILIES: dict[str, str | Promise] = {
    "sun_conjunctions": _("Planets and the Sun"),
    "conjunctions": _("Conjunctions and close encounters"),
    "elongations": _("Greatest elongations"),
    "stations": _("Stations of the planets"),
    "ingresses": _("Entries into signs and constellations"),
    "aspects": _("Aspects"),
    "apsides": _("Perihelia and aphelia"),
    "transits": _("Transits of Mercury and Venus"),
    "occultations": _("Occultations by the Moon"),
}
