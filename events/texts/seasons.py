"""Texts of the equinoxes and solstices, named for neither hemisphere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def title(kind: str, _details: Mapping[str, Any]) -> str:
    if kind == "march_equinox":
        return _("March equinox")
    if kind == "june_solstice":
        return _("June solstice")
    if kind == "september_equinox":
        return _("September equinox")
    return _("December solstice")


def description(kind: str, _details: Mapping[str, Any]) -> str:
    if kind == "march_equinox":
        return _(
            "The Sun crosses the celestial equator northwards. Day and night are about equally "
            "long everywhere; spring begins in the northern hemisphere, autumn in the southern."
        )
    if kind == "june_solstice":
        return _(
            "The Sun stands farthest north. The northern hemisphere has its longest day and "
            "summer begins there; the southern hemisphere has its shortest day and winter begins."
        )
    if kind == "september_equinox":
        return _(
            "The Sun crosses the celestial equator southwards. Day and night are about equally "
            "long everywhere; autumn begins in the northern hemisphere, spring in the southern."
        )
    return _(
        "The Sun stands farthest south. The northern hemisphere has its shortest day and winter "
        "begins there; the southern hemisphere has its longest day and summer begins."
    )
