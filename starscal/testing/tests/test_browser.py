"""The fixture that drives chromium."""

import os
import signal

import pytest
from playwright.sync_api import Page, sync_playwright

from starscal.testing import browser


@pytest.mark.slow
@pytest.mark.browser
def test_the_browser_shows_a_page(chromium_page: Page) -> None:
    chromium_page.set_content("<h1>луна</h1>")
    assert chromium_page.get_by_role("heading").inner_text() == "луна"


@pytest.mark.slow
@pytest.mark.browser
def test_a_browser_that_hangs_is_started_anew(chromium_process: browser.Chromium) -> None:
    hanging = chromium_process.process
    assert hanging is not None
    hanging.send_signal(signal.SIGSTOP)
    with sync_playwright() as playwright:
        chromium_process.connect(playwright, hangs_after_ms=1000).close()
    assert hanging.poll() is not None


def test_only_root_goes_without_the_sandbox() -> None:
    assert ("--no-sandbox" in browser.launch_arguments()) == (os.geteuid() == 0)
