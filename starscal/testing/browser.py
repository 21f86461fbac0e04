"""Drive Debian's chromium in a test; skip, with the reason, where it is absent."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from starscal.devservices.processes import last_lines, spawn, stop
from starscal.devservices.waiting import poll

# Between the text of a selector and the ground of the page, as WCAG 2.2 reckons it.
CONTRAST = """selector => {
  const light = text => {
    const parts = text.match(/[0-9.]+/g).slice(0, 3).map(part => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ground = light(getComputedStyle(document.documentElement).backgroundColor);
  const text = light(getComputedStyle(document.querySelector(selector)).color);
  return (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
}"""
LAUNCH_ARGUMENTS = (
    "--headless",
    "--remote-debugging-port=0",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--password-store=basic",
)
WAIT_MS = 15_000
START_TIMEOUT_S = 60.0


def launch_arguments() -> list[str]:
    """Return chromium's arguments; as root it runs only without its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [*sandbox, *LAUNCH_ARGUMENTS]


def find_chromium() -> str | None:
    """Return the browser's program."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def chromium_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one chromium for all tests of this worker and return where it listens."""
    program = find_chromium()
    if program is None:
        pytest.skip("chromium is not installed")
    folder = tmp_path_factory.mktemp("chromium")
    log, port = folder / "chromium.log", folder / "DevToolsActivePort"
    with log.open("wb") as output:
        argv = [program, f"--user-data-dir={folder}", *launch_arguments()]
        process = spawn(argv, log=output)
    try:
        poll(lambda: has_address(port) or process.poll() is not None, timeout_s=START_TIMEOUT_S)
        if not has_address(port):
            pytest.fail("chromium does not start:\n" + "\n".join(last_lines(log, 30)))
        yield f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
    finally:
        stop(process)


def has_address(port: Path) -> bool:
    """Say whether chromium has written down its port and path."""
    return port.exists() and len(port.read_text().splitlines()) == 2


@pytest.fixture
def chromium(chromium_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Talk to chromium for one test, whose contexts end with it.

    The talk lives no longer than the test: Playwright keeps an event loop running in this thread
    meanwhile, which the asynchronous tests could not live with.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(chromium_address)
        yield browser
        # While Playwright's event loop runs, Django keeps other connections than outside of it.
        connections.close_all()
        for context in browser.contexts[1:]:  # the first is chromium's own
            context.close()
        browser.close()


@pytest.fixture
def chromium_page(chromium: Browser) -> Page:
    """Open an empty page in a context of its own."""
    page = chromium.new_page()
    page.set_default_timeout(WAIT_MS)
    return page
