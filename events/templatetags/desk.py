"""Template tags of the admin's front page."""

from __future__ import annotations

from django import template

from events.desk.dashboard import dashboard

register = template.Library()
register.simple_tag(dashboard, name="desk_dashboard")
