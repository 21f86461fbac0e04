"""Template tags of the desk."""

from __future__ import annotations

from typing import Any

from django import template

from events.desk.dashboard import dashboard
from starscal.core.admin_shared import reader_language
from starscal.core.catalogues import glossary_lookup
from starscal.core.pages import html_tag

register = template.Library()
register.simple_tag(dashboard, name="desk_dashboard")
register.filter("html_tag", html_tag)


@register.inclusion_tag("admin/events/desk/hints.html")
def glossary_hints(text: str, language: str) -> dict[str, Any]:
    """Show the terms of the glossary that an English text holds, in the language of a reader."""
    entries = glossary_lookup.glossary_hints(text=text or "", language=language)
    return {
        "entries": entries,
        "language": language,
        "tag": html_tag(language),
        "page_tag": html_tag(reader_language()),  # hints may stand within an English text
    }
