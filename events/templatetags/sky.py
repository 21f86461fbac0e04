"""Template tags for figures of the sky."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from events.figures import moon_path

register = template.Library()
register.simple_tag(moon_path, name="moon_path")


@register.simple_tag
def level_sentence(level: int | None = None) -> str:
    """Say how important an event is; without a level, the sentence that a script fills in."""
    # Translators: level is a number from 1 to 5
    sentence = _("Importance %(level)s of 5.")
    return sentence if level is None else sentence % {"level": level}
