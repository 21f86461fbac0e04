"""Texts of the alignments of planets that the naked eye sees."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts, Phrases
from events.texts.bodies import body_list
from starscal.core.formats import degrees_text

NAMES: Phrases = {
    "alignment_begins": gettext_lazy("Planets draw together"),
    "alignment_tightest": gettext_lazy("Planets closest together"),
    "alignment_ends": gettext_lazy("Planets draw apart"),
}
# Translators: planets is a list such as "Mercury, Venus, and Mars"
TITLES: Phrases = {
    "alignment_begins": gettext_lazy("Planets draw together: %(planets)s"),
    "alignment_tightest": gettext_lazy("Planets closest together: %(planets)s"),
    "alignment_ends": gettext_lazy("Planets draw apart: %(planets)s"),
}
ABOUT: Phrases = {
    "alignment_begins": gettext_lazy(
        "Three or more of the planets that the naked eye sees come within 30° along the ecliptic: "
        "three fists at arm's length. Look for them after sunset or before sunrise; those near the "
        "Sun are lost in its glare."
    ),
    "alignment_tightest": gettext_lazy(
        "Three or more of the planets that the naked eye sees stand as close together along the "
        "ecliptic as they come this time. Look for them after sunset or before sunrise; those near "
        "the Sun are lost in its glare."
    ),
    "alignment_ends": gettext_lazy(
        "The planets that stood together are more than 30° apart along the ecliptic again: three "
        "fists at arm's length."
    ),
}


def title(facts: Facts) -> str:
    return str(TITLES[facts.kind]) % {"planets": body_list(facts.bodies)}


def tightest(facts: Facts) -> str:
    return _(
        "The planets stand within %(angle)s along the ecliptic, as close together as they come "
        "this time; a fist at arm's length covers about ten degrees. Look for them after sunset or "
        "before sunrise; those near the Sun are lost in its glare."
    ) % {"angle": degrees_text(facts.details["span_deg"], 1)}
