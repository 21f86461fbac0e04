"""Texts of the conjunctions of planets, the Moon and bright stars with one another."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.bodies import SUBJECT, WITH
from events.texts.paragraphs import paragraph
from events.texts.watching import FAINT, FIST, NEAR_SUN, WHEN, looks, when_seen
from starscal.core.formats import degrees_text

BINOCULARS_DEG, TELESCOPE_DEG = 5.0, 1.0

NAMES: Phrases = {
    "conjunction_longitude": _("Conjunction in ecliptic longitude"),
    "conjunction_right_ascension": _("Conjunction in right ascension"),
    "closest_approach": _("Close encounter"),
}
# Translators: with_other is a phrase such as "with Mars" or "with Spica"
TITLES: Phrases = {
    "conjunction_longitude": _("%(body)s in conjunction %(with_other)s"),
    "conjunction_right_ascension": _("%(body)s in conjunction %(with_other)s in right ascension"),
    "closest_approach": _("%(body)s in a close encounter %(with_other)s"),
}
ABOUT: Phrases = {
    "conjunction_longitude": _(
        "The two have the same ecliptic longitude: one stands above the other with respect to the "
        "ecliptic, along which the planets move."
    ),
    "conjunction_right_ascension": _(
        "The two have the same right ascension: one stands exactly north of the other, and both "
        "cross the meridian at the same time."
    ),
    "closest_approach": _(
        "The two stand nearest to each other in the sky, as seen from the Earth's centre. The "
        "Moon's disc is half a degree wide, a fist at arm's length covers about ten degrees."
    ),
}
APART: Phrases = {
    # Translators: two bodies, named in the title; separation is such as "3.4°"
    "conjunction_longitude": _(
        "The two have the same ecliptic longitude and stand %(separation)s apart in the sky."
    ),
    # Translators: two bodies, named in the title; separation is such as "3.4°"
    "conjunction_right_ascension": _(
        "One stands exactly north of the other, %(separation)s apart in the sky."
    ),
    # Translators: two bodies, named in the title; separation is such as "3.4°"
    "closest_approach": _(
        "The two come as close as %(separation)s to each other in the sky, as seen from the "
        "Earth's centre."
    ),
}
VIEWS: Phrases = {
    "telescope": _("Both fit into the view of a telescope at low power."),
    "binoculars": _("Both fit into the view of binoculars."),
    "fist": FIST,
    "told": "",  # what it takes to see them
}


def title(facts: Facts) -> str:
    names = {"body": SUBJECT[facts.body], "with_other": WITH[facts.other]}
    return str(TITLES[facts.kind]) % names


def description(facts: Facts) -> str:
    # Hardly two meetings of the same bodies are alike, but what is said of them soon is.
    apart_deg = facts.rounded("separation_deg", 1)
    view = _view(facts.bodies, apart_deg)
    return paragraph(
        facts.once(_apart, facts.kind, apart_deg),
        facts.once(_how_seen, when_seen(facts), facts.bodies, view),
    )


def _apart(kind: str, apart_deg: float) -> str:
    return str(APART[kind]) % {"separation": degrees_text(apart_deg, 1)}


def _how_seen(when: str, bodies: tuple[str, ...], view: str) -> str:
    if when == NEAR_SUN:
        return str(WHEN[when])
    return paragraph(WHEN[when], *looks(bodies), VIEWS[view])


def _view(bodies: tuple[str, ...], apart_deg: float) -> str:
    if apart_deg > BINOCULARS_DEG:
        return "fist"
    if FAINT.intersection(bodies):
        return "told"
    return "telescope" if apart_deg < TELESCOPE_DEG else "binoculars"
