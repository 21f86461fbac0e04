"""Drive Debian's chromium in a test; skip, with the reason, where it is absent."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

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


class Chromium:
    """One chromium of a worker, which may be started anew where it hangs."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it with an empty profile and wait until it listens."""
        profile = Path(tempfile.mkdtemp(dir=self.folder))
        self.log, self.port = profile / "chromium.log", profile / "DevToolsActivePort"
        with self.log.open("wb") as output:
            argv = [self.program, f"--user-data-dir={profile}", *launch_arguments()]
            self.process = process = spawn(argv, log=output)
        listens = partial(has_address, self.port)
        poll(lambda: listens() or process.poll() is not None, timeout_s=START_TIMEOUT_S)
        if not listens():
            pytest.fail("chromium does not start:\n" + "\n".join(last_lines(self.log, 30)))

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            stop(self.process)

    def connect(self, playwright: Playwright, *, hangs_after_ms: int = WAIT_MS) -> Browser:
        """Talk to it; one that does not answer is started anew, once."""
        try:
            return self._connect(playwright, hangs_after_ms)
        except PlaywrightTimeoutError:
            self.stop()
            self.start()
            return self._connect(playwright, WAIT_MS)

    def _connect(self, playwright: Playwright, timeout_ms: int) -> Browser:
        address = f"http://127.0.0.1:{self.port.read_text().splitlines()[0]}"
        return playwright.chromium.connect_over_cdp(address, timeout=timeout_ms)


def has_address(port: Path) -> bool:
    """Say whether chromium has written down its port and path."""
    return port.exists() and len(port.read_text().splitlines()) == 2


@pytest.fixture(scope="session")
def chromium_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Run one chromium for all tests of this worker."""
    program = find_chromium()
    if program is None:
        pytest.skip("chromium is not installed")
    process = Chromium(program, tmp_path_factory.mktemp("chromium"))
    try:
        process.start()
        yield process
    finally:
        process.stop()


@pytest.fixture
def chromium(chromium_process: Chromium, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Talk to chromium for one test, whose contexts end with it.

    The talk lives no longer than the test: Playwright keeps an event loop running in this thread
    meanwhile, which the asynchronous tests could not live with.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = chromium_process.connect(playwright)
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
