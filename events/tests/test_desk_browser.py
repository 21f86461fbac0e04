"""The curators' desk in Debian's chromium: languages, copying, saving, preview, history."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from events.models import Event, TextState
from events.tests.test_browser import PHONE, admin_page, coming
from starscal.testing.live import LiveServer

__all__ = ["coming"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TABS = "#desk .desk-switch a"


def desk_page(browser: Browser, server: LiveServer, event: Event, errors: list[str]) -> Page:
    """Open the event's page in the admin; what the browser complains about is kept."""
    page = admin_page(browser, server)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(urljoin(server.url, f"/admin/events/event/{event.pk}/change/"))
    page.locator("#desk.is-switched").wait_for()
    return page


def shown(page: Page) -> list[str]:
    """Return the languages whose texts are on the screen."""
    names = page.locator(".desk-part:visible").evaluate_all(
        "all => all.map(p => p.dataset.language)"
    )
    return [str(name) for name in names]


def test_a_curator_switches_edits_copies_and_previews(
    coming: Event, chromium: Browser, fresh_server: LiveServer
) -> None:
    errors: list[str] = []
    TextState.objects.create(
        event=coming, field="title", language="de", source="human", status="stale",
        generated_text="Vollmond vom Rechner",
    )  # fmt: skip
    page = desk_page(chromium, fresh_server, coming, errors)
    assert shown(page) == ["en"]
    page.locator("#tab-en").focus()
    page.keyboard.press("ArrowLeft")
    assert shown(page) == ["hy"]
    page.keyboard.press("Home")
    page.locator("#tab-de").click()
    assert shown(page) == ["de"]
    assert page.url.endswith("#de")
    expect(page.locator("#tab-de")).to_have_attribute("aria-selected", "true")
    page.locator("#text-de .desk-copy").first.click()
    title = page.locator("#id_title_de")
    expect(title).to_have_value("Vollmond vom Rechner")
    expect(page.locator("#tab-de")).to_have_class("is-changed")
    title.fill("Der Mond 🌕")
    expect(page.locator("#text-de .desk-count")).to_have_text("10 / 200")
    page.locator("[name=_continue]").first.click()
    page.locator("#desk.is-switched").wait_for()
    assert shown(page) == ["de"]
    expect(title).to_have_value("Der Mond 🌕")
    expect(page.locator("#text-de .desk-state").first).to_contain_text("Own words")
    page.locator(".desk-preview-link").click()
    expect(page.locator("#text-de .preview-chat")).to_contain_text("Der Mond 🌕")
    expect(page.locator(".preview-language")).to_have_count(10)
    page.go_back()
    page.locator(".historylink").click()
    expect(page.locator(".history-entry").first).to_contain_text("Der Mond 🌕")
    assert errors == []


def test_words_that_are_not_saved_are_asked_for(
    coming: Event, chromium: Browser, fresh_server: LiveServer
) -> None:
    page = desk_page(chromium, fresh_server, coming, [])
    page.locator("#id_title_en").fill("A new name")
    source = page.locator('#text-de [data-source="title"]')
    assert source.text_content() == "A new name"
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.accept())
        page.locator(".historylink").click()
    assert asked.value.type == "beforeunload"
    page.locator(".desk-history").wait_for()


def test_the_desk_is_whole_without_javascript_and_on_a_phone(
    coming: Event, chromium: Browser, fresh_server: LiveServer
) -> None:
    page = desk_page(chromium, fresh_server, coming, [])
    phone = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    cookies = page.context.cookies()
    phone.add_cookies(cookies)  # type: ignore[arg-type] # what a context gives is what it takes
    bare = phone.new_page()
    bare.goto(page.url)
    expect(bare.locator(".desk-part:visible")).to_have_count(10)
    expect(bare.locator(".desk-copy:visible")).to_have_count(0)
    bare.locator("#id_title_hy").fill("Լուսին")
    bare.locator("[name=_continue]").first.click()
    bare.wait_for_load_state()
    expect(bare.locator("#id_title_hy")).to_have_value("Լուսին")
    for name in ("change", "preview", "history"):
        bare.goto(page.url.replace("/change/", f"/{name}/"))
        wide = bare.locator("#content").evaluate("all => all.scrollWidth - all.clientWidth")
        assert wide <= 0, name
    phone.close()
