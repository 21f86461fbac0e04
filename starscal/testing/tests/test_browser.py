"""The fixture that drives chromium."""

import os

import pytest
from playwright.sync_api import Page

from starscal.testing import browser


@pytest.mark.slow
@pytest.mark.browser
def test_the_browser_shows_a_page(chromium_page: Page) -> None:
    chromium_page.set_content("<h1>луна</h1>")
    assert chromium_page.get_by_role("heading").inner_text() == "луна"


def test_only_root_goes_without_the_sandbox() -> None:
    assert ("--no-sandbox" in browser.launch_arguments()) == (os.geteuid() == 0)
