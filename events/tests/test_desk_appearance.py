"""The admin of ten languages in chromium: nothing cut off, no box, no text of another language."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize

from accounts.models import User
from events.desk.models import DeskJob
from events.models import Announcement, Event
from events.services.generation import event_generate
from events.tests.desk_filled import desk_fill
from events.windows import Span
from starscal.core import clock
from starscal.core.models import AuditEntry
from starscal.testing.appearance import boxes, cut_off, foreign, sticking_out, texts
from starscal.testing.live import LiveServer
from starscal.testing.staff import staff_sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PHONE: ViewportSize = {"width": 390, "height": 800}
DESK: ViewportSize = {"width": 1280, "height": 800}
EVENTS, ACCOUNTS, LOG = "/admin/events/", "/admin/accounts/", "/admin/core/"
PAGES: Final = {
    "events": (
        "/admin/", f"{EVENTS}event/", f"{EVENTS}event/{{event}}/change/", f"{EVENTS}event/add/",
        f"{EVENTS}event/{{event}}/preview/", f"{EVENTS}event/{{event}}/history/",
    ),
    "desk": (
        f"{EVENTS}event/desk/stale/", f"{EVENTS}event/desk/review/", f"{EVENTS}event/desk/waiting/",
        f"{EVENTS}textstate/", f"{EVENTS}deskjob/", f"{EVENTS}deskjob/{{job}}/change/",
        f"{EVENTS}announcement/", f"{EVENTS}announcement/{{notice}}/change/",
        f"{EVENTS}announcement/presence/", f"{EVENTS}kindsetting/", f"{EVENTS}computedwindow/",
    ),
    "people": (
        f"{ACCOUNTS}user/", f"{ACCOUNTS}user/{{user}}/change/", f"{ACCOUNTS}user/add/",
        f"{ACCOUNTS}session/", f"{ACCOUNTS}apikey/", "/admin/auth/group/", "/admin/auth/group/add/",
        f"{LOG}auditentry/", f"{LOG}auditentry/{{entry}}/change/", f"{LOG}stream/",
        f"{LOG}outboxmessage/", "/admin/nothing/",
    ),
}  # fmt: skip
# Tables of many columns are moved sideways on a phone, and long lines of code everywhere.
MOVED: Final = ("DIV.results", "DIV.desk-wide", "PRE")


@pytest.fixture
def owner() -> User:
    """Let somebody in who may do everything."""
    return User.objects.create_superuser("owner", password=None)


@pytest.fixture
def places(owner: User) -> dict[str, str]:
    """Have a desk with something on each page; return what stands in the addresses."""
    now = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    span = Span(now + timedelta(days=1), now + timedelta(days=62))
    event_generate(span=span, families=("moon_phases", "conjunctions", "solar_terms"))
    event = Event.objects.filter(event_type="full_moon").earliest("occurs_at")
    desk_fill(owner, event)
    return {
        "event": str(event.pk),
        "job": str(DeskJob.objects.earliest("created_at").pk),
        "notice": str(Announcement.objects.earliest("created_at").pk),
        "user": str(User.objects.exclude(pk=owner.pk).earliest("created_at").pk),
        "entry": str(AuditEntry.objects.latest("pk").pk),
    }


def opened(browser: Browser, server: LiveServer, owner: User) -> Page:
    """Return a page of a browser in which somebody has passed both factors."""
    client = Client()
    staff_sign_in(client, owner)
    context = browser.new_context(viewport=DESK)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


@pytest.mark.parametrize("part", PAGES)
def test_a_page_of_the_admin_is_whole_and_in_one_language(
    places: dict[str, str], owner: User, chromium: Browser, shared_server: LiveServer, part: str
) -> None:
    page = opened(chromium, shared_server, owner)
    found = {}
    for address in PAGES[part]:
        url = urljoin(shared_server.url, address.format(**places))
        english: frozenset[str] = frozenset()
        for language in LANGUAGES:
            page.set_extra_http_headers({"Accept-Language": language})
            page.goto(url)
            read = texts(page)
            faults = {
                "wide at a desk": [*sticking_out(page), *cut(page, "PRE")],
                "boxes": boxes(page),
                "foreign": foreign(read, language, english),
            }
            english = english or frozenset(read)
            page.set_viewport_size(PHONE)
            faults["wide on a phone"] = [*sticking_out(page), *cut(page, *MOVED)]
            page.set_viewport_size(DESK)
            found[address, language] = {kind: what for kind, what in faults.items() if what}
    assert {where: faults for where, faults in found.items() if faults} == {}


def cut(page: Page, *moved: str) -> list[str]:
    """Return what is cut off, but for what may be moved."""
    return [told for told in cut_off(page) if not told.startswith(moved)]
