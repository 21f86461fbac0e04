"""The pages in Debian's chromium, over real PostgreSQL, Valkey, Daphne and the relay."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django_otp.oath import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from accounts.models import User
from events.kinds import COMPUTED
from events.models import Event
from events.page_context import month_text
from events.services.curation import (
    EventEdit,
    event_cancel,
    event_hide,
    event_publish,
    event_update,
)
from events.services.generation import event_generate
from events.windows import Span
from starscal.core import clock
from starscal.core.formats import time_text
from starscal.core.i18n import language_active
from starscal.testing.browser import CONTRAST
from starscal.testing.live import LiveProcess, LiveServer

PASSWORD = "a long enough word for one test"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
HTML_TAGS = {"zh-hans": "zh-Hans", "pt-br": "pt-BR"}
PHONE: ViewportSize = {"width": 360, "height": 740}

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def coming(transactional_db: None) -> Event:
    """Store the next two months of the sky and return one of the coming full moons."""
    now = clock.now()
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    event_generate(span=Span(start, start + timedelta(days=62)), families=tuple(COMPUTED))
    soon = Event.objects.filter(event_type="full_moon", occurs_at__gt=now + timedelta(hours=1))
    event: Event = soon.order_by("occurs_at")[0]
    return event


def opened(context: Browser | BrowserContext, url: str, errors: list[str] | None = None) -> Page:
    page = context.new_page()
    page.set_default_timeout(15_000)
    if errors is not None:
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(url)
    return page


def live_page(browser: Browser, server: LiveServer, language: str = "en") -> Page:
    page = opened(browser, urljoin(server.url, f"/{language}/"))
    page.locator("#connection[data-state=live]").wait_for()
    # Nothing below may pass because the page was loaded again.
    page.evaluate("window.loadedOnce = true")
    return page


def admin_page(browser: Browser, server: LiveServer) -> Page:
    User.objects.create_superuser("owner", password=PASSWORD)
    page = opened(browser, urljoin(server.url, "/admin/"))
    page.locator("#id_username").fill("owner")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("[type=submit]").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("#id_code").fill(f"{TOTP(b32decode(secret)).token():06d}")
    page.locator("#code-form [type=submit]").click()
    page.locator(".recovery-codes").wait_for()
    page.locator("#content-main a.button").click()
    page.locator("#user-tools").wait_for()
    return page


def row(page: Page, event: Event) -> str:
    return f'#months .row[data-id="{event.pk}"]'


def test_publishing_in_admin_reaches_an_open_page(
    coming: Event, chromium: Browser, fresh_server: LiveServer, shared_relay: LiveProcess
) -> None:
    Event.objects.filter(pk=coming.pk).update(status=Event.Status.DRAFT)
    home = live_page(chromium, fresh_server)
    expect(home.locator(row(home, coming))).to_have_count(0)
    admin = admin_page(chromium, fresh_server)
    admin.goto(urljoin(fresh_server.url, f"/admin/events/event/?q={coming.slug}"))
    admin.locator(f'input[name="_selected_action"][value="{coming.pk}"]').check()
    admin.locator("select[name=action]").select_option("publish_chosen")
    admin.locator("button[name=index]").click()
    expect(home.locator(row(home, coming))).to_have_count(1)
    expect(home.locator(f"{row(home, coming)} .row-title")).to_have_text(coming.text("title", "en"))
    expect(home.locator("#news")).to_contain_text(coming.text("title", "en"))
    instants = home.locator("#months .row-day").evaluate_all("all => all.map(t => t.dateTime)")
    assert instants == sorted(instants)
    assert home.evaluate("window.loadedOnce")


def test_editing_cancelling_and_hiding_reach_an_open_page(
    coming: Event, chromium: Browser, fresh_server: LiveServer, shared_relay: LiveProcess
) -> None:
    home, russian = (
        live_page(chromium, fresh_server),
        live_page(chromium, fresh_server, "ru"),
    )
    admin = admin_page(chromium, fresh_server)
    admin.goto(urljoin(fresh_server.url, f"/admin/events/event/{coming.pk}/change/"))
    admin.locator("#id_title_en").fill("The Long Night Moon")
    admin.locator("[name=_continue]").first.click()
    expect(home.locator(f"{row(home, coming)} .row-title")).to_have_text("The Long Night Moon")
    admin.locator(".status-form [value=cancel]").click()
    expect(home.locator(row(home, coming))).to_have_attribute("data-status", "cancelled")
    expect(home.locator(f"{row(home, coming)} .badge-cancelled")).to_be_visible()
    expect(russian.locator(row(russian, coming))).to_have_attribute("data-status", "cancelled")
    title = coming.text("title", "ru")
    expect(russian.locator(f"{row(russian, coming)} .row-title")).to_have_text(title)
    admin.locator(".status-form [value=hide]").click()
    expect(home.locator(row(home, coming))).to_have_count(0)
    assert home.evaluate("window.loadedOnce")


def test_editing_and_cancelling_reach_an_open_page_of_the_event(
    coming: Event, chromium: Browser, shared_server: LiveServer, shared_relay: LiveProcess
) -> None:
    owner = User.objects.create_superuser("owner", password=None)
    page = live_page(chromium, shared_server, f"en/events/{coming.slug}")
    title, status = page.locator(".event-page h1"), page.locator(".event-page")
    texts = {"title_en": "The Long Night Moon", "description_en": "Bring tea.\n\nAnd a coat."}
    event_update(event_id=coming.pk, actor=owner, edit=EventEdit(texts=texts), at=clock.now())
    expect(title).to_have_text("The Long Night Moon")
    expect(page.locator("[data-text=description] p")).to_have_text(["Bring tea.", "And a coat."])
    expect(page).to_have_title(re.compile("^The Long Night Moon · "))
    expect(page.locator("#news")).to_contain_text("The Long Night Moon")
    event_cancel(event_id=coming.pk, actor=owner)
    expect(page.locator(".event-page .badge-cancelled")).to_be_visible()
    moved = coming.occurs_at + timedelta(days=2)
    Event.objects.filter(pk=coming.pk).update(occurs_at=moved)  # as a recomputation may
    event_publish(event_id=coming.pk, actor=owner)
    time = page.locator(".hero-when time").first
    expect(time).to_have_attribute("datetime", re.compile(f"{moved:%Y-%m-%d}"))
    expect(page.locator(".facts code")).to_contain_text(f"{moved:%Y-%m-%d}")  # the page, renewed
    event_hide(event_id=coming.pk, actor=owner)
    expect(status).to_have_attribute("data-status", "hidden")
    expect(page.locator(".event-page .badge-hidden")).to_be_visible()
    assert page.evaluate("window.loadedOnce")


@pytest.mark.slow
def test_what_was_published_while_the_server_was_away_arrives(
    coming: Event, chromium: Browser, shared_server: LiveServer, shared_relay: LiveProcess
) -> None:
    home = live_page(chromium, shared_server)
    shared_server.kill()
    home.locator("#connection[data-state=waiting]").wait_for()
    owner = User.objects.create_superuser("owner", password=None)
    event_cancel(event_id=coming.pk, actor=owner)
    shared_server.start()
    expect(home.locator(row(home, coming))).to_have_attribute(
        "data-status", "cancelled", timeout=40_000
    )
    assert home.evaluate("window.loadedOnce")


def test_every_language_is_sound_on_a_phone(
    coming: Event, chromium: Browser, shared_server: LiveServer
) -> None:
    context = chromium.new_context(viewport=PHONE, timezone_id="Asia/Yerevan")
    errors: list[str] = []
    page = opened(context, "about:blank", errors)
    for language in LANGUAGES:
        for path in (f"/{language}/", f"/{language}/events/{coming.slug}/"):
            page.goto(urljoin(shared_server.url, path))
            page.locator("#connection[data-state=live]").wait_for()
            tag = page.locator("html").get_attribute("lang")
            assert tag == HTML_TAGS.get(language, language)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"], (path, wide)
            expect(page.locator("#zone")).not_to_contain_text("%(")
        assert errors == [], language
    context.close()


def test_times_stand_in_the_zone_of_the_reader(
    coming: Event, chromium: Browser, shared_server: LiveServer
) -> None:
    context = chromium.new_context(timezone_id="Asia/Kathmandu", locale="en-US")
    page = opened(context, urljoin(shared_server.url, "/de/"))
    local = coming.occurs_at + timedelta(hours=5, minutes=45)
    expect(page.locator("#zone")).to_contain_text("Nepal")
    time = page.locator(f"{row(page, coming)} .row-facts time")
    expect(time).to_have_text(f"{local:%H:%M}")
    expect(page.locator(f"{row(page, coming)} .row-day b")).to_have_text(str(local.day))
    page.goto(urljoin(shared_server.url, "/hy/"))  # a language that chromium does not know
    with language_active("hy"):
        month = month_text(local.year, local.month)
        short = time_text(local)
    expect(page.locator(f'.month:has(.row[data-id="{coming.pk}"]) h3')).to_have_text(month)
    expect(time).to_have_text(short)
    context.close()


def test_the_page_is_whole_without_javascript(
    coming: Event, chromium: Browser, shared_server: LiveServer
) -> None:
    context = chromium.new_context(java_script_enabled=False, color_scheme="dark")
    page = opened(context, urljoin(shared_server.url, "/ja/"))
    expect(page.locator(row(page, coming))).to_be_visible()
    expect(page.locator("#hero-title")).not_to_be_empty()
    expect(page.locator("#zone")).to_be_visible()
    expect(page.locator("#connection")).to_be_hidden()
    page.locator(".languages summary").click()
    page.locator('.languages a[hreflang="hy"]').click()
    assert page.url.endswith("/hy/")
    context.close()


def test_text_is_readable_by_day_and_by_night(
    coming: Event, chromium: Browser, shared_server: LiveServer
) -> None:
    page = opened(chromium, urljoin(shared_server.url, "/en/"))
    readings = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for selector in ("h1 a", ".hero-text", ".row-facts", ".hero-label", ".notes", ".foot p"):
            readings[scheme, selector] = page.evaluate(CONTRAST, selector)
    assert min(readings.values()) >= 4.5, readings  # WCAG 2.2, 1.4.3
