"""Texts of the peaks of meteor showers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from events.facts import Facts, Phrases
from events.texts.paragraphs import paragraph
from starscal.core.formats import decimal_text

NAME = gettext_lazy("Peak of a meteor shower")
ABOUT = gettext_lazy(
    "The Earth crosses the densest part of a stream of dust that a comet or an asteroid has left. "
    "Look up from a dark place, with the eyes used to the dark, while the radiant stands high, for "
    "most showers after midnight. No instrument is needed."
)
DAYTIME = frozenset({"ARI", "DSX"})
MOONLIT_DEG = 90.0  # from the quarters on the Moon hides the fainter meteors
FAR_DEG = 30.0  # a radiant so far from the equator favours one hemisphere

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
VARIES = gettext_lazy("In most years only a few meteors come, in some very many.")
# Translators: parent is the designation of a comet, such as "109P/Swift-Tuttle"
COMET = gettext_lazy("Their dust comes from the comet %(parent)s.")
# Translators: parent is the designation of an asteroid, such as "(3200) Phaethon"
ASTEROID = gettext_lazy("Their dust comes from the asteroid %(parent)s.")
# Translators: constellation is one of the texts with the context "constellation, radiant", with the
# article or preposition that they bear there
RADIANT = gettext_lazy("The meteors seem to come from the direction of %(constellation)s.")
# Translators: speed is a whole number
SPEED = gettext_lazy("They enter the air at %(speed)s km a second.")
NORTHERN = gettext_lazy("The northern hemisphere sees most of them.")
SOUTHERN = gettext_lazy("The southern hemisphere sees most of them.")
MOONLIGHT = gettext_lazy(
    "The bright Moon hides the faint ones this time: look up from a dark place while it is low or "
    "behind a house."
)
DARK = gettext_lazy(
    "The Moon disturbs little this time: look up from a dark place while the radiant stands high, "
    "for most showers after midnight, with the eyes used to the dark."
)
BY_DAY = gettext_lazy(
    "The radiant stands near the Sun, so that most of them fall by day and are counted by radio; a "
    "few can be seen low in the east before dawn."
)

# Translators: the constellation that meteors seem to come from, in the form that "from the
# direction of Perseus" needs, with the article or preposition that depends on the name
# ("de Perseo", "da Lira", "des Gémeaux").
RADIANTS: Phrases = {
    "aqr": pgettext_lazy("constellation, radiant", "Aquarius"),
    "ari": pgettext_lazy("constellation, radiant", "Aries"),
    "aur": pgettext_lazy("constellation, radiant", "Auriga"),
    "boo": pgettext_lazy("constellation, radiant", "Boötes"),
    "cap": pgettext_lazy("constellation, radiant", "Capricornus"),
    "cas": pgettext_lazy("constellation, radiant", "Cassiopeia"),
    "cen": pgettext_lazy("constellation, radiant", "Centaurus"),
    "cet": pgettext_lazy("constellation, radiant", "Cetus"),
    "cmi": pgettext_lazy("constellation, radiant", "Canis Minor"),
    "dra": pgettext_lazy("constellation, radiant", "Draco"),
    "gem": pgettext_lazy("constellation, radiant", "Gemini"),
    "her": pgettext_lazy("constellation, radiant", "Hercules"),
    "hya": pgettext_lazy("constellation, radiant", "Hydra"),
    "leo": pgettext_lazy("constellation, radiant", "Leo"),
    "lmi": pgettext_lazy("constellation, radiant", "Leo Minor"),
    "lyn": pgettext_lazy("constellation, radiant", "Lynx"),
    "lyr": pgettext_lazy("constellation, radiant", "Lyra"),
    "mon": pgettext_lazy("constellation, radiant", "Monoceros"),
    "ori": pgettext_lazy("constellation, radiant", "Orion"),
    "peg": pgettext_lazy("constellation, radiant", "Pegasus"),
    "per": pgettext_lazy("constellation, radiant", "Perseus"),
    "pup": pgettext_lazy("constellation, radiant", "Puppis"),
    "scl": pgettext_lazy("constellation, radiant", "Sculptor"),
    "sex": pgettext_lazy("constellation, radiant", "Sextans"),
    "tau": pgettext_lazy("constellation, radiant", "Taurus"),
    "umi": pgettext_lazy("constellation, radiant", "Ursa Minor"),
    "vel": pgettext_lazy("constellation, radiant", "Vela"),
}


def title(facts: Facts) -> str:
    # Translators: shower is the name of a meteor shower, such as "Perseids"
    return _("%(shower)s at their peak") % {"shower": SHOWERS[facts.details["shower"]]}


def description(facts: Facts) -> str:
    details = facts.details
    stream = (_origin(details["parent_body"]), _radiant(facts), _speed(facts))
    if details["shower"] in DAYTIME:
        return paragraph(*stream, BY_DAY)
    moonlit = details["moon_elongation_deg"] > MOONLIT_DEG
    return paragraph(
        _rate(details["zhr"]), *stream, _side(details["radiant_dec_deg"]),
        MOONLIGHT if moonlit else DARK,
    )  # fmt: skip


def _rate(count: int | None) -> str:
    if count is None:
        return str(VARIES)
    # Translators: meteors of a shower, named in the title
    return ngettext(
        "At best %(count)d meteor an hour can be seen, with the radiant overhead in a dark sky.",
        "At best %(count)d meteors an hour can be seen, with the radiant overhead in a dark sky.",
        count,
    ) % {"count": count}


def _origin(parent: str | None) -> str:
    if parent is None:
        return ""
    return str(ASTEROID if parent.startswith("(") else COMET) % {"parent": parent}


def _radiant(facts: Facts) -> str:
    where = RADIANTS[facts.details["radiant_constellation"]]
    return str(RADIANT) % {"constellation": where}


def _speed(facts: Facts) -> str:
    return str(SPEED) % {"speed": decimal_text(facts.details["velocity_km_s"], 0)}


def _side(radiant_dec_deg: float) -> str | Promise:
    if abs(radiant_dec_deg) < FAR_DEG:
        return ""
    return NORTHERN if radiant_dec_deg > 0 else SOUTHERN
