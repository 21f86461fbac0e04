"""Take pictures of a running site: the one of the README, or every page in every language.

`make run`, and beside it `.venv/bin/python -m tools.screenshots [--url http://127.0.0.1:8000]`
makes docs/images/home.png: the home page at night, and on a phone by day. With `--out DIR` it takes
each of `--pages` in each of `--languages`, at a desk by night and on a phone by day. Pages of the
admin need `--login` of an account without a language of its own, and in the environment
SCREENSHOTS_PASSWORD and SCREENSHOTS_SECRET (base32, of the second factor; where the account has
none yet, one is set up).
Needs the packages of requirements-dev.txt and chromium, which also puts the two pictures together.
"""

import argparse
import base64
import json
import os
import shutil
import sys
import urllib.request
from base64 import b32decode
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple
from urllib.parse import urljoin

from django_otp.oath import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

IMAGE = Path(__file__).parent.parent / "docs" / "images" / "home.png"
MOST_BYTES = 400_000
DESK = ViewportSize(width=1180, height=800)
PHONE = ViewportSize(width=390, height=800)
LANGUAGES: Final = ("en", "zh-hans", "es", "hi", "pt-br", "de", "fr", "ja", "ru", "hy")
PAGES: Final = {
    "home": "/{language}/",
    "event": "/{language}/events/{slug}/",
    "account": "/{language}/account/",
    "admin-list": "/admin/events/event/?lang={language}",
    "admin-form": "/admin/events/event/{id}/change/?lang={language}",
}
SHEET = """<!doctype html><style>
body {{ margin: 0; padding: 28px; display: flex; gap: 28px; width: max-content; }}
img {{ display: block; height: 620px; border-radius: 14px; border: 1px solid #8a90b0; }}
</style><img src="data:image/png;base64,{desk}"><img src="data:image/png;base64,{phone}">"""


class Look(NamedTuple):
    """How a page is looked at."""

    name: str
    viewport: ViewportSize
    scheme: Literal["light", "dark"]


LOOKS: Final = (Look("desk", DESK, "dark"), Look("phone", PHONE, "light"))


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


def home_image(browser: Browser, site: str) -> str | None:
    """Write the picture of the README; return what went wrong, if anything."""
    image = sheet(browser, site)
    if len(image) > MOST_BYTES:
        return f"The picture has {len(image)} bytes; at most {MOST_BYTES} are allowed."
    IMAGE.parent.mkdir(parents=True, exist_ok=True)
    IMAGE.write_bytes(image)
    print(f"Wrote {IMAGE} ({len(image) // 1000} KB).")
    return None


def gallery(browser: Browser, site: str, options: argparse.Namespace) -> Iterator[Path]:
    """Take every page in every language, and yield the files."""
    event = next_event(site)
    for look in LOOKS:
        context = browser.new_context(viewport=look.viewport, color_scheme=look.scheme)
        if options.login:
            sign_in(context, site, options.login)
        page = context.new_page()
        for name in options.pages:
            for language in options.languages:
                address = PAGES[name].format(language=language, **event)
                page.goto(
                    urljoin(site, address), wait_until="networkidle" if "admin" in name else "load"
                )
                path = options.out / f"{name}-{language}-{look.name}.png"
                page.screenshot(path=path, full_page=True, animations="disabled")
                yield path
        context.close()


def next_event(site: str) -> dict[str, str]:
    """Return id and slug of the next event that everybody hears of."""
    address = urljoin(site, "/api/v1/events?limit=1&min_significance=4")
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the site that was named
        (event,) = json.load(answer)["results"]
    return {"id": event["id"], "slug": event["slug"]}


def sign_in(context: BrowserContext, site: str, login: str) -> None:
    """Sign in to the admin with both factors."""
    page = context.new_page()
    page.goto(urljoin(site, "/admin/?lang=en"))
    page.locator("#id_username").fill(login)
    page.locator("#id_password").fill(os.environ["SCREENSHOTS_PASSWORD"])
    page.locator("[type=submit]").click()
    page.locator("#id_code").fill(code_of(page))
    page.locator("#code-form [type=submit]").click()
    page.wait_for_load_state()
    page.close()


def code_of(page: Page) -> str:
    """Return the code of the second factor; one that is being set up shows its secret."""
    told = page.locator(".secret")
    if told.count():
        os.environ["SCREENSHOTS_SECRET"] = told.inner_text().replace(" ", "")
    return f"{TOTP(b32decode(os.environ['SCREENSHOTS_SECRET'])).token():06d}"


class Names:
    """Read a list such as ``en,de``; ``all`` is everything that is allowed."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = tuple(allowed)

    def __call__(self, text: str) -> tuple[str, ...]:
        found = self.allowed if text == "all" else tuple(text.split(","))
        if unknown := set(found) - set(self.allowed):
            raise argparse.ArgumentTypeError(
                f"{', '.join(sorted(unknown))} is not known; known are {', '.join(self.allowed)}."
            )
        return found


def parser() -> argparse.ArgumentParser:
    """Return what may be asked for."""
    public = [name for name in PAGES if not name.startswith("admin")]
    found = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    found.add_argument("--url", default="http://127.0.0.1:8000", help="address of the site")
    found.add_argument("--out", type=Path, help="folder for pictures of many pages")
    found.add_argument("--languages", type=Names(LANGUAGES), default=LANGUAGES)
    found.add_argument("--pages", type=Names(PAGES), default=public)
    found.add_argument("--login", help="username for the pages of the admin")
    return found


def main(arguments: Sequence[str] | None = None) -> str | None:
    """Write what was asked for; return what went wrong, if anything."""
    options = parser().parse_args(arguments)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        return "chromium is not installed."
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=sandbox)
        if options.out is None:
            return home_image(browser, options.url)
        options.out.mkdir(parents=True, exist_ok=True)
        count = sum(1 for _path in gallery(browser, options.url, options))
        print(f"Wrote {count} pictures to {options.out}.")
    return None


if __name__ == "__main__":
    sys.exit(main())
