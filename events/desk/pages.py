"""Pages of the desk below the list of events, for whoever may see events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib.admin import ModelAdmin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from events.models import Event

Page = Callable[..., dict[str, Any]]
PLACE_LIMIT: Final = 2**63
PLACE_DIGITS: Final = 19


def page_path(
    model_admin: ModelAdmin[Event], route: str, name: str, template: str, page: Page
) -> URLPattern:
    """Return the address of a page; ``page`` takes the request and what the address names."""
    site = model_admin.admin_site

    def view(request: HttpRequest, **named: Any) -> HttpResponse:
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        shared = {**site.each_context(request), "opts": model_admin.opts}
        context = {**shared, **page(request, **named)}
        return TemplateResponse(request, f"admin/events/desk/{template}", context)

    return path(route, site.admin_view(require_safe(view)), name=name)


def place_asked(request: HttpRequest, name: str) -> int | None:
    """Return the number that a page begins at; BadRequest for what is none."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (
        text.isascii() and text.isdigit() and len(text) <= PLACE_DIGITS and int(text) < PLACE_LIMIT
    ):
        raise BadRequest(f"{name} takes the number that the link to the next page has.")
    return int(text)
