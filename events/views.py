"""Pages of the site: what comes next, and one event."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.http import quote_etag
from django.views.decorators.http import conditional_page, require_safe

from events.models.image import EventImage, image_name_read
from events.page_context import LISTED, event_context, home_context, notices_shown
from events.page_reader import reader_of
from events.page_selectors import events_upcoming
from events.selectors import announcements_current, event_find
from starscal.core import clock
from starscal.core.pages import localized_page, public_page
from starscal.core.selectors import stream_cursor

STREAM = "events"
# An image is for the pages of any site, and by itself no document that could do anything.
IMAGE_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@require_safe
def home_redirect(request: HttpRequest) -> HttpResponse:
    """Send a reader to the page in the language of the address, of the account, or the browser."""
    response = HttpResponseRedirect(f"/{request.LANGUAGE_CODE}/")
    patch_vary_headers(response, ["Accept-Language"])
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
@conditional_page
@localized_page
def home(request: HttpRequest, language: str) -> HttpResponse:
    """Show what comes next; the cursor is read before the rows, so that no news is missed."""
    now = clock.now()
    cursor = stream_cursor(name=STREAM)
    events = events_upcoming(at=now, limit=LISTED)
    reader = reader_of(request, language)
    context = home_context(events, language=language, now=now, cursor=cursor, reader=reader)
    context["notices"] = notices_shown(announcements_current(), language)
    page = public_page(request, language)
    return _varying(render(request, "events/home.html", {"page": page, **context}))


@require_safe
@conditional_page
@localized_page
def event_page(request: HttpRequest, language: str, reference: str) -> HttpResponse:
    """Show one event, named by slug, key or id; one that is not stored is computed."""
    cursor = stream_cursor(name=STREAM)
    found = event_find(reference=reference, languages=(language, settings.LANGUAGE_CODE))
    if found is None:
        raise Http404
    reader = reader_of(request, language)
    now = clock.now()
    context = event_context(found, language=language, now=now, cursor=cursor, reader=reader)
    page = public_page(request, language, f"events/{found.event.slug}/")
    return _varying(render(request, "events/event.html", {"page": page, **context}))


@require_safe
def event_image(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send the image of a name; it never changes, so that everybody may keep it for good."""
    try:
        image_name_read(name)
    except ValueError as error:
        raise Http404 from error
    image = EventImage.objects.filter(name=name).first()
    if image is None:
        raise Http404
    headers = {**IMAGE_HEADERS, "Content-Type": image.content_type, "ETag": quote_etag(name)}
    response = HttpResponse(bytes(image.content), headers=headers)
    answer = get_conditional_response(request, etag=quote_etag(name), response=response)
    return answer or response


def _varying(response: HttpResponse) -> HttpResponse:
    """Tell caches that a page may show the place and the calendars of whoever is signed in."""
    patch_vary_headers(response, ["Cookie"])
    return response
