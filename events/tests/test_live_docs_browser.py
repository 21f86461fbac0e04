"""The page of the live feed's frames in a browser: nothing refused, nothing cut off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from starscal.testing.live import LiveServer

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.browser]


def test_the_page_fits_screens_and_its_policy(
    chromium_page: Page, quiet_server: LiveServer
) -> None:
    page = chromium_page
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_viewport_size({"width": 1100, "height": 1500})
    page.goto(f"{quiet_server.url}/api/v1/docs/live/?lang=hy")
    page.locator("summary", has_text="Example").first.click()
    assert page.locator("details[open] pre").first.is_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".languages summary").click()
    page.locator(".languages a[hreflang=ru]").click()
    assert page.evaluate("document.documentElement.lang") == "ru"
    assert complaints == []
