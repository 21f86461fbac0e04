"""Texts of the peaks of meteor showers."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from events.facts import Facts, Phrases

NAME = gettext_lazy("Peak of a meteor shower")
ABOUT = gettext_lazy(
    "The Earth crosses the densest part of a stream of dust that a comet or an asteroid has left. "
    "Look up from a dark place, with the eyes used to the dark, while the radiant stands high, for "
    "most showers after midnight. No instrument is needed."
)
DAYTIME = frozenset({"ARI", "DSX"})
MOONLIT_DEG = 90.0  # from the quarters on the Moon hides the fainter meteors

# Translators: the name of a meteor shower in the form that "at their peak" needs.
SHOWERS: Phrases = {
    "QUA": pgettext_lazy("meteor shower", "Quadrantids"),
    "GUM": pgettext_lazy("meteor shower", "Gamma Ursae Minorids"),
    "ACE": pgettext_lazy("meteor shower", "Alpha Centaurids"),
    "LYR": pgettext_lazy("meteor shower", "Lyrids"),
    "PPU": pgettext_lazy("meteor shower", "Pi Puppids"),
    "ETA": pgettext_lazy("meteor shower", "Eta Aquariids"),
    "ELY": pgettext_lazy("meteor shower", "Eta Lyrids"),
    "ARI": pgettext_lazy("meteor shower", "Daytime Arietids"),
    "JBO": pgettext_lazy("meteor shower", "June Bootids"),
    "JPE": pgettext_lazy("meteor shower", "July Pegasids"),
    "GDR": pgettext_lazy("meteor shower", "July Gamma Draconids"),
    "CAP": pgettext_lazy("meteor shower", "Alpha Capricornids"),
    "SDA": pgettext_lazy("meteor shower", "Southern Delta Aquariids"),
    "ERI": pgettext_lazy("meteor shower", "Eta Eridanids"),
    "PER": pgettext_lazy("meteor shower", "Perseids"),
    "KCG": pgettext_lazy("meteor shower", "Kappa Cygnids"),
    "AUR": pgettext_lazy("meteor shower", "Aurigids"),
    "SPE": pgettext_lazy("meteor shower", "September Epsilon Perseids"),
    "SLY": pgettext_lazy("meteor shower", "September Lyncids"),
    "DSX": pgettext_lazy("meteor shower", "Daytime Sextantids"),
    "OCT": pgettext_lazy("meteor shower", "October Camelopardalids"),
    "DRA": pgettext_lazy("meteor shower", "Draconids"),
    "EGE": pgettext_lazy("meteor shower", "Epsilon Geminids"),
    "ORI": pgettext_lazy("meteor shower", "Orionids"),
    "LMI": pgettext_lazy("meteor shower", "Leonis Minorids"),
    "STA": pgettext_lazy("meteor shower", "Southern Taurids"),
    "NTA": pgettext_lazy("meteor shower", "Northern Taurids"),
    "LEO": pgettext_lazy("meteor shower", "Leonids"),
    "AMO": pgettext_lazy("meteor shower", "Alpha Monocerotids"),
    "NOO": pgettext_lazy("meteor shower", "November Orionids"),
    "PHO": pgettext_lazy("meteor shower", "Phoenicids"),
    "AND": pgettext_lazy("meteor shower", "Andromedids"),
    "PUP": pgettext_lazy("meteor shower", "Puppid-Velids"),
    "MON": pgettext_lazy("meteor shower", "Monocerotids"),
    "HYD": pgettext_lazy("meteor shower", "Sigma Hydrids"),
    "GEM": pgettext_lazy("meteor shower", "Geminids"),
    "URS": pgettext_lazy("meteor shower", "Ursids"),
    "COM": pgettext_lazy("meteor shower", "Comae Berenicids"),
}


def title(facts: Facts) -> str:
    # Translators: shower is the name of a meteor shower, such as "Perseids"
    return _("%(shower)s at their peak") % {"shower": SHOWERS[facts.details["shower"]]}


def description(facts: Facts) -> str:
    if facts.details["shower"] in DAYTIME:
        return _(
            "The radiant of this shower stands near the Sun, so that most of its meteors fall by "
            "day and are counted by radio. A few can be seen low in the east before dawn."
        )
    count = facts.details["zhr"]
    if count is None:
        return str(ABOUT)
    if facts.details["moon_elongation_deg"] > MOONLIT_DEG:
        return ngettext(
            "At best %(count)d meteor an hour could be seen, but the bright Moon hides the faint "
            "ones this time. Look up from a dark place while the Moon is low or behind a house.",
            "At best %(count)d meteors an hour could be seen, but the bright Moon hides the faint "
            "ones this time. Look up from a dark place while the Moon is low or behind a house.",
            count,
        ) % {"count": count}
    return ngettext(
        "At best %(count)d meteor an hour can be seen, with the radiant overhead in a dark sky. "
        "Look up from a dark place, with the eyes used to the dark, for most showers after "
        "midnight; the Moon disturbs little this time.",
        "At best %(count)d meteors an hour can be seen, with the radiant overhead in a dark sky. "
        "Look up from a dark place, with the eyes used to the dark, for most showers after "
        "midnight; the Moon disturbs little this time.",
        count,
    ) % {"count": count}
