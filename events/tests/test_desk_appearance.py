"""The admin of ten languages in chromium: nothing cut off, no box, no text of another language."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize

from accounts.models import User
from events.models import Announcement, Event
from events.models.desk import DeskJob
from events.services.generation import event_generate
from events.tests.desk_filled import desk_fill
from events.windows import Span
from starscal.core import clock
from starscal.core.pages import NATIVE_NAMES
from starscal.testing.appearance import boxes, cut_off, foreign, sticking_out, texts
from starscal.testing.live import LiveServer
from starscal.testing.staff import staff_sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PHONE: ViewportSize = {"width": 390, "height": 800}
DESK: ViewportSize = {"width": 1280, "height": 800}
EVENTS, ACCOUNTS, LOG = "/admin/events/", "/admin/accounts/", "/admin/core/"
CHAT = "/admin/telegram_link/"
PAGES: Final = {
    "event": (
        "/admin/", f"{EVENTS}event/", f"{EVENTS}event/add/", f"{EVENTS}event/{{event}}/change/",
        f"{EVENTS}event/{{event}}/preview/", f"{EVENTS}event/{{event}}/history/",
        f"{EVENTS}event/{{event}}/overrides/", f"{EVENTS}event/{{event}}/changes/",
    ),
    "desk": (
        f"{EVENTS}event/desk/stale/", f"{EVENTS}event/desk/review/", f"{EVENTS}event/desk/waiting/",
        f"{EVENTS}event/desk/runs/", f"{EVENTS}event/desk/glossary/",
        f"{EVENTS}event/desk/kinds/full_moon/",
        f"{EVENTS}deskjob/", f"{EVENTS}deskjob/{{job}}/change/",
        f"{EVENTS}announcement/", f"{EVENTS}announcement/{{notice}}/change/",
        f"{EVENTS}textstate/", f"{EVENTS}kindsetting/",
    ),
    "others": (
        f"{ACCOUNTS}user/", f"{ACCOUNTS}user/{{user}}/change/", f"{ACCOUNTS}user/add/",
        f"{ACCOUNTS}session/", f"{ACCOUNTS}apikey/", "/admin/auth/group/", f"{LOG}auditentry/",
        f"{LOG}outboxmessage/", "/admin/nothing/",
    ),
    "telegram": (
        f"{CHAT}telegramchat/", f"{CHAT}telegramaccount/", f"{CHAT}notification/",
        f"{CHAT}notification/traffic/", f"{CHAT}telegramupdate/",
    ),
}  # fmt: skip
# Long lines of code and large tables are moved sideways, lists on a phone alone.
MOVED: Final = ("PRE", "SELECT", "DIV.desk-wide")
MOVED_ON_A_PHONE: Final = (*MOVED, "DIV.results")
# What reads the same for all: names, keys and numbers of rows, and two words of Django.
CODE: Final = re.compile(r"[A-Za-z0-9:/|+]*[\d_.:…-][A-Za-z0-9_.:/|+…-]*")
NAMES: Final = re.compile(
    r"Telegram|Only a published event can be cancelled|\([A-Z][a-z]+\)"
    r"|\b(owner|Auditor|Curator|Publisher|Translator|read|login|user|session|event|events"
    r"|announcement|coverage|en|zh|es|hi|pt|de|fr|ja|ru|hy|[A-Z]|Phaethon|True|False)\b"
)


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


@pytest.mark.timeout(600)  # hundreds of pages
@pytest.mark.parametrize("part", PAGES)
def test_a_page_of_the_admin_is_whole_and_in_one_language(
    places: dict[str, str], owner: User, chromium: Browser, shared_server: LiveServer, part: str
) -> None:
    page = opened(chromium, shared_server, owner)
    found = []
    for address in PAGES[part]:
        url = urljoin(shared_server.url, address.format(**places))
        english: frozenset[str] = frozenset()
        for language in LANGUAGES:
            page.set_extra_http_headers({"Accept-Language": language})
            page.goto(url)
            read = words_of(page)
            faults = [*looked_at(page), *foreign(read, language, english)]
            english = english or frozenset(text for text in read if " " in text)
            found += [f"{address} in {language}: {fault}" for fault in faults]
    if found:
        pytest.fail("\n".join(found))


def words_of(page: Page) -> list[str]:
    """Return the texts of a page, but for what reads the same for all."""
    own = (text.strip("›· ") for text in texts(page))
    return [
        CODE.sub("", NAMES.sub("", text)).strip()
        for text in own
        if text not in NATIVE_NAMES.values()
    ]


def looked_at(page: Page) -> list[str]:
    """Return what is wrong with a page at a desk and on a phone, whatever its language."""
    faults = [f"no sign for {sign!r}" for sign in boxes(page)]
    for name, viewport, moved in (("phone", PHONE, MOVED_ON_A_PHONE), ("desk", DESK, MOVED)):
        page.set_viewport_size(viewport)
        wide = [*sticking_out(page), *(it for it in cut_off(page) if not it.startswith(moved))]
        faults += [f"{name}: too wide: {' '.join(it.split())}" for it in wide]
    return faults
