"""Texts of the equinoxes and solstices, named for neither hemisphere."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from events.facts import Phrases

NAMES: Phrases = {
    "march_equinox": _("March equinox"),
    "june_solstice": _("June solstice"),
    "september_equinox": _("September equinox"),
    "december_solstice": _("December solstice"),
}
ABOUT: Phrases = {
    "march_equinox": _(
        "The Sun crosses the celestial equator northwards. Day and night are about equally "
        "long everywhere; spring begins in the northern hemisphere, autumn in the southern."
    ),
    "june_solstice": _(
        "The Sun stands farthest north. The northern hemisphere has its longest day and "
        "summer begins there; the southern hemisphere has its shortest day and winter begins."
    ),
    "september_equinox": _(
        "The Sun crosses the celestial equator southwards. Day and night are about equally "
        "long everywhere; autumn begins in the northern hemisphere, spring in the southern."
    ),
    "december_solstice": _(
        "The Sun stands farthest south. The northern hemisphere has its shortest day and winter "
        "begins there; the southern hemisphere has its longest day and summer begins."
    ),
}
