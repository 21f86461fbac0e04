"""The page that shows an event in ten languages as its readers get it."""

from __future__ import annotations

import uuid
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from events.previews import event_previews
from starscal.core import clock

TEMPLATE = "admin/events/event/preview.html"


def preview_response(
    model_admin: ModelAdmin[Event], request: HttpRequest, object_id: uuid.UUID
) -> HttpResponse:
    """Show the previews of an event in any state; whoever may look at events may see them."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    event = Event.objects.filter(pk=object_id).first()
    if event is None:
        raise Http404
    zone = ZoneInfo(cast("User", request.user).timezone or "UTC")
    context = {
        **model_admin.admin_site.each_context(request),
        # Translators: the title of a page that shows an event as its readers will see it
        "title": _("Preview"),
        "opts": model_admin.opts,
        "event": event,
        "zone": zone.key,
        "previews": list(event_previews(event=event, zone=zone, at=clock.now()).values()),
    }
    return TemplateResponse(request, TEMPLATE, context)
