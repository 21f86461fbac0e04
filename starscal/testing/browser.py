"""Drive Debian's chromium in a test; skip, with the reason, where it is absent."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Page, sync_playwright

LAUNCH_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_MS = 15_000


def launch_arguments() -> list[str]:
    """Return chromium's arguments; as root it runs only without its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [*sandbox, *LAUNCH_ARGUMENTS]


def find_chromium() -> str | None:
    """Return the browser's program."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def chromium_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """Open an empty page in a fresh browser.

    The browser lives no longer than the test: Playwright keeps an event loop running in this
    thread while it is open, which the asynchronous tests could not live with.
    """
    executable = find_chromium()
    if executable is None:
        pytest.skip("chromium is not installed")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=launch_arguments())
        page = browser.new_page()
        page.set_default_timeout(WAIT_MS)
        yield page
        # While Playwright's event loop runs, Django keeps other connections than outside of it.
        connections.close_all()
        browser.close()
