"""Make docs/images/home.png from a running site: the home page at night, and on a phone by day.

`make run`, and beside it `.venv/bin/python -m tools.screenshots [--url http://127.0.0.1:8000]`.
Needs the packages of requirements-dev.txt and chromium, which also puts the two pictures together.
"""

import argparse
import base64
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

from playwright.sync_api import Browser, ViewportSize, sync_playwright

IMAGE = Path(__file__).parent.parent / "docs" / "images" / "home.png"
MOST_BYTES = 400_000
DESK = ViewportSize(width=1180, height=800)
PHONE = ViewportSize(width=390, height=800)
SHEET = """<!doctype html><style>
body {{ margin: 0; padding: 28px; display: flex; gap: 28px; width: max-content; }}
img {{ display: block; height: 620px; border-radius: 14px; border: 1px solid #8a90b0; }}
</style><img src="data:image/png;base64,{desk}"><img src="data:image/png;base64,{phone}">"""


def picture(
    browser: Browser, url: str, viewport: ViewportSize, scheme: Literal["light", "dark"]
) -> str:
    """Return the page as base64 PNG, once it is live."""
    page = browser.new_page(viewport=viewport, color_scheme=scheme, device_scale_factor=1)
    page.goto(url)
    page.locator("#connection[data-state=live]").wait_for()
    image = page.screenshot(animations="disabled")
    page.close()
    return base64.b64encode(image).decode()


def sheet(browser: Browser, site: str) -> bytes:
    """Return both pictures side by side on a transparent ground."""
    desk = picture(browser, urljoin(site, "/en/"), DESK, "dark")
    phone = picture(browser, urljoin(site, "/en/"), PHONE, "light")
    page = browser.new_page(viewport=ViewportSize(width=1320, height=680))
    page.set_content(SHEET.format(desk=desk, phone=phone))
    return page.locator("body").screenshot(omit_background=True)


def main(arguments: Sequence[str] | None = None) -> str | None:
    """Write the picture; return what went wrong, if anything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the site")
    site = parser.parse_args(arguments).url
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        return "chromium is not installed."
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=sandbox)
        image = sheet(browser, site)
        browser.close()
    if len(image) > MOST_BYTES:
        return f"The picture has {len(image)} bytes; at most {MOST_BYTES} are allowed."
    IMAGE.parent.mkdir(parents=True, exist_ok=True)
    IMAGE.write_bytes(image)
    print(f"Wrote {IMAGE} ({len(image) // 1000} KB).")
    return None


if __name__ == "__main__":
    sys.exit(main())
