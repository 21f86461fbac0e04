"""The kinds that show many lights at once: meteor showers and planets drawn together."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from astronomy.occurrence import AlignmentDetails, MeteorShowerDetails
from events.facts import Facts
from events.kinds.kind import Kind, Significance, Slug, always, with_bodies
from events.texts import alignments, meteor_showers

RICH, FAIR = 50, 15  # meteors an hour at best
ALIGNMENT_LEVELS = {3: 2, 4: 3, 5: 5}


def _shower_level(facts: Facts) -> int:
    rate = facts.details["zhr"] or 0
    if facts.details["shower"] in meteor_showers.DAYTIME:
        return 1
    return 4 if rate >= RICH else 3 if rate >= FAIR else 1


def _shower(facts: Facts) -> str:
    return f"meteor-shower-{facts.details['shower'].lower()}"


SHOWER = Significance(
    # Translators: how much an event matters, from 1 to 5
    _("4 from 50 meteors an hour at best (ZHR); 3 from 15; else, and by day, 1."),
    _shower_level,
)
ALIGNMENT = Significance(
    # Translators: how much an event matters, from 1 to 5
    _("2 for three planets; 3 for four; 5 for all five."),
    lambda facts: ALIGNMENT_LEVELS[facts.details["planets"]],
)


def _alignment(code: str) -> Kind:
    at_its_best = code == "alignment_tightest"
    return Kind(
        code, "alignments", alignments.NAMES[code], alignments.ABOUT[code],
        details=AlignmentDetails,
        slug=with_bodies(code.replace("_", "-")), title=alignments.title,
        told=alignments.description,
        significance=ALIGNMENT if at_its_best else always(1),
    )  # fmt: skip


KINDS = (
    Kind(
        "meteor_shower_peak", "meteor_showers", meteor_showers.NAME, meteor_showers.ABOUT,
        details=MeteorShowerDetails,
        slug=Slug("meteor-shower", _shower), title=meteor_showers.title,
        told=meteor_showers.description, significance=SHOWER,
    ),
    *(_alignment(code) for code in alignments.NAMES),
)  # fmt: skip

FAMILIES: dict[str, str | Promise] = {
    "meteor_showers": _("Meteor showers"),
    "alignments": _("Planets close together"),
}
