"""Template tags for figures of the sky."""

from __future__ import annotations

from django import template

from events.figures import moon_path

register = template.Library()
register.simple_tag(moon_path, name="moon_path")
