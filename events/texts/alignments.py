"""Texts of the alignments of planets that the naked eye sees."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.bodies import body_list
from events.texts.paragraphs import paragraph
from events.texts.watching import FIST, WHEN, when_seen
from starscal.core.formats import degrees_text

MARGIN_DEG = 10.0  # beside the Sun a planet is lost in its glare

NAMES: Phrases = {
    "alignment_begins": _("Planets draw together"),
    "alignment_tightest": _("Planets closest together"),
    "alignment_ends": _("Planets draw apart"),
}
# Translators: planets is a list such as "Mercury, Venus, and Mars"
TITLES: Phrases = {
    "alignment_begins": _("Planets draw together: %(planets)s"),
    "alignment_tightest": _("Planets closest together: %(planets)s"),
    "alignment_ends": _("Planets draw apart: %(planets)s"),
}
ABOUT: Phrases = {
    "alignment_begins": _(
        "Three or more of the planets that the naked eye sees come within 30° along the ecliptic: "
        "three fists at arm's length. Look for them after sunset or before sunrise; those near the "
        "Sun are lost in its glare."
    ),
    "alignment_tightest": _(
        "Three or more of the planets that the naked eye sees stand as close together along the "
        "ecliptic as they come this time. Look for them after sunset or before sunrise; those near "
        "the Sun are lost in its glare."
    ),
    "alignment_ends": _(
        "The planets that stood together are more than 30° apart along the ecliptic again: three "
        "fists at arm's length."
    ),
}
TOLD: Phrases = {
    # Translators: planets is a list such as "Mercury, Venus, and Mars", angle such as "9.5°"
    "alignment_begins": _("%(planets)s come within %(angle)s of each other along the ecliptic."),
    # Translators: planets is a list such as "Mercury, Venus, and Mars", angle such as "9.5°"
    "alignment_tightest": _(
        "%(planets)s stand within %(angle)s along the ecliptic, as close together as they come "
        "this time."
    ),
    # Translators: planets is a list such as "Mercury, Venus, and Mars", angle such as "9.5°"
    "alignment_ends": _(
        "%(planets)s have stood within %(angle)s along the ecliptic and now draw apart."
    ),
}
# Translators: "them" means three or more planets, named before
SUN_AMONG = _("The Sun stands among or beside them, so that few of them or none can be seen.")


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"planets": body_list(facts.bodies)}


def description(facts: Facts) -> str:
    digits = 1 if facts.kind == "alignment_tightest" else 0  # the others have the whole 30°
    told = str(TOLD[facts.kind]) % {
        "planets": body_list(facts.bodies),
        "angle": degrees_text(facts.rounded("span_deg", 1), digits),
    }
    return paragraph(told, _when(facts), FIST)


def _when(facts: Facts) -> str | Promise:
    reach_deg = 0.5 * facts.rounded("span_deg", 1) + MARGIN_DEG
    if facts.rounded("sun_elongation_deg", 0) < reach_deg:
        return SUN_AMONG
    return WHEN[when_seen(facts)]
