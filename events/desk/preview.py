"""The page that shows an event in ten languages as its readers get it."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.models import User
from events.models import Event
from events.previews import event_previews
from starscal.core import clock

TEMPLATE = "admin/events/event/preview.html"


def preview_response(request: HttpRequest, event: Event, page: dict[str, Any]) -> HttpResponse:
    """Show the previews of an event; ``page`` is what the admin's pages need."""
    zone = ZoneInfo(cast("User", request.user).timezone or "UTC")
    previews = event_previews(event=event, zone=zone, at=clock.now())
    context = {**page, "zone": zone.key, "previews": list(previews.values())}
    return TemplateResponse(request, TEMPLATE, context)
