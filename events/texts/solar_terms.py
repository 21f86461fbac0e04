"""Texts of the twenty-four solar terms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from astronomy.calendar_names import TERMS
from events.facts import Facts

NAME = _("Solar term")
ABOUT = _(
    "One of the 24 solar terms of the East Asian calendars: the Sun has moved 15° along the "
    "ecliptic since the one before. Their names follow the seasons of northern China; the date in "
    "China, Japan or Korea is that of the local time there."
)


def title(facts: Facts) -> str:
    return str(TERMS[facts.details["term"]])
