"""Template tags of every page."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from starscal.core.i18n import language_normalize
from starscal.core.pages import Page, language_page

register = template.Library()


@register.simple_tag
def page_defaults() -> Page:
    """Return the language of a page whose view gave none, as that of an error."""
    return language_page(language_normalize(get_language() or "en") or "en")
