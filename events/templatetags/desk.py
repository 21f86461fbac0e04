"""Template tags of the desk."""

from __future__ import annotations

from django import template

from events.desk.dashboard import dashboard
from starscal.core.pages import html_tag

register = template.Library()
register.simple_tag(dashboard, name="desk_dashboard")
register.filter("html_tag", html_tag)
